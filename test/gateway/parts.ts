import { EventEmitter, once } from 'node:events';
import {
  type Agent,
  type ChannelId,
  chatId,
  type InboundId,
  type InboundMessage,
  platformMessageId,
  type SessionId,
  senderId,
} from '../../src/contract/index.ts';
import { type Channel, limiterOf } from '../../src/gateway/channels/channel.ts';
import { EventBus, type GatewayEvents } from '../../src/gateway/index.ts';
import type { ChannelOptions, SessionOptions } from '../../src/gateway/options.ts';
import { Lanes } from '../../src/gateway/outbound/lanes.ts';
import { Outbox } from '../../src/gateway/outbound/outbox.ts';
import { Destinations } from '../../src/gateway/people/destination.ts';
import { IdentityResolver } from '../../src/gateway/people/identity-resolver.ts';
import { Languages } from '../../src/gateway/people/languages.ts';
import { Attachments } from '../../src/gateway/turns/attachments.ts';
import { SessionManager } from '../../src/gateway/turns/session-manager.ts';
import { TurnCommitter } from '../../src/gateway/turns/turn-committer.ts';
import { TurnScheduler } from '../../src/gateway/turns/turn-scheduler.ts';
import { Workspaces } from '../../src/gateway/turns/workspaces.ts';
import { idText, openStore } from '../../src/store/index.ts';
import { EVERYBODY, ScriptedChannel } from './harness.ts';

const NAMES = [
  ...(['turn.started', 'turn.ended', 'turn.retry', 'turn.failed', 'outbound.sent'] as const),
  ...(['session.began_anew', 'internal.error'] as const),
] satisfies readonly (keyof GatewayEvents)[];

/** The parts between the inbox and the adapter, over a real database: for what is asked of them and not by a message. */
export class Parts {
  readonly store;
  readonly sessions: SessionManager;
  readonly turns: TurnScheduler;
  readonly scripted: ScriptedChannel;
  readonly seen: (keyof GatewayEvents)[] = [];
  readonly #lanes: Lanes;
  /** Of the program, and not of a test. */
  #mistake: unknown;
  readonly #channel: Channel;
  readonly #changes = new EventEmitter().setMaxListeners(0);

  constructor(
    folder: string,
    agents: readonly [Agent, ...Agent[]],
    more: Partial<SessionOptions> & Partial<ChannelOptions> = {},
    scripted = new ScriptedChannel('a'),
  ) {
    this.store = openStore(folder);
    this.scripted = scripted;
    const { store } = this;
    const events = new EventBus();
    for (const name of NAMES) {
      events.on(name, (event) => {
        if (name === 'internal.error') this.#mistake = (event as GatewayEvents['internal.error']).error;
        this.seen.push(name);
        this.#changes.emit('change');
      });
    }
    const redact = (text: string) => text;
    const workspaces = new Workspaces(folder);
    const identities = new IdentityResolver(store);
    const languages = new Languages(store, identities, { language: 'en' });
    this.#lanes = new Lanes(new Outbox(store, events, redact), events);
    this.#channel = channelOf(scripted, agents[0], more);
    this.sessions = new SessionManager(
      store,
      new Map(agents.map((agent) => [agent.id, agent])),
      { maxLive: 50, idleTimeout: 3_600_000, maxWaiting: 1_000_000, ...more },
      events,
    );
    const channels = new Map<ChannelId, Channel>([[scripted.id, this.#channel]]);
    const destinations = new Destinations(store, identities, channels);
    const options = { maxAttempts: 3, timeout: 60_000, maxMessages: 10 };
    this.turns = new TurnScheduler({
      ...{ store, events, workspaces, languages, sessions: this.sessions },
      channels,
      committer: new TurnCommitter({
        store,
        events,
        workspaces,
        languages,
        destinations,
        redact,
        lanes: this.#lanes,
        options,
      }),
      attachments: new Attachments(workspaces, { maxBytes: 1, maxFiles: 1, types: [] }, { isLow: false }),
      destinations,
      options,
    });
  }

  /** The session of somebody with an agent; made when it is new. */
  session(person: string, agent: Agent): Promise<SessionId> {
    return this.store.write(() => this.store.sessions.sessionOf(`${person} with ${agent.id}`, agent.id));
  }

  /** Somebody writes in a session; resolves when that is on disk and on its way. */
  async say(session: SessionId, person: string, text: string): Promise<void> {
    const id = idText<InboundId>(this.store.ids.next());
    const message: InboundMessage = {
      dedupeKey: id,
      chat: { id: chatId(person), kind: 'direct' },
      sender: { id: senderId(person) },
      platformId: platformMessageId(id),
      sentAt: Date.now(),
      text,
      addressed: true,
    };
    const chatRef = await this.store.write(() => {
      const chat = this.store.chats.refOf(this.scripted.id, message.chat);
      this.store.inbox.insert({
        ...{ id, channel: this.scripted.id, dedupeKey: id, chat, session, message: JSON.stringify(message) },
        ...{ state: 'queued', reason: undefined, receivedAt: Date.now() },
      });
      return chat;
    });
    this.turns.add(session, { id, channel: this.#channel, chatRef, message, attempts: 0, claimed: false });
  }

  count(name: keyof GatewayEvents): number {
    return this.seen.filter((seen) => seen === name).length;
  }

  async until(isSo: () => boolean): Promise<void> {
    const deadline = AbortSignal.timeout(15_000);
    while (!isSo()) {
      if (this.#mistake !== undefined) throw this.#mistake;
      await once(this.#changes, 'change', { signal: deadline });
    }
  }

  /** Resolves when nothing is left to be answered or sent. */
  untilAnswered(): Promise<void> {
    return this.until(() => {
      const { open } = this.store.ledger.waiting();
      return open.in + open.out === 0;
    });
  }

  async stop(): Promise<void> {
    await this.turns.stop(0);
    await this.#lanes.stop(0);
    await this.sessions.stop();
    await this.store.close();
  }
}

function channelOf(scripted: ScriptedChannel, agent: Agent, more: Partial<ChannelOptions>): Channel {
  const options: ChannelOptions = {
    ...{ id: scripted.id, adapter: scripted.adapter, agent: agent.id, onUnknown: 'resend', rateLimits: {} },
    ...{ whileBusy: 'followup', collectFor: 50, expireAfter: 86_400_000, agentFor: new Map() },
    context: { messages: 30, characters: 8_000 },
    access: EVERYBODY,
    ...more,
  };
  const health = { state: 'connected', connected: async () => {} } as unknown as Channel['health'];
  return { options, adapter: scripted.adapter, limiter: limiterOf(options), health, previewsQuietUntil: 0 };
}
