import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from './html.js';
import { language, texts } from './language.js';

/** @typedef {import('../protocol.ts').MenuCommand} MenuCommand */

/** A slash, or an exclamation mark, and the beginning of a name. */
const BEGUN = /^[/!]([a-z-]*)$/;

/**
 * What can be chosen while a command is being written. `onKeyDown` says whether the key was for the menu.
 *
 * @param {readonly MenuCommand[]} menu
 * @param {string} text
 * @param {(command: MenuCommand) => void} onChoose
 */
export function useCommandMenu(menu, text, onChoose) {
  const [at, setAt] = useState(0);
  const [closed, setClosed] = useState(false);
  const [, begun] = BEGUN.exec(text) ?? [];
  const list = begun === undefined || closed ? [] : menu.filter(({ name }) => name.startsWith(begun));
  useEffect(() => {
    setAt(0);
    setClosed(false);
  }, [text]);

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    const chosen = list[at];
    if (chosen === undefined || event.isComposing || event.shiftKey) return false;
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp':
        setAt((at + (event.key === 'ArrowDown' ? 1 : list.length - 1)) % list.length);
        break;
      case 'Enter':
      case 'Tab':
        onChoose(chosen);
        break;
      case 'Escape':
        // It also ends the agent's work, which is not what is meant here.
        event.stopPropagation();
        setClosed(true);
        break;
      default:
        return false;
    }
    event.preventDefault();
    return true;
  }

  return { list, at, onKeyDown };
}

/** @param {number} at */
export const optionId = (at) => `command-${at}`;

/** @param {{ list: readonly MenuCommand[], at: number, onChoose: (command: MenuCommand) => void }} props */
export function CommandMenu({ list, at, onChoose }) {
  const chosen = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => chosen.current?.scrollIntoView({ block: 'nearest' }), [at]);
  return html`
    <ul id="commands" class="commands" role="listbox" aria-label=${texts.commands}>
      ${list.map(
        (command, place) => html`
          <li key=${command.name} id=${optionId(place)} ref=${place === at ? chosen : undefined} role="option"
            aria-selected=${place === at} onPointerDown=${keepFocus} onClick=${() => onChoose(command)}>
            <span class="command">/${command.name}${command.words && html` <i>${command.words}</i>`}</span>
            <span>${command.description[language]}</span>
          </li>
        `,
      )}
    </ul>
  `;
}

/** The person goes on writing. @param {Event} event */
function keepFocus(event) {
  event.preventDefault();
}
