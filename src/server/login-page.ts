import type { Texts } from '../texts/index.ts';
import { plainPage } from './plain-page.ts';

/** Asks for the token, posts it to `/login`, and reloads: then the page that was wanted comes instead of this one. */
export function loginPage({ tag: lang, pages: texts }: Texts): Response {
  const title = texts.tokenTitle;
  return plainPage({ lang, title, body: body(texts), style: STYLE, script: script(texts), status: 401 });
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

/** Stands in the script's texts for what only the page knows. */
const HOLE = '{}';

function script({ noAnswer, wrongToken, tooManyTries, pageRefused }: Texts['pages']): string {
  const texts = { noAnswer, wrongToken, tooManyTries: tooManyTries(HOLE), pageRefused: pageRefused(HOLE) };
  return `
const texts = ${JSON.stringify(texts)};
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
    return texts.noAnswer;
  }
  if (response.ok) return location.reload();
  if (response.status === 401) return texts.wrongToken;
  if (response.status === 429) return texts.tooManyTries.replace('${HOLE}', response.headers.get('retry-after'));
  return texts.pageRefused.replace('${HOLE}', response.status);
}
`;
}

function body(texts: Texts['pages']): string {
  return `<h1>${texts.tokenHeading}</h1>
<p>${texts.tokenWhy('<code>gateway.token</code>')}</p>
<form>
<label for="token">${texts.token}</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
<button>${texts.continue}</button>
<p role="alert"></p>
</form>
<noscript><p>${texts.needsJavaScript}</p></noscript>`;
}
