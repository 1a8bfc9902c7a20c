import { createHash } from 'node:crypto';

/** A page of the gateway's own, in one column. */
export interface PlainPage {
  /** The language of its words: a BCP 47 tag. */
  readonly lang: string;
  readonly title: string;
  /** HTML; whatever is not ours in it is escaped. */
  readonly body: string;
  /** Added to what all of these pages look like. */
  readonly style: string;
  /** With one, the page may also ask this gateway. */
  readonly script?: string;
  /** The page asks for itself anew this often. */
  readonly refreshSeconds?: number;
  readonly status?: number;
}

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100dvh; display: grid; place-items: center;
  background: light-dark(#faf9f7, #181715); color: light-dark(#1f1d1a, #ece8e1); }
main { box-sizing: border-box; width: min(24rem, 100%); padding: 1.5rem; }
h1 { margin: 0 0 .25rem; font-size: 1.25rem; }
p { margin: 0 0 1rem; }
`;

/** The page with a policy under which a browser loads nothing but what is written in it, and keeps no copy. */
export function plainPage(page: PlainPage): Response {
  const { lang, title, body, style, script, refreshSeconds, status = 200 } = page;
  const whole = `${STYLE}${style}`;
  const refresh = refreshSeconds && `\n<meta http-equiv="refresh" content="${refreshSeconds}">`;
  const html = `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">${refresh ?? ''}
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${whole}</style>
</head>
<body>
<main>
${body}
</main>
${script === undefined ? '' : `<script>${script}</script>\n`}</body>
</html>
`;
  const policy = [
    "default-src 'none'",
    ...(script === undefined ? [] : [`script-src ${hash(script)}`, "connect-src 'self'"]),
    `style-src ${hash(whole)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return new Response(html, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': policy,
      vary: 'accept-language',
    },
  });
}

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
