import {
  type AdapterHost,
  type ChannelSocket,
  chatId,
  errorText,
  senderId,
  type Visitor,
} from '../../src/contract/index.ts';
import { HISTORY_LINES, MAX_MESSAGE_LENGTH, RETRY_AFTER_MS } from './capabilities.ts';
import { shownName } from './file-names.ts';
import { type PageMessage, toInbound } from './inbound.ts';
import { historyLines, type Reactions, shownFile } from './lines.ts';
import type { Menu } from './menu.ts';
import { type FromPage, parseFromPage, type Refusal, type ToPage } from './protocol.ts';
import type { Rooms, Tab } from './room.ts';
import type { Uploads } from './uploads.ts';

/** Close codes of RFC 6455, section 7.4.1. After the first the page asks for a reload, after the other it comes back. */
const NOT_UNDERSTOOD = 1008;
const BROKEN = 1011;

type Said = Extract<FromPage, { type: 'message' | 'choice' }>;

/** What all tabs share. */
interface House {
  readonly host: AdapterHost;
  readonly rooms: Rooms;
  readonly uploads: Uploads;
  readonly reactions: Reactions;
  readonly menu: Menu;
}

/** Talks with one open page until its socket closes. */
export function openTab(
  { host, rooms, uploads, reactions, menu }: House,
  socket: ChannelSocket,
  visitor: Visitor,
): void {
  const chat = chatId(visitor.id);
  // Looking after files takes time, and what was said first must come first.
  let previous: Promise<unknown> = Promise.resolve();
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
    const lines = historyLines(await host.history(chat, HISTORY_LINES), visitor.id, reactions);
    tell({ type: 'welcome', visitor: visitor.id, lines, live, menu: menu.commands });
    const missed = waiting;
    waiting = undefined;
    missed.forEach(tell);
  }

  async function take(said: Said): Promise<void> {
    const { id } = said;
    try {
      const reading = previous.then(() => readable(said));
      previous = reading.catch(() => {});
      const message = await reading;
      if (typeof message === 'string') return tab.send({ type: 'nack', id, reason: message });
      await host.receive({ messages: [toInbound(message)] });
      tab.send({ type: 'ack', id });
      const { text, at, files } = message;
      rooms.in(chat, (room) =>
        room.line({ id, from: 'person', text, at, files: files?.map(shownFile) }, tab),
      );
    } catch (error) {
      host.log.warn('a message was not stored; the page offers it again', { error: errorText(error) });
      tab.send({ type: 'nack', id, reason: 'not_stored', retryAfterMs: RETRY_AFTER_MS });
    }
  }

  /** What was said, with its files in their place; or why that is no message. */
  async function readable(said: Said): Promise<PageMessage | Refusal> {
    const { language } = said;
    const head = { visitor: visitor.id, id: said.id, at: Date.now(), ...(language && { language }) };
    if (said.type === 'choice') return { ...head, text: said.label, of: said.of };
    const { id, text, files = [] } = said;
    if (text.trim() === '' && files.length === 0) return 'empty';
    if (text.length > MAX_MESSAGE_LENGTH) return 'too_long';
    const claimed = [];
    for (const [n, { name, mime, bytes, ...file }] of files.entries()) {
      const ref = await uploads.claim(visitor.id, { ...file, bytes }, id, n);
      if (ref === undefined) return 'file_gone';
      claimed.push({ name: shownName(name), mime, bytes, ref });
    }
    return { ...head, text, ...(claimed.length > 0 && { files: claimed }) };
  }

  async function answer(said: FromPage): Promise<void> {
    switch (said.type) {
      case 'hello':
        return hello();
      case 'message':
      case 'choice':
        return take(said);
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
