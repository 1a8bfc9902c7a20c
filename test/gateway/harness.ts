import { EventEmitter, once } from 'node:events';
import {
  type AdapterHost,
  type Agent,
  type AgentEvent,
  type AgentId,
  type ChannelAdapter,
  type ChannelCapabilities,
  ChannelError,
  type ChannelId,
  channelId,
  chatId,
  type InboundMessage,
  type OutboundMessage,
  platformMessageId,
  type SendReceipt,
  senderId,
  type Turn,
} from '../../src/contract/index.ts';
import { Gateway, type GatewayEvents, type GatewayOptions } from '../../src/gateway/index.ts';

/** An adapter whose platform is the test: it records what arrives and fails as it is told. */
export class ScriptedChannel {
  readonly id: ChannelId;
  readonly arrived: OutboundMessage[] = [];
  /** What happens to each send; by default it arrives. */
  onSend: (message: OutboundMessage) => Promise<SendReceipt> = (message) => this.accept(message);
  onStart: (host: AdapterHost) => Promise<void> = async () => {};
  host: AdapterHost | undefined;
  starts = 0;
  stops = 0;
  readonly adapter: ChannelAdapter;
  #said = 0;

  constructor(
    id: string,
    dedupe: 'native' | 'readback' | 'none' = 'none',
    able: { capabilities?: Partial<ChannelCapabilities>; methods?: Partial<ChannelAdapter> } = {},
  ) {
    this.id = channelId(id);
    const unlimited = { burst: 1e6, perSecond: 1e6 };
    this.adapter = {
      capabilities: {
        textLimit: 4096,
        textUnit: 'utf16',
        dedupe,
        typing: false,
        rateLimits: { channel: unlimited },
        ...able.capabilities,
      },
      start: async (host) => {
        this.starts += 1;
        await this.onStart(host);
        this.host = host;
      },
      stop: async () => {
        this.stops += 1;
      },
      normalize: () => undefined,
      render: (markdown) => markdown.split('\f').map((text) => ({ text })),
      send: (message) => this.onSend(message),
      ...(dedupe === 'readback' && {
        findSent: async (message: OutboundMessage) =>
          this.arrived.some(({ id: known }) => known === message.id) ? {} : undefined,
      }),
      ...able.methods,
    };
  }

  async accept(message: OutboundMessage): Promise<SendReceipt> {
    this.arrived.push(message);
    return { platformId: platformMessageId(`p${this.arrived.length}`) };
  }

  /** A person writes. Resolves when the gateway has it on disk. */
  async say(chat: string, text: string, more: Partial<InboundMessage> = {}): Promise<void> {
    this.#said += 1;
    const key = String(this.#said);
    await this.host?.receive({
      messages: [
        {
          dedupeKey: key,
          chat: { id: chatId(chat), kind: 'direct' },
          sender: { id: senderId(chat) },
          platformId: platformMessageId(key),
          sentAt: Date.now(),
          text,
          addressed: true,
          ...more,
        },
      ],
    });
  }

  textsIn(chat: string): string[] {
    return this.arrived.filter((message) => message.chat.id === chat).map((message) => message.body.text);
  }
}

/** An agent made of one function. */
export function agentOf(
  answer: (turn: Turn) => AsyncIterable<AgentEvent> | Promise<string> | string,
  historyTurns = 10,
): Agent & { opened: number; closed: number } {
  const agent = {
    id: 'default' as AgentId,
    historyTurns,
    opened: 0,
    closed: 0,
    async open() {
      agent.opened += 1;
      return {
        async *run(turn: Turn): AsyncIterable<AgentEvent> {
          const said = answer(turn);
          if (typeof said === 'object' && Symbol.asyncIterator in said) {
            yield* said;
            return;
          }
          yield { type: 'chunk', text: await said };
          yield { type: 'done' };
        },
        async close() {
          agent.closed += 1;
        },
      };
    },
  };
  return agent;
}

export const parrot = () => agentOf((turn) => `re: ${turn.messages.at(-1)?.text}`);

type WhileBusy = GatewayOptions['channels'][number]['whileBusy'];
type AccessOptions = GatewayOptions['channels'][number]['access'];

export const EVERYBODY: AccessOptions = {
  dmPolicy: 'open',
  allowFrom: [],
  groupPolicy: 'known',
  groups: new Map(),
  requireMention: true,
  tellStrangers: true,
  answerWithin: 3_600_000,
  noteWithin: 7_200_000,
  loopLimit: 1_000,
};

/** A gateway over a real database, and a way to wait for what it reports. */
export class TestGateway {
  readonly gateway: Gateway;
  readonly options: GatewayOptions;
  readonly seen: { name: keyof GatewayEvents; event: unknown }[] = [];
  readonly #changes = new EventEmitter().setMaxListeners(0);

