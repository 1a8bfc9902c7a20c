import {
  type AdapterHost,
  type ChannelSocket,
  chatId,
  errorText,
  senderId,
  type Visitor,
} from '../../src/contract/index.ts';
import { HISTORY_LINES, MAX_MESSAGE_LENGTH, RETRY_AFTER_MS } from './capabilities.ts';
import { toInbound } from './inbound.ts';
import { historyLines } from './lines.ts';
import { type FromPage, parseFromPage, type ToPage } from './protocol.ts';
import type { Rooms, Tab } from './room.ts';

/** Close codes of RFC 6455, section 7.4.1. After the first the page asks for a reload, after the other it comes back. */
const NOT_UNDERSTOOD = 1008;
const BROKEN = 1011;

/** Talks with one open page until its socket closes. */
export function openTab(host: AdapterHost, rooms: Rooms, socket: ChannelSocket, visitor: Visitor): void {
  const chat = chatId(visitor.id);
  // What happens while the history is being read waits until the history was sent.
  let waiting: ToPage[] | undefined;
  const tab: Tab = {
    send: (message) => (waiting === undefined ? tell(message) : void waiting.push(message)),
  };

  function tell(message: ToPage): void {
    socket.send(JSON.stringify(message));
  }

  async function hello(): Promise<void> {
    if (waiting !== undefined) return;
    waiting = [];
    const live = rooms.in(chat, (room) => room.join(tab));
    const lines = historyLines(await host.history(chat, HISTORY_LINES), visitor.id);
    tell({ type: 'welcome', visitor: visitor.id, lines, live });
    const missed = waiting;
    waiting = undefined;
    missed.forEach(tell);
  }

  async function message(id: string, text: string): Promise<void> {
    const problem = unacceptable(text);
    if (problem !== undefined) return tab.send({ type: 'nack', id, reason: problem });
    const said = { visitor: visitor.id, id, text, at: Date.now() };
    try {
      await host.receive({ messages: [toInbound(said)] });
    } catch (error) {
      host.log.warn('a message was not stored; the page offers it again', { error: errorText(error) });
      const reason = 'The gateway cannot store messages right now.';
      return tab.send({ type: 'nack', id, reason, retryAfterMs: RETRY_AFTER_MS });
    }
    tab.send({ type: 'ack', id });
    rooms.in(chat, (room) => room.line({ id, from: 'person', text, at: said.at }, tab));
  }

  async function answer(said: FromPage): Promise<void> {
    switch (said.type) {
      case 'hello':
        return hello();
      case 'message':
        return message(said.id, said.text);
      case 'stop':
        return host.onStop(chat, senderId(visitor.id));
      case 'ping':
        return tell({ type: 'pong' });
    }
  }

  socket.onMessage((frame) => {
    const said = parseFromPage(frame);
    if (said === undefined) return socket.close(NOT_UNDERSTOOD, 'not understood');
    answer(said).catch((error: unknown) => {
      host.log.warn('a page could not be served; it comes back', { error: errorText(error) });
      socket.close(BROKEN, 'something went wrong');
    });
  });
  socket.onClose(() => rooms.in(chat, (room) => room.leave(tab)));
}

function unacceptable(text: string): string | undefined {
  if (text.trim() === '') return 'The message is empty.';
  if (text.length > MAX_MESSAGE_LENGTH) return `The message has more than ${MAX_MESSAGE_LENGTH} characters.`;
  return undefined;
}
