import { createHash } from 'node:crypto';
import { renderSVG } from 'uqr';
import type { ChannelLogin } from '../gateway/index.ts';
import { escapeHtml } from './responses.ts';

/** A QR code lives for about 20 s; so the page asks anew a few times within. */
const REFRESH_SECONDS = 4;

/** Shows what a person has to scan or type so that channels can log in. For the owner's eyes: it holds secrets. */
export function loginsPage(logins: readonly ChannelLogin[]): Response {
  return new Response(html(logins), {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': CONTENT_POLICY,
    },
  });
}

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100dvh; display: grid; place-items: center;
  background: light-dark(#faf9f7, #181715); color: light-dark(#1f1d1a, #ece8e1); }
main { box-sizing: border-box; width: min(26rem, 100%); padding: 1.5rem; }
h1 { margin: 0 0 .25rem; font-size: 1.25rem; }
p { margin: 0 0 1rem; }
.quiet { color: light-dark(#6b665e, #a8a196); }
.qr { background: #fff; padding: .75rem; border-radius: .65rem; }
.qr svg { display: block; width: 100%; height: auto; }
.code { font: 600 2rem/1.2 ui-monospace, monospace; letter-spacing: .15em; text-align: center; }
section + section { margin-top: 2rem; }
`;

function html(logins: readonly ChannelLogin[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${REFRESH_SECONDS}">
<title>Log in to channels</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<main>
${logins.length === 0 ? NOBODY : logins.map(section).join('\n')}
</main>
</body>
</html>
`;
}

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

const CONTENT_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
