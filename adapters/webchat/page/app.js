import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { createChat } from './chat.js';
import { Composer } from './composer.js';
import { html } from './html.js';
import { stopIcon } from './icons.js';
import { Log } from './log.js';

/** @typedef {import('./connection.js').Status} Status */

const { title = '', visitor = '', maxLength, maxFiles, maxFileBytes, pieceBytes } = document.body.dataset;
const limits = {
  maxLength: Number(maxLength),
  maxFiles: Number(maxFiles),
  maxFileBytes: Number(maxFileBytes),
  pieceBytes: Number(pieceBytes),
};

/** @type {Record<Status, string>} */
const IN_WORDS = {
  connecting: 'Connecting…',
  open: 'Connected',
  waiting: 'No connection – trying again',
  outdated: 'The gateway has changed – please reload this page',
};

function App() {
  const [, redraw] = useState({});
  const [chat] = useState(() => createChat(visitor, () => redraw({})));
  const { status, conversation, menu } = chat.now();
  const working = conversation.working !== null && status === 'open';

  useEffect(() => {
    if (!working) return;
    /** @param {KeyboardEvent} event */
    const onKeyDown = (event) => {
      if (event.key === 'Escape' && !event.isComposing) chat.stop();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [working]);

  return html`
    <header class="bar">
      <img class="mark" src="icon.svg" alt="" width="28" height="28" />
      <h1>${title}</h1>
      <p class="status ${status}" role="status">${IN_WORDS[status]}</p>
    </header>
    <div class="talk">
      <${Log} title=${title} conversation=${conversation} connected=${status === 'open'} onChoose=${chat.choose} />
    </div>
    <footer>
      <div class="column">
        <div class="activity">
          <p role="status">${working && html`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>Agent is working…`}</p>
          ${working && html`<button type="button" class="stop" onClick=${chat.stop}>${stopIcon}Stop<kbd>Esc</kbd></button>`}
        </div>
        <${Composer} limits=${limits} menu=${menu} onSay=${chat.say} />
      </div>
    </footer>
  `;
}

const root = document.querySelector('.app');
if (root) {
  root.replaceChildren();
  render(html`<${App} />`, root);
}
