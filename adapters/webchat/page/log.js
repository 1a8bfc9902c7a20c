import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { html } from './html.js';
import { downIcon } from './icons.js';
import { renderMarkdown } from './markdown.js';

/**
 * @typedef {import('./conversation.js').Conversation} Conversation
 * @typedef {import('./conversation.js').ShownLine} ShownLine
 * @typedef {import('preact').VNode} VNode
 */

/** How near to its end the log must be scrolled for new lines to keep it there (CSS pixels). */
const NEAR_PX = 80;

/**
 * The conversation. It follows what is said only while its end is in view: who reads further up is left alone.
 * Complete lines are announced to screen readers; the growing answer is not, as it would interrupt itself.
 *
 * @param {{ title: string, conversation: Conversation, connected: boolean }} props
 */
export function Log({ title, conversation, connected }) {
  const { loaded, lines, preview, working } = conversation;
  const scroller = useRef(/** @type {HTMLElement | null} */ (null));
  const following = useRef(true);
  const [away, setAway] = useState(false);

  const toEnd = () => scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  useLayoutEffect(() => {
    if (following.current) toEnd();
  });
  useLayoutEffect(() => {
    const sizes = new ResizeObserver(() => {
      if (following.current) toEnd();
    });
    if (scroller.current) sizes.observe(scroller.current);
    return () => sizes.disconnect();
  }, []);
  const last = lines.at(-1);
  useLayoutEffect(() => {
    // Whoever has just said something wants to see it.
    if (last?.state === 'sending') jump();
  }, [last?.id]);

  function onScroll() {
    const { scrollHeight, scrollTop, clientHeight } = /** @type {HTMLElement} */ (scroller.current);
    following.current = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    setAway(!following.current);
  }

  function jump() {
    following.current = true;
    toEnd();
  }

  const empty = loaded && lines.length === 0 && preview === null && working === null;
  return html`
    <main class="scroller" ref=${scroller} onScroll=${onScroll} tabindex="0" aria-label="Messages">
      <div class="column">
        ${empty && html`<${Welcome} title=${title} />`}
        <div role="log" aria-label="Conversation" aria-live=${loaded ? 'polite' : 'off'}>
          ${lines.map((line) => (line.state === 'sent' ? settledLine(line) : viewOf(line, connected)))}
        </div>
        ${preview && html`<div class="line agent growing" aria-live="off"><${Markdown} text=${preview.text} /></div>`}
      </div>
    </main>
    ${
      away &&
      html`<button type="button" class="jump" onClick=${jump}>${downIcon}<span>Jump to latest</span></button>`
    }
  `;
}

/** A settled line never changes, and so its view is made once. @type {WeakMap<ShownLine, VNode>} */
const views = new WeakMap();

/** @param {ShownLine} line */
function settledLine(line) {
  const view = views.get(line) ?? viewOf(line, true);
  views.set(line, view);
  return view;
}

/** @param {ShownLine} line @param {boolean} connected @returns {VNode} */
function viewOf(line, connected) {
  const mine = line.from === 'person';
  return /** @type {VNode} */ (
    html`
      <article key=${line.id} class="line ${line.from} ${line.state}">
        <h2 class="unseen">${mine ? 'You' : 'Agent'}</h2>
        ${mine ? html`<p class="bubble">${line.text}</p>` : html`<${Markdown} text=${line.text} />`}
        <p class="meta" aria-live="off">
          ${line.state === 'sent' ? timeOf(line.at) : stateOf(line, connected)}
        </p>
      </article>
    `
  );
}

/** @param {ShownLine} line @param {boolean} connected */
function stateOf({ state, problem }, connected) {
  if (state === 'refused') return `Not sent. ${problem}`;
  if (!connected) return 'Not sent yet – will be sent when the connection is back';
  return problem === undefined ? 'Sending…' : `Not sent yet – trying again. ${problem}`;
}

/** @param {number} at */
function timeOf(at) {
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  const words = today
    ? date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
    : date.toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
  return html`<time datetime=${date.toISOString()}>${words}</time>`;
}

/** @param {{ text: string }} props */
function Markdown({ text }) {
  const body = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => body.current?.replaceChildren(renderMarkdown(text)), [text]);
  return html`<div class="markdown" ref=${body}></div>`;
}

/** @param {{ title: string }} props */
function Welcome({ title }) {
  return html`
    <section class="welcome">
      <img src="icon.svg" alt="" width="56" height="56" />
      <h2>Say hello to ${title}</h2>
      <p>Write a message below, and the agent behind this page answers here.</p>
      <p>You can close the page at any time: nothing gets lost, and answers wait for you in this browser.</p>
    </section>
  `;
}
