import { plainPage } from './plain-page.ts';

/** Asks for the token, posts it to `/login`, and reloads: then the page that was wanted comes instead of this one. */
export function loginPage(): Response {
  return plainPage({ title: 'Access token needed', body: BODY, style: STYLE, script: SCRIPT, status: 401 });
}

const STYLE = `
p { color: light-dark(#6b665e, #a8a196); }
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

const BODY = `<h1>Access token</h1>
<p>This gateway asks for its token once per browser. Its owner finds it in the config, as <code>gateway.token</code>.</p>
<form>
<label for="token">Token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
<button>Continue</button>
<p role="alert"></p>
</form>
<noscript><p>This page needs JavaScript.</p></noscript>`;
