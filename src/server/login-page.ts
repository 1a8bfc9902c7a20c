import { createHash } from 'node:crypto';

/** Asks for the token, posts it to `/login`, and reloads: then the page that was wanted comes instead of this one. */
export function loginPage(): Response {
  return new Response(HTML, {
    status: 401,
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
main { box-sizing: border-box; width: min(24rem, 100%); padding: 1.5rem; }
h1 { margin: 0 0 .25rem; font-size: 1.25rem; }
p { margin: 0 0 1rem; color: light-dark(#6b665e, #a8a196); }
label { display: block; margin-bottom: .25rem; font-weight: 600; }
input, button { box-sizing: border-box; width: 100%; padding: .65rem .8rem; border-radius: .65rem; font: inherit; }
input { border: 1px solid light-dark(#8d877d, #6f695f); background: light-dark(#fff, #22201d); color: inherit; }
button { margin-top: .75rem; border: 0; background: light-dark(#b53d12, #f0895c);
  color: light-dark(#fff, #1c1310); font-weight: 600; cursor: pointer; }
:focus-visible { outline: 2px solid light-dark(#b53d12, #f0895c); outline-offset: 2px; }
[role=alert] { min-height: 1.5rem; margin: .75rem 0 0; color: light-dark(#b3261e, #ff9d94); }
`;

const SCRIPT = `
const form = document.querySelector('form');
const problem = document.querySelector('[role=alert]');
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  problem.textContent = await login(form.token.value.trim());
});
async function login(token) {
  let response;
  try {
    response = await fetch('/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    });
  } catch {
    return 'The gateway does not answer. Is it running?';
  }
  if (response.ok) return location.reload();
  if (response.status === 401) return 'That is not the token.';
  if (response.status === 429) {
    return 'Too many wrong tries. Try again in ' + response.headers.get('retry-after') + ' seconds.';
  }
  return 'The gateway refused this page (' + response.status + ').';
}
`;

const HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Access token needed</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Access token</h1>
<p>This gateway asks for its token once per browser. Its owner finds it in the config, as <code>gateway.token</code>.</p>
<form>
<label for="token">Token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
<button>Continue</button>
<p role="alert"></p>
</form>
<noscript><p>This page needs JavaScript.</p></noscript>
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const CONTENT_POLICY = [
  "default-src 'none'",
  `script-src ${hash(SCRIPT)}`,
  `style-src ${hash(STYLE)}`,
  'img-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
