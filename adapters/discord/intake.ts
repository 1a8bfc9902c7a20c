import type { REST } from '@discordjs/rest';
import {
  batchOf,
  createLatest,
  oneAtATime,
  persistently,
  unlessRejected,
} from '../../src/adapter-kit/index.ts';
import {
  type AdapterHost,
  ChannelError,
  type InboundMessage,
  type Sender,
  type UnreadableEvent,
} from '../../src/contract/index.ts';
import { showTaken } from './choices.ts';
import {
  type Cursor,
  DIRECT,
  idAt,
  later,
  readCursor,
  timeOf,
  withDirectChat,
  withPreview,
} from './cursor.ts';
import { readHistory, withNews } from './history.ts';
import { normalize } from './inbound.ts';
import { settle } from './menu.ts';
import { createThreads } from './threads.ts';
import * as wire from './wire.ts';

/** Messages of different chats do not arrive in the order of their ids, so history is read from a little earlier. */
const OVERLAP_MS = 60_000;

/** Of so many messages we remember who wrote them, to tell whose was deleted. */
const KNOWN_AUTHORS = 1_000;

type Dispatched = Pick<wire.GatewayEvent, 't' | 's' | 'd'>;

export interface IntakeOptions {
  readonly host: AdapterHost;
  readonly rest: REST;
  readonly signal: AbortSignal;
  /** A message of our own came back, with the id that we had given it. True if that has to be remembered. */
  onEcho(nonce: string, id: string): boolean;
  /** Nothing more is taken; what is not stored comes again after the next start. */
  onFailed(error: ChannelError): void;
}

/**
 * Takes what Discord's gateway sends, one event after the other: its number is stored together with what it says, and
 * Discord hears (in heartbeats, and when we resume) only of numbers that are on disk.
 *
 * A resumed session brings by itself what we missed. A new one does not: then the history of every chat with news is
 * read first; direct chats at once, a server when Discord tells of its channels.
 */
