import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AdapterHost,
  type Agent,
  type AgentId,
  type ChannelAdapter,
  channelId,
  chatId,
  type OutboundMessage,
  platformMessageId,
  type RateLimits,
  senderId,
} from '../src/contract/index.ts';
import { type ChannelOptions, Gateway } from '../src/gateway/index.ts';

/** An adapter whose platform is this process: what is left to measure is the gateway itself. */
export function inProcessAdapter(
  onSent: (message: OutboundMessage) => void,
  more: { rateLimits?: RateLimits; stream?: NonNullable<ChannelAdapter['stream']> } = {},
) {
  let host: AdapterHost | undefined;
  let sent = 0;
  const unlimited = { burst: 1e9, perSecond: 1e9 };
  const adapter: ChannelAdapter = {
    capabilities: {
      textLimit: 4096,
      textUnit: 'utf16',
      dedupe: 'native',
      typing: false,
      rateLimits: more.rateLimits ?? { channel: unlimited, direct: unlimited, group: unlimited },
      ...(more.stream && { streaming: { everyMs: 1_500, spendsLimit: true } }),
    },
    ...(more.stream && { stream: more.stream }),
    async start(given) {
      host = given;
    },
    async stop() {},
    normalize: () => undefined,
    render: (text) => [{ text }],
    async send(message) {
      onSent(message);
      sent += 1;
      return { platformId: platformMessageId(String(sent)) };
    },
  };
  return {
    adapter,
    /** Resolves when the message is on disk. */
    say(number: number, chat: string): Promise<void> {
      if (host === undefined) throw new Error('not started');
      return host.receive({
        messages: [
          {
            dedupeKey: String(number),
            chat: { id: chatId(chat), kind: 'direct' },
            sender: { id: senderId(chat), name: 'Somebody' },
            platformId: platformMessageId(String(number)),
            sentAt: Date.now(),
            text: 'hello there, how are you today?',
            addressed: true,
          },
        ],
      });
    },
  };
}

type AccessOptions = ChannelOptions['access'];

const EVERYBODY: AccessOptions = {
  dmPolicy: 'open',
  allowFrom: [],
  groupPolicy: 'known',
  groups: new Map(),
  requireMention: true,
  tellStrangers: true,
  answerWithin: Number.POSITIVE_INFINITY,
  noteWithin: Number.POSITIVE_INFINITY,
  loopLimit: Number.POSITIVE_INFINITY,
};

/** A whole gateway with one in-process channel, in a folder of its own. */
export async function startGateway(
  agent: Agent,
  adapter: ChannelAdapter,
  maxLive: number,
  { maxAttempts = 3, access }: { maxAttempts?: number; access?: Partial<AccessOptions> } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'openclaw-bench-'));
  const gateway = new Gateway({
    dataDir: folder,
    channels: [
      {
        id: channelId('bench'),
        adapter,
        agent: agent.id,
        agentFor: new Map(),
        access: { ...EVERYBODY, ...access },
        whileBusy: 'followup',
        collectFor: 2_000,
        context: { messages: 30, characters: 8_000 },
        onUnknown: 'resend',
        expireAfter: 86_400_000,
        rateLimits: {},
      },
    ],
    agents: new Map<AgentId, Agent>([[agent.id, agent]]),
    commands: () => [],
    sessions: { maxLive, idleTimeout: 3_600_000, maxWaiting: 1_000_000 },
    turns: { maxAttempts, timeout: 600_000, maxMessages: 10 },
    attachments: { maxBytes: 20e6, maxFiles: 10, types: [] },
    reconnect: { base: 2_000, cap: 300_000 },
    owner: [],
    proposeLinks: [],
    language: 'en',
    retention: { messages: 86_400_000, files: 86_400_000 },
    redact: (text) => text,
  });
  gateway.events.on('internal.error', ({ where, error }) => console.error(where, error));
  const connected = new Promise<void>((resolve) => {
    gateway.events.on('channel.state', ({ state }) => state === 'connected' && resolve());
  });
  await gateway.start();
  await connected;
  return {
    gateway,
    folder,
    async stop() {
      await gateway.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
