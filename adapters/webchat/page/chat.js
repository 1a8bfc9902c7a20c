import { connect } from './connection.js';
import { emptyConversation, heard, stillAsks } from './conversation.js';
import { language } from './language.js';
import { newId } from './new-id.js';
import { createUnsent } from './unsent.js';

/**
 * The page's state and all that changes it; the views only read it.
 *
 * @typedef {import('./connection.js').Status} Status
 * @typedef {import('./conversation.js').Conversation} Conversation
 * @typedef {import('./conversation.js').News} News
 * @typedef {import('../protocol.ts').ToPage} ToPage
 * @typedef {import('../protocol.ts').MenuCommand} MenuCommand
 * @typedef {import('./unsent.js').Unsent} Unsent
 * @typedef {import('./unsent.js').UploadedFile} UploadedFile
 *
 * @typedef {object} Chat
 * @property {() => { status: Status, conversation: Conversation, menu: readonly MenuCommand[] }} now
 * @property {(text: string, files: readonly UploadedFile[]) => void} say
 * @property {(of: string, label: string) => void} choose Presses a button under a line.
 * @property {() => void} stop Ends the running turn.
 */

/**
 * @param {string} visitor
 * @param {() => void} onChange
 * @returns {Chat}
 */
export function createChat(visitor, onChange) {
  const unsent = createUnsent(`${location.pathname}${visitor}`);
  /** @type {Status} */
  let status = 'connecting';
  let conversation = emptyConversation;
  /** @type {readonly MenuCommand[]} */
  let menu = [];
  /** Whether the gateway has welcomed this connection; before that it is not known what arrived over the last one. */
  let welcomed = false;

  /** @param {News} news */
  function tell(news) {
    conversation = heard(conversation, news);
    onChange();
  }

  /** @param {Unsent} message */
  function offer({ id, text, files, of }) {
    if (!welcomed) return;
    if (of === undefined)
      connection.send({ type: 'message', id, text, files: files && [...files], language });
    else connection.send({ type: 'choice', id, of, label: text, language });
  }

  /** @param {Pick<Unsent, 'text' | 'files' | 'of'>} said */
  function submit(said) {
    const message = { id: newId(), at: Date.now(), ...said };
    unsent.keep(message);
    tell({ type: 'submitted', message });
    offer(message);
  }

  function showUnsent() {
    for (const message of unsent.list()) tell({ type: 'submitted', message });
  }

  /** @param {ToPage} message */
  function onMessage(message) {
    switch (message.type) {
      case 'welcome':
        if (message.visitor !== visitor) return location.reload();
        for (const { id } of message.lines) unsent.drop(id);
        menu = message.menu;
        tell(message);
        welcomed = true;
        showUnsent();
        return unsent.list().forEach(offer);
      case 'ack':
        unsent.drop(message.id);
        break;
      case 'nack':
        if (message.retryAfterMs === undefined) unsent.drop(message.id);
        else setTimeout(offerAgain, message.retryAfterMs, message.id);
        break;
      case 'menu':
        menu = message.commands;
        return onChange();
      case 'line':
        unsent.drop(message.line.id);
        break;
    }
    tell(message);
  }

  /** @param {string} id */
  function offerAgain(id) {
    unsent
      .list()
      .filter((message) => message.id === id)
      .forEach(offer);
  }

  addEventListener('storage', showUnsent);
  const connection = connect(
    new URL('ws', location.href).href.replace(/^http/, 'ws'),
    (next) => {
      status = next;
      welcomed = false;
      onChange();
    },
    onMessage,
  );
  showUnsent();

  return {
    now: () => ({ status, conversation, menu }),
    say: (text, files) => submit(files.length === 0 ? { text } : { text, files }),
    choose(of, label) {
      // Of two quick presses only the first counts.
      if (stillAsks(conversation.lines, of)) submit({ text: label, of });
    },
    stop: () => connection.send({ type: 'stop' }),
  };
}
