import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { AttachedFiles, useAttachedFiles } from './attached-files.js';
import { CommandMenu, optionId, useCommandMenu } from './command-menu.js';
import { html } from './html.js';
import { attachIcon, sendIcon } from './icons.js';
import { locale, texts } from './language.js';

/**
 * @typedef {import('./attached-files.js').Limits & { maxLength: number }} Limits
 * @typedef {import('./attached-files.js').Attached} Attached
 * @typedef {import('./command-menu.js').MenuCommand} MenuCommand
 * @typedef {import('./unsent.js').UploadedFile} UploadedFile
 */

/** Where the count of characters begins to matter to the person. */
const NEARLY_FULL = 0.9;

/**
 * Enter sends, Shift+Enter begins a new line; while an input method composes a word, Enter belongs to it.
 * A slash opens the menu of commands. Files are attached by the button, by pasting them, or by dropping them anywhere on the page.
 *
 * @param {{ limits: Limits, menu: readonly MenuCommand[], onSay: (text: string, files: readonly UploadedFile[]) => void }} props
 */
export function Composer({ limits, menu, onSay }) {
  const { maxLength } = limits;
  const [text, setText] = useState('');
  const field = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const picker = useRef(/** @type {HTMLInputElement | null} */ (null));
  const attached = useAttachedFiles(limits);
  const dropping = useDrop(attached.add);
  const commands = useCommandMenu(attached.list.length === 0 ? menu : [], text, choose);
  const offers = commands.list.length > 0;
  const tooLong = text.length > maxLength;
  const ready = (text.trim() !== '' || attached.list.length > 0) && !tooLong && attached.isReady;

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
    const files = attached.list.map(({ id, file }) => {
      return { id, name: file.name, mime: file.type, bytes: file.size };
    });
    onSay(text.trim(), files);
    setText('');
    attached.clear();
  }

  /** What needs no words is said at once. @param {MenuCommand} command */
  function choose({ name, words }) {
    field.current?.focus();
    if (words === undefined) onSay(`/${name}`, []);
    setText(words === undefined ? '' : `/${name} `);
  }

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    if (commands.onKeyDown(event)) return;
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) submit(event);
  }

  /** @param {Attached} one */
  function remove(one) {
    attached.remove(one);
    // Its button is gone, and the focus should not get lost with it.
    field.current?.focus();
  }

  /** @param {ClipboardEvent} event */
  function onPaste(event) {
    const files = event.clipboardData?.files ?? [];
    if (files.length === 0) return;
    event.preventDefault();
    attached.add(files);
  }

  /** @param {{ currentTarget: HTMLInputElement }} event */
  function onPick({ currentTarget }) {
    attached.add(currentTarget.files ?? []);
    // The same file can be picked again.
    currentTarget.value = '';
    field.current?.focus();
  }

  return html`
    ${dropping && html`<div class="drop">${texts.drop}</div>`}
    <form class="composer" onSubmit=${submit}>
      ${offers && html`<${CommandMenu} list=${commands.list} at=${commands.at} onChoose=${choose} />`}
      <${AttachedFiles} list=${attached.list} inWords=${attached.inWords} onRemove=${remove} />
      <input ref=${picker} type="file" multiple hidden onChange=${onPick} />
      <button type="button" class="attach" aria-label=${texts.attach} onClick=${() => picker.current?.click()}>
        ${attachIcon}
      </button>
      <textarea ref=${field} rows="1" placeholder=${texts.write} aria-label=${texts.message} aria-describedby="trouble"
        aria-autocomplete="list" aria-controls=${offers ? 'commands' : undefined}
        aria-activedescendant=${offers ? optionId(commands.at) : undefined}
        aria-invalid=${tooLong} enterkeyhint="send" value=${text} onKeyDown=${onKeyDown} onPaste=${onPaste}
        onInput=${(/** @type {{ currentTarget: HTMLTextAreaElement }} */ event) => setText(event.currentTarget.value)}></textarea>
      <button type="submit" class="send" aria-label=${texts.send} aria-disabled=${!ready}>${sendIcon}</button>
    </form>
    <p id="trouble" class="trouble ${tooLong || attached.isBad ? 'problem' : ''}" role="status">
      ${lengthText(text.length, maxLength) || attached.trouble}
    </p>
  `;
}

/** Whether files are being dragged over the page; those that are dropped are handed on. @param {(files: FileList) => void} add */
function useDrop(add) {
  const [dropping, setDropping] = useState(false);
  const latest = useRef(add);
  latest.current = add;
  useEffect(() => {
    /** @param {DragEvent} event */
    function onDrag(event) {
      if (!event.dataTransfer?.types.includes('Files')) return;
      // Otherwise the browser would leave the page for the file.
      event.preventDefault();
      setDropping(event.type === 'dragover');
      if (event.type === 'drop') latest.current(event.dataTransfer.files);
    }
    /** @type {readonly ('dragover' | 'dragleave' | 'drop')[]} */
    const events = ['dragover', 'dragleave', 'drop'];
    for (const name of events) document.addEventListener(name, onDrag);
    return () => {
      for (const name of events) document.removeEventListener(name, onDrag);
    };
  }, []);
  return dropping;
}

/** @param {number} length @param {number} maxLength */
function lengthText(length, maxLength) {
  if (length <= maxLength * NEARLY_FULL) return '';
  const [many, most] = [length, maxLength].map((count) => count.toLocaleString(locale()));
  const characters = texts.characters(`${many}`, `${most}`);
  return length > maxLength ? texts.tooLong(characters) : characters;
}
