import { renderSVG } from 'uqr';
import type { ChannelLogin } from '../gateway/index.ts';
import { plainPage } from './plain-page.ts';
import { escapeHtml } from './responses.ts';

/** A QR code lives for about 20 s; so the page asks anew a few times within. */
const REFRESH_SECONDS = 4;

/** Shows what a person has to scan or type so that channels can log in. For the owner's eyes: it holds secrets. */
export function loginsPage(logins: readonly ChannelLogin[]): Response {
  const body = logins.length === 0 ? NOBODY : logins.map(section).join('\n');
  return plainPage({ title: 'Log in to channels', body, style: STYLE, refreshSeconds: REFRESH_SECONDS });
}

const STYLE = `
main { width: min(26rem, 100%); }
.quiet { color: light-dark(#6b665e, #a8a196); }
.qr { background: #fff; padding: .75rem; border-radius: .65rem; }
.qr svg { display: block; width: 100%; height: auto; }
.code { font: 600 2rem/1.2 ui-monospace, monospace; letter-spacing: .15em; text-align: center; }
section + section { margin-top: 2rem; }
`;

const NOBODY = `<h1>All is well</h1>
<p class="quiet">No channel waits for you to log in. This page looks again every few seconds.</p>`;

function section({ channel, instruction, qr, code }: ChannelLogin): string {
  return `<section>
<h1>Log in to ${escapeHtml(channel)}</h1>
<p>${escapeHtml(instruction)}</p>
${qr === undefined ? '' : `<div class="qr" role="img" aria-label="QR code to scan">${renderSVG(qr, { border: 1 })}</div>`}
${code === undefined ? '' : `<p class="code">${escapeHtml(code)}</p>`}
</section>`;
}
