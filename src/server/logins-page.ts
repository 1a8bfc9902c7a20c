import { renderSVG } from 'uqr';
import type { Language } from '../contract/index.ts';
import type { ChannelLogin } from '../gateway/index.ts';
import { type Texts, textsIn } from '../texts/index.ts';
import { plainPage } from './plain-page.ts';
import { escapeHtml } from './responses.ts';

/** A QR code lives for about 20 s; so the page asks anew a few times within. */
const REFRESH_SECONDS = 4;

/** Shows what a person has to scan or type so that channels can log in. For the owner's eyes: it holds secrets. */
export function loginsPage(logins: readonly ChannelLogin[], language: Language): Response {
  const { tag: lang, pages: texts } = textsIn(language);
  const sections = logins.map((login) => section(login, login.instruction[language], texts));
  const body = sections.length === 0 ? nobody(texts) : sections.join('\n');
  const title = texts.loginsTitle;
  return plainPage({ lang, title, body, style: STYLE, refreshSeconds: REFRESH_SECONDS });
}

const STYLE = `
main { width: min(26rem, 100%); }
.quiet { color: light-dark(#6b665e, #a8a196); }
.qr { background: #fff; padding: .75rem; border-radius: .65rem; }
.qr svg { display: block; width: 100%; height: auto; }
.code { font: 600 2rem/1.2 ui-monospace, monospace; letter-spacing: .15em; text-align: center; }
section + section { margin-top: 2rem; }
`;

function nobody({ noLogins, noLoginsMore }: Texts['pages']): string {
  return `<h1>${noLogins}</h1>
<p class="quiet">${noLoginsMore}</p>`;
}

function section({ channel, qr, code }: ChannelLogin, instruction: string, texts: Texts['pages']): string {
  return `<section>
<h1>${texts.logInTo(escapeHtml(channel))}</h1>
<p>${escapeHtml(instruction)}</p>
${qr === undefined ? '' : `<div class="qr" role="img" aria-label="${texts.qrCode}">${renderSVG(qr, { border: 1 })}</div>`}
${code === undefined ? '' : `<p class="code">${escapeHtml(code)}</p>`}
</section>`;
}
