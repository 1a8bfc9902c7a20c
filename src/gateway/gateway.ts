import type { ChannelHttp, ChannelId, LoginStep } from '../contract/index.ts';
import { openStore, type Store, type Waiting } from '../store/index.ts';
import { type Channel, limiterOf } from './channels/channel.ts';
import { ChannelHealthMonitor, type ChannelState } from './channels/channel-health-monitor.ts';
import { channelHost } from './channels/channel-host.ts';
import { Menus } from './channels/menus.ts';
import { DiskWatch } from './disk-watch.ts';
import { EventBus } from './events.ts';
import { Housekeeper } from './housekeeper.ts';
import { CommandRunner } from './inbound/command-runner.ts';
import { Inbox } from './inbound/inbox.ts';
import { LoopBreaker } from './inbound/loop-breaker.ts';
import { Router } from './inbound/router.ts';
import type { Operations } from './operations.ts';
import type { ChannelOptions, GatewayOptions } from './options.ts';
import { Announcer } from './outbound/announcer.ts';
import { DeadLetterQueue } from './outbound/dead-letter-queue.ts';
import { Lanes } from './outbound/lanes.ts';
import { Outbox } from './outbound/outbox.ts';
import { OwnerNotices } from './outbound/owner-notices.ts';
import { Destinations } from './people/destination.ts';
import { IdentityResolver } from './people/identity-resolver.ts';
import { Languages } from './people/languages.ts';
import { LinkProposals } from './people/link-proposals.ts';
import { OneTimeCodes } from './people/one-time-codes.ts';
import { People } from './people/people.ts';
import { Strangers } from './people/strangers.ts';
import { type Reconfigurable, Reconfiguration } from './reconfiguration.ts';
import { recover } from './recovery.ts';
import { liveSettings, type Settings } from './settings.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';
import { Attachments } from './turns/attachments.ts';
import { SessionManager } from './turns/session-manager.ts';
import { TurnCommitter } from './turns/turn-committer.ts';
import { TurnScheduler } from './turns/turn-scheduler.ts';
import { Workspaces } from './turns/workspaces.ts';

/**
 * How long running turns, and then sends under way, may go on once the gateway stops; in milliseconds. With the time the
 * adapters get, the whole stays below the 10 s after which service managers kill.
 */
const TURN_GRACE_MS = 3_000;
const SEND_GRACE_MS = 2_000;

export interface ChannelStatus {
  readonly state: ChannelState;
  /** Why it is not connected, and what to do; without secrets. */
  readonly detail?: string;
}

/** A channel that waits for a person to log in. */
export interface ChannelLogin extends LoginStep {
  readonly channel: ChannelId;
}

/**
 * The hub: puts the parts together and owns their life. A message's way through it:
 * adapter → Inbox → TurnScheduler → (agent) → TurnCommitter → Lanes → Outbox → adapter.
 */
export class Gateway {
  readonly events: EventBus;
  /** What the channels serve over HTTP; a live view. */
  readonly mounts: ReadonlyMap<ChannelId, ChannelHttp>;
  readonly deadLetters: DeadLetterQueue;
  /** What commands may have it do. */
  readonly operations: Operations;
  readonly #commands: CommandRunner;
  readonly #redact: GatewayOptions['redact'];
  readonly #settings: Settings;
  readonly #reconfiguration: Reconfiguration;
  readonly #store: Store;
  readonly #channels = new Map<ChannelId, Channel>();
  readonly #sessions: SessionManager;
  readonly #outbox: Outbox;
  readonly #lanes: Lanes;
  readonly #languages: Languages;
  readonly #turns: TurnScheduler;
  readonly #ownerNotices: OwnerNotices;
  readonly #menus: Menus;
  readonly #linkProposals: LinkProposals;
  readonly #housekeeper: Housekeeper;
  readonly #disk: DiskWatch;
  #storageFault: string | undefined;

