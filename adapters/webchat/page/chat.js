import { connect } from './connection.js';
import { emptyConversation, heard } from './conversation.js';
import { createUnsent } from './unsent.js';

/**
 * The page's state and all that changes it; the views only read it.
 *
 * @typedef {import('./connection.js').Status} Status
 * @typedef {import('./conversation.js').Conversation} Conversation
 * @typedef {import('./conversation.js').News} News
 * @typedef {import('../protocol.ts').ToPage} ToPage
 * @typedef {import('./unsent.js').Unsent} Unsent
 *
 * @typedef {object} Chat
 * @property {() => { status: Status, conversation: Conversation }} now
 * @property {(text: string) => void} say
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
  /** Whether the gateway has welcomed this connection; before that it is not known what arrived over the last one. */
  let welcomed = false;

  /** @param {News} news */
  function tell(news) {
    conversation = heard(conversation, news);
    onChange();
  }

  /** @param {Unsent} message */
  function offer({ id, text }) {
    if (welcomed) connection.send({ type: 'message', id, text });
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
    now: () => ({ status, conversation }),
    say(text) {
      const message = { id: newId(), text, at: Date.now() };
      unsent.keep(message);
      tell({ type: 'submitted', message });
      offer(message);
    },
    stop: () => connection.send({ type: 'stop' }),
  };
}

/** A random UUID (version 4); `crypto.randomUUID` exists only on https and localhost. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) % 16) + 0x40;
  bytes[8] = ((bytes[8] ?? 0) % 64) + 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
