import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { createChat } from './chat.js';
import { Composer } from './composer.js';
import { html } from './html.js';
import { stopIcon } from './icons.js';
import { language, switchLanguage, texts } from './language.js';
import { Log } from './log.js';

const { title = '', visitor = '', maxLength, maxFiles, maxFileBytes, pieceBytes } = document.body.dataset;
const limits = {
  maxLength: Number(maxLength),
  maxFiles: Number(maxFiles),
  maxFileBytes: Number(maxFileBytes),
  pieceBytes: Number(pieceBytes),
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

  function onSwitch() {
    switchLanguage();
    redraw({});
  }

  return html`
    <header class="bar">
      <img class="mark" src="icon.svg" alt="" width="28" height="28" />
      <h1>${title}</h1>
      <p class="status ${status}" role="status">${texts[status]}</p>
      <button type="button" class="language" lang=${language === 'en' ? 'zh-Hans' : 'en'} onClick=${onSwitch}>
        ${texts.otherLanguage}
      </button>
    </header>
    <div class="talk">
      <${Log} key=${language} title=${title} conversation=${conversation} connected=${status === 'open'} onChoose=${chat.choose} />
    </div>
    <footer>
      <div class="column">
        <div class="activity">
          <p role="status">${working && html`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>${texts.working}`}</p>
          ${working && html`<button type="button" class="stop" onClick=${chat.stop}>${stopIcon}${texts.stop}<kbd>Esc</kbd></button>`}
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