  constructor(
    dataDir: string,
    channels: readonly ScriptedChannel[],
    agent: Agent,
    more: Partial<GatewayOptions> & {
      onUnknown?: 'resend' | 'hold';
      expireAfter?: number;
      whileBusy?: WhileBusy;
      collectFor?: number;
      context?: { messages: number; characters: number };
      access?: Partial<AccessOptions>;
    } = {},
  ) {
    this.options = {
      dataDir,
      channels: channels.map((channel) => ({
        id: channel.id,
        adapter: channel.adapter,
        agent: agent.id,
        agentFor: new Map(),
        access: { ...EVERYBODY, ...more.access },
        whileBusy: more.whileBusy ?? 'followup',
        collectFor: more.collectFor ?? 50,
        context: more.context ?? { messages: 30, characters: 8_000 },
        onUnknown: more.onUnknown ?? 'resend',
        expireAfter: more.expireAfter ?? 86_400_000,
        rateLimits: {},
      })),
      agents: new Map([[agent.id, agent]]),
      commands: () => [],
      sessions: { maxLive: 50, idleTimeout: 3_600_000, maxWaiting: 1_000_000 },
      turns: { maxAttempts: 3, timeout: 60_000, maxMessages: 10 },
      attachments: { maxBytes: 1_000_000, maxFiles: 3, types: ['image/*', 'text/*'] },
      reconnect: { base: 5, cap: 20 },
      owner: [],
      proposeLinks: [],
      language: 'en',
      retention: { messages: 86_400_000, files: 86_400_000 },
      redact: (text) => text,
      ...more,
    };
    this.gateway = new Gateway(this.options);
    const names: (keyof GatewayEvents)[] = [
      ...([
        'gateway.ready',
        'inbound.queued',
        'inbound.ignored',
        'inbound.duplicate',
        'inbound.unreadable',
      ] as const),
      ...([
        'turn.started',
        'turn.ended',
        'turn.retry',
        'turn.failed',
        'agent.resting',
        'agent.recovered',
      ] as const),
      ...(['outbound.sent', 'outbound.retry', 'outbound.unknown', 'outbound.dead'] as const),
      ...(['channel.state', 'store.fault', 'store.recovered', 'internal.error'] as const),
    ];
    for (const name of names) {
      this.gateway.events.on(name, (event) => {
        this.seen.push({ name, event });
        this.#changes.emit('change');
      });
    }
  }

  count(name: keyof GatewayEvents): number {
    return this.seen.filter((seen) => seen.name === name).length;
  }

  events<Name extends keyof GatewayEvents>(name: Name): GatewayEvents[Name][] {
    return this.seen.filter((seen) => seen.name === name).map((seen) => seen.event as GatewayEvents[Name]);
  }

  /** Resolves when an event of this name was seen `times` times. */
  async until(name: keyof GatewayEvents, times = 1): Promise<void> {
    const deadline = AbortSignal.timeout(15_000);
    while (this.count(name) < times) {
      try {
        await once(this.#changes, 'change', { signal: deadline });
      } catch {
        throw new Error(`${name} was seen ${this.count(name)} of ${times} times`);
      }
    }
  }

  /** Resolves when nothing is left to be answered or sent. */
  async untilAnswered(): Promise<void> {
    const isOpen = () => {
      const { open } = this.gateway.waiting();
      return open.in + open.out > 0;
    };
    const deadline = AbortSignal.timeout(15_000);
    while (isOpen()) await once(this.#changes, 'change', { signal: deadline });
  }

  async start(): Promise<this> {
    await this.gateway.start();
    await this.untilConnected();
    return this;
  }

  async untilConnected(times = 1): Promise<void> {
    const connected = () => this.events('channel.state').filter(({ state }) => state === 'connected').length;
    while (connected() < times) await this.until('channel.state', this.count('channel.state') + 1);
  }

  stop(): Promise<void> {
    return this.gateway.stop();
  }
}

export const failed = (kind: ConstructorParameters<typeof ChannelError>[0], certain: boolean) =>
  new ChannelError(kind, `${kind} trouble`, { certain });
