import { useLayoutEffect, useRef } from 'preact/hooks';
import { html } from './html.js';
import { locale, texts } from './language.js';
import { LineFiles } from './line-files.js';
import { renderMarkdown } from './markdown.js';

/**
 * @typedef {import('./conversation.js').ShownLine} ShownLine
 * @typedef {import('preact').VNode} VNode
 *
 * @typedef {object} Around What a line does not say itself.
 * @property {boolean} connected
 * @property {((label: string) => void) | undefined} onChoose Only while its buttons can be pressed.
 */

/** @param {ShownLine} line @param {Around} around @returns {VNode} */
export function viewOf(line, { connected, onChoose }) {
  const mine = line.from === 'person';
  return /** @type {VNode} */ (
    html`
      <article key=${line.id} class="line ${line.from} ${line.state}">
        <h2 class="unseen">${mine ? texts.you : texts.agent}</h2>
        ${line.text && (mine ? html`<p class="bubble">${line.text}</p>` : html`<${Markdown} text=${line.text} />`)}
        <${LineFiles} line=${line} />
        ${onChoose && html`<${Choices} labels=${line.choices} onChoose=${onChoose} />`}
        ${line.reaction && html`<p class="reaction"><span class="unseen">${texts.agentReacts} </span>${line.reaction}</p>`}
        <p class="meta" aria-live="off">
          ${line.state === 'sent' ? timeOf(line.at) : stateOf(line, connected)}
        </p>
      </article>
    `
  );
}

/** @param {{ labels: readonly string[], onChoose: (label: string) => void }} props */
function Choices({ labels, onChoose }) {
  return html`
    <div class="choices" role="group" aria-label=${texts.chooseAnswer}>
      ${labels.map((label, place) => html`<button key=${place} type="button" onClick=${() => onChoose(label)}>${label}</button>`)}
    </div>
  `;
}

/** @param {ShownLine} line @param {boolean} connected */
function stateOf({ state, problem }, connected) {
  const why = problem === undefined ? '' : texts.refusals[problem];
  if (state === 'refused') return texts.notSent(why);
  if (!connected) return texts.offline;
  return problem === undefined ? texts.sending : texts.tryingAgain(why);
}

/** @param {number} at */
function timeOf(at) {
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  const words = today
    ? date.toLocaleTimeString(locale(), { hour: '2-digit', minute: '2-digit' })
    : date.toLocaleString(locale(), { dateStyle: 'medium', timeStyle: 'short' });
  return html`<time datetime=${date.toISOString()}>${words}</time>`;
}

/** @param {{ text: string }} props */
export function Markdown({ text }) {
  const body = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => body.current?.replaceChildren(renderMarkdown(text)), [text]);
  return html`<div class="markdown" ref=${body}></div>`;
}
