import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { html } from './html.js';
import { sendIcon } from './icons.js';

/** Where the count of characters begins to matter to the person. */
const NEARLY_FULL = 0.9;

/**
 * Enter sends, Shift+Enter begins a new line; while an input method composes a word, Enter belongs to it.
 *
 * @param {{ maxLength: number, onSay: (text: string) => void }} props
 */
export function Composer({ maxLength, onSay }) {
  const [text, setText] = useState('');
  const field = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const tooLong = text.length > maxLength;
  const ready = text.trim() !== '' && !tooLong;

  useEffect(() => {
    // On a phone this would open the keyboard over the page before anything was read.
    if (matchMedia('(pointer: fine)').matches) field.current?.focus();
  }, []);
  useLayoutEffect(() => {
    const { current } = field;
    if (current === null) return;
    current.style.height = 'auto';
    current.style.height = `${current.scrollHeight}px`;
  }, [text]);

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault();
    field.current?.focus();
    if (!ready) return;
    onSay(text.trim());
    setText('');
  }

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) submit(event);
  }

  return html`
    <form class="composer" onSubmit=${submit}>
      <textarea ref=${field} rows="1" placeholder="Write a message" aria-label="Message" aria-describedby="length"
        aria-invalid=${tooLong} enterkeyhint="send" value=${text} onKeyDown=${onKeyDown}
        onInput=${(/** @type {{ currentTarget: HTMLTextAreaElement }} */ event) => setText(event.currentTarget.value)}></textarea>
      <button type="submit" class="send" aria-label="Send" aria-disabled=${!ready}>${sendIcon}</button>
    </form>
    <p id="length" class="length ${tooLong ? 'problem' : ''}" role="status">${lengthText(text.length, maxLength)}</p>
  `;
}

/** @param {number} length @param {number} maxLength */
function lengthText(length, maxLength) {
  if (length <= maxLength * NEARLY_FULL) return '';
  const numbers = `${length.toLocaleString()} of ${maxLength.toLocaleString()} characters`;
  return length > maxLength ? `Too long: ${numbers}. Shorten it, or send it in parts.` : numbers;
}
