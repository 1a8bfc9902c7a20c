import { discord } from '../../../adapters/discord/index.ts';
import {
  type ChannelAdapter,
  ChannelError,
  type Chat,
  chatId,
  type OutboundId,
  type OutboundMessage,
  type Preview,
  type TurnId,
} from '../../../src/contract/index.ts';
import { TestHost } from '../../kit/adapter-host.ts';
import { type Channel, FakeDiscord } from '../../platforms/discord.ts';

/** A Discord with one person, a direct chat, and a server with a channel; and our adapter, not yet started. */
export async function aDiscord() {
  const platform = await new FakeDiscord().listen();
  const alice = platform.world.user('alice', { global_name: 'Alice' });
  const server = platform.world.guild('Team');
  const options = { token: platform.token, api_url: platform.apiUrl };
  let adapter: ChannelAdapter = await discord.create(options);
  let host = new TestHost();
  const logged: string[] = [];
  listen();

  function listen(): void {
    for (const level of ['debug', 'info', 'warn'] as const) {
      host.log[level] = (...line: unknown[]) => void logged.push(JSON.stringify(line));
    }
  }

  return {
    platform,
    gateway: platform.gateway,
    alice,
    server,
    direct: platform.direct(alice),
    channel: platform.channel(server, 'general'),
    logged,
    get adapter() {
      return adapter;
    },
    get host() {
      return host;
    },
    start: () => adapter.start(host),
    /** What the health monitor does after a loss. */
    async again() {
      host = host.restarted();
      listen();
      await adapter.stop();
      await adapter.start(host);
    },
    /** The gateway is not running; `again` starts it, with nothing but what is on disk. */
    async down() {
      host = host.restarted();
      listen();
      await adapter.stop();
      adapter = await discord.create(options);
    },
    texts: () => host.messages.map(({ text }) => text),
    async heard(...texts: string[]) {
      await host.until(() => host.messages.length >= texts.length, `${texts.length} messages`);
    },
    async [Symbol.asyncDispose]() {
      host[Symbol.dispose]();
      await adapter.stop();
      await platform.stop();
    },
  };
}

let count = 0;

export function outbound(
  channel: Channel,
  text: string,
  more: Partial<OutboundMessage> = {},
): OutboundMessage {
  count += 1;
  const turn = `0000000000${String(count).padStart(6, '0')}` as TurnId;
  const chat: Chat = { id: chatId(channel.id), kind: channel.guild_id === undefined ? 'direct' : 'group' };
  return { id: `${turn}-1` as OutboundId, chat, body: { text }, turn, possiblyRepeated: false, ...more };
}

/** What a message shows while it grows. */
export function growing({ chat, turn, id, replyTo }: OutboundMessage, text: string): Preview {
  return { chat, turn, first: id, text, ...(replyTo !== undefined && { replyTo }) };
}

/** The ChannelError that something fails with. */
export async function failureOf(doing: Promise<unknown>): Promise<ChannelError> {
  const error: unknown = await doing.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (error instanceof ChannelError) return error;
  throw error;
}

export const soon = () => AbortSignal.timeout(20_000);