  /** Opens the store; throws a StartError or a StorageFault when it cannot. Nothing runs before `start`. */
  constructor(options: GatewayOptions, events = new EventBus()) {
    this.#redact = options.redact;
    this.events = events;
    const store = openStore(options.dataDir);
    this.#store = store;
    store.onFault((fault) => {
      this.#storageFault = fault?.message;
      if (fault === undefined) events.emit('store.recovered', {});
      else events.emit('store.fault', { fault });
    });
    this.#outbox = new Outbox(store, events, options.redact, options.retryDelays);
    this.#lanes = new Lanes(this.#outbox, events);
    const identities = new IdentityResolver(store);
    const settings = liveSettings(options);
    this.#settings = settings;
    this.#languages = new Languages(store, identities, settings);
    const agents = new Map(options.agents);
    this.#sessions = new SessionManager(store, agents, settings.sessions, events);
    this.#disk = new DiskWatch(options.dataDir, events);
    const workspaces = new Workspaces(options.dataDir);
    const { redact } = options;
    const destinations = new Destinations(store, identities, this.#channels);
    this.#turns = new TurnScheduler({
      store,
      events,
      workspaces,
      destinations,
      languages: this.#languages,
      sessions: this.#sessions,
      channels: this.#channels,
      committer: new TurnCommitter({
        store,
        events,
        workspaces,
        destinations,
        languages: this.#languages,
        redact,
        lanes: this.#lanes,
        options: settings.turns,
      }),
      attachments: new Attachments(workspaces, settings.attachments, this.#disk),
      options: settings.turns,
    });
    // The agent is told of what it said in vain, with the next message of that chat.
    events.on('outbound.dead', ({ chatRef }) => this.#turns.note(chatRef));
    const announcer = new Announcer({
      store,
      channels: this.#channels,
      lanes: this.#lanes,
      languages: this.#languages,
    });
    const agentIds = new Set(agents.keys());
    const router = new Router(store, identities, agentIds);
    const codes = new OneTimeCodes(store);
    const people = new People({
      store,
      codes,
      identities,
      router,
      agents: agentIds,
      moved: ({ from, to, chat }) => this.#turns.move(from, to, chat),
    });
    const self = this;
    this.operations = {
      people,
      agents: agentIds,
      get deadLetters() {
        return self.deadLetters;
      },
      ledger: store.ledger,
      channels: () => this.channels(),
      restart: (channel) => this.#restart(channel),
      waiting: () => this.waiting(),
      conversation: (session) => ({
        agent: store.sessions.get(session)?.agent,
        waiting: this.#turns.waiting(session),
      }),
      conversations: (limit) => store.conversations.latest(limit),
      live: () => this.#turns.stats().live,
      stop: (session) => this.#turns.stopSession(session),
      beginAnew: (session) => this.#sessions.startAnew(session),
      retry: (session) => this.#turns.retry(session),
      recipients: () =>
        store.chats
          .latestOfUsers()
          .filter(({ channel }) => this.#channels.has(channel))
          .map(({ channel, chat }) => ({ channel, chat: chat.id })),
      broadcast: (markdown) => announcer.sayToAll(this.operations.recipients(), markdown),
      say: (channel, chat, markdown) => announcer.say(channel, chat, markdown),
    };
    const commands = options.commands(this.operations);
    this.#menus = new Menus({ store, channels: this.#channels, events, commands });
    this.#commands = new CommandRunner({
      store,
      people,
      identities,
      events,
      redact,
      lanes: this.#lanes,
      announcer,
      commands,
      languages: this.#languages,
    });
    this.#linkProposals = new LinkProposals({
      store,
      identities,
      codes,
      announcer,
      events,
      languages: this.#languages,
      channels: this.#channels,
      settings,
    });
    const inbox = new Inbox({
      store,
      events,
      router,
      identities,
      destinations,
      people,
      strangers: new Strangers({ store, codes, announcer, events, languages: this.#languages }),
      commands: this.#commands,
      turns: this.#turns,
      languages: this.#languages,
      loops: new LoopBreaker(events),
      linkProposals: this.#linkProposals,
      options: settings.sessions,
    });
    this.deadLetters = new DeadLetterQueue({
      store,
      events,
      inbox,
      channels: this.#channels,
      lanes: this.#lanes,
    });
    this.#ownerNotices = new OwnerNotices({
      addresses: () => (settings.owner.length > 0 ? settings.owner : people.adminChats()),
      announcer,
      languages: this.#languages,
      events,
      stateOf: (channel) => this.#channels.get(channel)?.health.state,
      pace: options.ownerNotices,
    });
    this.#housekeeper = new Housekeeper(store, events, settings.retention);
    const mounts = new Map<ChannelId, ChannelHttp>();
    this.mounts = mounts;
    const makeChannel = (channel: ChannelOptions) => this.#channel(channel, inbox, mounts);
    for (const channel of options.channels) this.#channels.set(channel.id, makeChannel(channel));
    this.#reconfiguration = new Reconfiguration({
      settings,
      events,
      agents,
      agentIds,
      channels: this.#channels,
      lanes: this.#lanes,
      turns: this.#turns,
      sessions: this.#sessions,
      router,
      makeChannel,
      recover: async (channel) => void (await this.#recover(new Map([[channel.options.id, channel]]))),
    });
  }

  /** Takes up what was left, then connects the channels (without waiting for them). */
  async start(): Promise<void> {
    const backlog = await this.#recover(this.#channels);
    this.#linkProposals.forgetUnpaired();
    for (const channel of this.#channels.values()) channel.health.start();
    this.#housekeeper.start();
    this.#disk.start();
    this.events.emit('gateway.ready', { channels: this.#channels.size, backlog });
  }

  /**
   * Goes by other options from now on, without a pause for what stays the same: no turn is ended, and only channels whose
   * adapter is another object are connected anew. One call at a time. Does not wait for connections.
   */
  async reconfigure(next: Reconfigurable): Promise<void> {
    const applied = this.#reconfiguration.apply(next);
    this.#linkProposals.forgetUnpaired();
    await applied;
  }

  /** Takes no more work, ends or parks what runs, closes the database. Takes a few seconds at most. */
  async stop(): Promise<void> {
    this.events.emit('gateway.stopping', {});
    this.#ownerNotices.stop();
    this.#menus.stop();
    this.#linkProposals.stop();
    this.#disk.stop();
    await Promise.all([this.#turns.stop(TURN_GRACE_MS), this.#commands.stop()]);
    await this.#lanes.stop(SEND_GRACE_MS);
    const channels = [...this.#channels.values()].map((channel) => channel.health.stop());
    await Promise.all([...channels, this.#sessions.stop()]);
    await this.#housekeeper.stop();
    await this.#store.close();
  }

  /** How each channel is. */
  channels(): Map<ChannelId, ChannelStatus> {
    return new Map([...this.#channels].map(([id, { health }]) => [id, this.#statusOf(health)]));
  }

  /** The channels that wait for a person to log in, and how; the steps hold secrets. */
  logins(): ChannelLogin[] {
    return [...this.#channels].flatMap(([channel, { health }]) =>
      health.login === undefined ? [] : [{ channel, ...health.login }],
    );
  }

  /** How much waits at this moment. */
  waiting(): Waiting {
    return this.#store.ledger.waiting();
  }

  /** What goes on at this moment: O(open work). */
  snapshot(): Snapshot {
    return takeSnapshot({
      channels: this.#channels,
      statusOf: ({ health }) => this.#statusOf(health),
      places: this.#settings.sessions.maxLive,
      turns: this.#turns,
      lanes: this.#lanes,
      dead: this.#store.ledger.waiting().dead,
      trouble: this.trouble,
    });
  }

  /** Why nothing can be stored at the moment, if so. */
  get storageFault(): string | undefined {
    return this.#storageFault;
  }

  /** What keeps all channels from working, if there is such a thing. */
  get trouble(): string | undefined {
    return (
      this.#storageFault ?? (this.#disk.isLow ? 'the disk is nearly full: no files are fetched' : undefined)
    );
  }

  #recover(channels: ReadonlyMap<ChannelId, Channel>): ReturnType<typeof recover> {
    return recover({
      store: this.#store,
      channels,
      outbox: this.#outbox,
      lanes: this.#lanes,
      turns: this.#turns,
      commands: this.#commands,
      maxAttempts: this.#settings.turns.maxAttempts,
    });
  }

  #restart(id: ChannelId): boolean {
    const channel = this.#channels.get(id);
    if (channel === undefined) return false;
    void channel.health
      .restart()
      .catch((error: unknown) => this.events.emit('internal.error', { where: `restart of ${id}`, error }));
    return true;
  }

  #statusOf({ state, error, login }: ChannelHealthMonitor): ChannelStatus {
    if (login !== undefined) return { state, detail: login.instruction.en };
    if (error === undefined) return { state };
    const detail = error.hint === undefined ? error.message : `${error.message}. ${error.hint}`;
    return { state, detail: this.#redact(detail) };
  }

  #channel(options: ChannelOptions, inbox: Inbox, mounts: Map<ChannelId, ChannelHttp>): Channel {
    const { id, adapter } = options;
    const health = new ChannelHealthMonitor({
      channel: id,
      adapter,
      events: this.events,
      backoff: this.#settings.reconnect,
      makeHost: (signal, onStateChange) =>
        channelHost(
          {
            channel: id,
            capabilities: channel.adapter.capabilities,
            store: this.#store,
            events: this.events,
            mounts,
            receive: (batch) => inbox.receive(channel, batch),
            stopTurn: (chat) => this.#turns.stopTurn(id, chat),
            languageOf: (sender) => this.#languages.languageOf(id, sender),
            languageIn: (chat) => this.#languages.languageIn(id, chat),
          },
          signal,
          onStateChange,
        ),
    });
    const channel: Channel = {
      options,
      get adapter() {
        return health.adapter;
      },
      limiter: limiterOf(options),
      health,
      previewsQuietUntil: 0,
    };
    return channel;
  }
}
