import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { stillAsks } from './conversation.js';
import { html } from './html.js';
import { downIcon } from './icons.js';
import { language, texts } from './language.js';
import { Markdown, viewOf } from './line.js';

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
 * @param {{ title: string, conversation: Conversation, connected: boolean, onChoose: (of: string, label: string) => void }} props
 */
export function Log({ title, conversation, connected, onChoose }) {
  const { loaded, lines, preview, working } = conversation;
  const scroller = useRef(/** @type {HTMLElement | null} */ (null));
  const following = useRef(true);
  const lastTop = useRef(0);
  const [away, setAway] = useState(false);

  const toEnd = () => scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  useLayoutEffect(() => {
    if (following.current) toEnd();
  });
  useLayoutEffect(() => {
    const sizes = new ResizeObserver(() => {
      if (following.current) toEnd();
    });
    // Its column, too: a picture that has been loaded makes it longer.
    for (const element of [scroller.current, scroller.current?.firstElementChild]) {
      if (element) sizes.observe(element);
    }
    return () => sizes.disconnect();
  }, []);
  const last = lines.at(-1);
  useLayoutEffect(() => {
    // Whoever has just said something wants to see it.
    if (last?.state === 'sending') jump();
  }, [last?.id]);

  function onScroll() {
    const { scrollHeight, scrollTop, clientHeight } = /** @type {HTMLElement} */ (scroller.current);
    // Only who scrolls up goes away from the end; the composer that grows, or a picture, takes nobody along.
    const stays = following.current && scrollTop >= lastTop.current;
    following.current = stays || scrollHeight - scrollTop - clientHeight < NEAR_PX;
    lastTop.current = scrollTop;
    setAway(!following.current);
  }

  function jump() {
    following.current = true;
    toEnd();
  }

  /** @param {ShownLine} line */
  function view(line) {
    if (line.state === 'sent' && !line.choices) return settledLine(line);
    const isOpen = stillAsks(lines, line.id);
    return viewOf(line, { connected, onChoose: isOpen ? (label) => choose(line.id, label) : undefined });
  }

  /** @param {string} of @param {string} label */
  function choose(of, label) {
    // The button is about to go, and the focus should not get lost with it.
    scroller.current?.focus({ preventScroll: true });
    onChoose(of, label);
  }

  const empty = loaded && lines.length === 0 && preview === null && working === null;
  return html`
    <main class="scroller" ref=${scroller} onScroll=${onScroll} tabindex="0" aria-label=${texts.messages}>
      <div class="column">
        ${empty && html`<${Welcome} title=${title} />`}
        <div role="log" aria-label=${texts.conversation} aria-live=${loaded ? 'polite' : 'off'}>
          ${lines.map(view)}
        </div>
        ${preview && html`<div class="line agent growing" aria-live="off"><${Markdown} text=${preview.text} /></div>`}
      </div>
    </main>
    ${
      away &&
      html`<button type="button" class="jump" onClick=${jump}>${downIcon}<span>${texts.jump}</span></button>`
    }
  `;
}

/**
 * A settled line never changes, and so its view is made once, in each language.
 *
 * @type {Record<import('./language.js').Language, WeakMap<ShownLine, VNode>>}
 */
const views = { en: new WeakMap(), zh: new WeakMap() };

/** @param {ShownLine} line */
function settledLine(line) {
  const view = views[language].get(line) ?? viewOf(line, { connected: true, onChoose: undefined });
  views[language].set(line, view);
  return view;
}

/** @param {{ title: string }} props */
function Welcome({ title }) {
  return html`
    <section class="welcome">
      <img src="icon.svg" alt="" width="56" height="56" />
      <h2>${texts.sayHello(title)}</h2>
      <p>${texts.howTo}</p>
      <p>${texts.nothingGetsLost}</p>
    </section>
  `;
}