export function createIntake({ host, rest, signal, onEcho, onFailed }: IntakeOptions) {
  const authors = createLatest<Sender>(KNOWN_AUTHORS);
  let cursor = readCursor(host.cursor());
  let newest = cursor.after ?? '0';
  let failed = false;
  const inTurn = oneAtATime();
  const trying = { log: host.log, signal };
  const threads = createThreads(rest, trying);

  /** After a failure nothing more: what comes next must not be stored as if all before it were. */
  function enqueue(work: () => Promise<void>): Promise<void> {
    return inTurn(async () => {
      if (failed || signal.aborted) return;
      try {
        await work();
      } catch (error) {
        failed = true;
        if (!signal.aborted) onFailed(ChannelError.from(error));
      }
    });
  }

  async function begin(body: unknown, readsAll: boolean): Promise<void> {
    const { session_id: id, resume_gateway_url: resumeUrl, user, guilds } = wire.ready.parse(body);
    if (cursor.after === undefined) newest = idAt(Date.now());
    await store({
      ...cursor,
      session: { id, resumeUrl, sequence: 1, me: user.id, readsAll },
      behind: cursor.after === undefined ? [] : [DIRECT, ...guilds.map((guild) => guild.id)],
    });
  }

  async function take(event: Dispatched): Promise<void> {
    const { session } = cursor;
    if (session === undefined) return;
    if (event.t === 'GUILD_CREATE') await catchUpServer(event.d);
    const events = event.t === 'MESSAGE_DELETE_BULK' ? singleDeletions(event) : [event];
    await deliver(events, { ...cursor, session: { ...session, sequence: event.s } });
    if (event.t !== 'INTERACTION_CREATE') return;
    void showTaken(rest, event.d, signal);
    void settle(rest, event.d, signal);
  }

  async function catchUpDirect(): Promise<void> {
    if (cursor.behind.includes(DIRECT)) await catchUp(DIRECT, cursor.direct);
  }

  async function catchUpServer(body: unknown): Promise<void> {
    const { data: server } = wire.guild.safeParse(body);
    if (server === undefined) return;
    threads.learn(server);
    if (cursor.behind.includes(server.id)) await catchUp(server.id, withNews(server, missedSince()));
  }

  async function catchUp(place: string, chats: readonly string[]): Promise<void> {
    // History does not tell of which server it is.
    const where = place === DIRECT ? {} : { guild_id: place };
    for (const chat of chats) {
      for (let after: string | undefined = missedSince(); after !== undefined; ) {
        const page = await historyOf(chat, after);
        const events = page.messages.map((d) => ({ t: 'MESSAGE_CREATE', s: 0, d: { ...d, ...where } }));
        await deliver(events, cursor);
        after = page.next;
      }
    }
    await store({ ...cursor, behind: cursor.behind.filter((other) => other !== place) });
  }

  function missedSince(): string {
    return idAt(timeOf(cursor.after ?? newest) - OVERLAP_MS);
  }

  /** Empty where we may not look. */
  async function historyOf(chat: string, after: string) {
    const reading = persistently(
      () => readHistory(rest, chat, after, signal),
      'history cannot be read',
      trying,
    );
    const page = await unlessRejected(reading, ({ message: reason }) =>
      host.log.info('history of a channel is closed to the bot', { chat, reason }),
    );
    return page ?? { messages: [] };
  }

  /** Reads events, and stores what they say together with where to go on after them. */
  async function deliver(events: readonly Dispatched[], next: Cursor): Promise<void> {
    const { id: session, me } = next.session ?? {};
    let { previews } = next;
    const parents = new Map<Dispatched, string | undefined>();
    for (const event of events) parents.set(event, await threads.parentOf(event.d));
    const read = (event: Dispatched): InboundMessage | undefined => {
      const { id, nonce } = wire.identified.parse(event.d);
      const parent = parents.get(event);
      const message = normalize({ ...event, session, me, author: authors.get(id ?? ''), parent });
      if (event.t !== 'MESSAGE_CREATE' || id === undefined) return message;
      newest = later(newest, id);
      if (message !== undefined) authors.set(id, message.sender);
      else if (typeof nonce === 'string' && onEcho(nonce, id)) previews = withPreview(previews, nonce, id);
      return message;
    };
    const keyOf = ({ t, s, d }: Dispatched) => {
      const { id } = wire.identified.parse(d);
      return id === undefined ? `${session}/${s}` : `${t}/${id}`;
    };
    const { messages, unreadable } = batchOf(events, read, keyOf, ({ t, d }) =>
      JSON.stringify({ t, d }, withoutToken),
    );
    const direct = messages
      .filter(({ chat }) => chat.kind === 'direct')
      .reduce((known, { chat }) => withDirectChat(known, chat.id), next.direct);
    const isNews = messages.length + unreadable.length > 0 || previews !== next.previews;
    if (isNews) await store({ ...next, direct, previews }, messages, unreadable);
    else cursor = next;
  }

  async function store(
    next: Cursor,
    messages: readonly InboundMessage[] = [],
    unreadable: readonly UnreadableEvent[] = [],
  ): Promise<void> {
    const upTo = next.behind.length > 0 ? next : { ...next, after: newest };
    const batch = { messages, unreadable, cursor: JSON.stringify(upTo) };
    await persistently(() => host.receive(batch), 'messages could not be stored', trying);
    cursor = upTo;
  }

  return {
    get session() {
      return cursor.session;
    },
    previews: cursor.previews,
    forgetSession() {
      cursor = { ...cursor, session: undefined };
    },
    /** A new session has begun; resolves when we know it. */
    begin(body: unknown, readsAll: boolean): Promise<void> {
      const begun = enqueue(() => begin(body, readsAll));
      void enqueue(catchUpDirect);
      return begun;
    },
    /** A session goes on, and what was left to catch up with it. To be called before its first event. */
    resume: () => void enqueue(catchUpDirect),
    take: (event: Dispatched) => void enqueue(() => take(event)),
  };
}

/** An interaction's token lets anybody answer for us. */
function withoutToken(key: string, value: unknown): unknown {
  return key === 'token' ? undefined : value;
}

function singleDeletions({ s, d }: Dispatched): Dispatched[] {
  const { ids = [], ...where } = wire.bulkDeletion.safeParse(d).data ?? {};
  return ids.map((id) => ({ t: 'MESSAGE_DELETE', s, d: { ...where, id } }));
}
