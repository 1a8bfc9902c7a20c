import { batchOf, oneAtATime, unlessRejected } from '../../src/adapter-kit/index.ts';
import type { AdapterHost } from '../../src/contract/index.ts';
import type { Api } from './api.ts';
import { isSomebodys } from './changes.ts';
import { PRESSED } from './choices.ts';
import { normalize } from './inbound.ts';
import { type Envelope, envelope, type Item, type Known } from './items.ts';
import { toChatId } from './names.ts';
import { advance, decode, encode, type Watermarks } from './watermarks.ts';

/** Feishu waits 3 seconds for the ack, and offers the event again if there is none. */
const LOOKUP_TIMEOUT_MS = 2_000;

interface Found extends Envelope {
  readonly known: Known;
  readonly raw: unknown;
}

/** The way in: what came, one after the other, to the gateway's disk. */
export interface Intake {
  readonly marks: Watermarks;
  /** Resolves when an event is on disk (or is none for us); rejects when it must be offered again. */
  take(event: unknown): Promise<void>;
  /**
   * Does what has to be done first, and may call `store` for it: all that comes meanwhile waits. Should it fail, that is
   * refused, and comes again: nothing is stored before what is missing.
   */
  begin(run: () => Promise<void>): Promise<void>;
  store(events: readonly unknown[]): Promise<void>;
}

/** `bot`: how mentions name us. */
export function createIntake(host: AdapterHost, api: Api, bot: string): Intake {
  let marks = decode(host.cursor());
  let begun = false;
  const inTurn = oneAtATime();

  async function store(events: readonly unknown[]): Promise<void> {
    const found: Found[] = [];
    for (const event of events) {
      const { data } = envelope.safeParse(event);
      if (data !== undefined) found.push({ ...data, known: await lookUp(data), raw: event });
    }
    const { messages, unreadable } = batchOf(found, normalize, idOf, ({ raw }) => JSON.stringify(raw));
    if (messages.length + unreadable.length === 0) return;
    const next = advance(marks, messages);
    await host.receive({ messages, unreadable, cursor: encode(next) });
    marks = next;
  }

  /** What the event does not say and a reader must know. */
  async function lookUp({ header, event }: Envelope): Promise<Known> {
    switch (header.event_type) {
      case 'im.message.receive_v1': {
        const parent = await messageOf(fieldOf(event.message, 'parent_id'));
        return { bot, ...(parent && { parent }) };
      }
      case PRESSED: {
        const direct = await isDirect(fieldOf(event.context, 'open_chat_id'));
        return direct === undefined ? {} : { direct };
      }
      case 'im.message.reaction.created_v1':
      case 'im.message.reaction.deleted_v1':
        return isSomebodys({ header, event }) ? placeOf(event.message_id) : {};
      case 'im.message.recalled_v1':
        return placeOf(event.message_id);
      default:
        return {};
    }
  }

  async function placeOf(message: unknown): Promise<Known> {
    const about = await messageOf(message);
    const direct = about && (await isDirect(about.chat_id, about.thread_id));
    return about && direct !== undefined ? { about, direct } : {};
  }

  async function messageOf(id: unknown): Promise<Item | undefined> {
    if (typeof id !== 'string' || id === '') return undefined;
    return unlessRejected(api.message(id, AbortSignal.timeout(LOOKUP_TIMEOUT_MS)));
  }

  async function isDirect(chat: unknown, thread?: string): Promise<boolean | undefined> {
    if (typeof chat !== 'string') return undefined;
    const mark = marks.get(toChatId(chat, thread)) ?? marks.get(toChatId(chat));
    if (mark !== undefined) return mark.kind === 'direct';
    return unlessRejected(api.isDirect(chat, AbortSignal.timeout(LOOKUP_TIMEOUT_MS)));
  }

  return {
    get marks() {
      return marks;
    },
    take: (event) =>
      inTurn(async () => {
        if (!begun) throw new Error('what was said before could not be fetched');
        await store([event]);
      }),
    begin: (run) =>
      inTurn(async () => {
        await run();
        begun = true;
      }),
    store,
  };
}

/** A message has the same id whether it was pushed or fetched. */
function idOf({ header, event }: Envelope): string {
  const id = fieldOf(event.message, 'message_id');
  return typeof id === 'string' ? id : header.event_id;
}

function fieldOf(value: unknown, key: string): unknown {
  return (Object(value) as Record<string, unknown>)[key];
}
