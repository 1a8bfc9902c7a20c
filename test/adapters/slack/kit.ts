import { slack } from '../../../adapters/slack/index.ts';
import {
  type ChannelAdapter,
  type ChannelLog,
  type Chat,
  chatId,
  type OutboundId,
  type OutboundMessage,
  type Preview,
  platformMessageId,
  type TurnId,
} from '../../../src/contract/index.ts';
import { TestHost } from '../../kit/adapter-host.ts';
import { FakeSlack } from '../../platforms/slack.ts';

export const DIRECT: Chat = { id: chatId('D0ALICE'), kind: 'direct' };

export function inThread(channel: string, thread: string): Chat {
  return { id: chatId(`${channel}:${thread}`), kind: 'group' };
}

export function createSlack(fake: FakeSlack, changes: Record<string, unknown> = {}): Promise<ChannelAdapter> {
  return create({ ...common(fake), mode: 'socket', app_token: fake.appToken, ...changes });
}

export function createHttpSlack(fake: FakeSlack): Promise<ChannelAdapter> {
  return create({ ...common(fake), mode: 'http', signing_secret: fake.signingSecret });
}

const common = (fake: FakeSlack) => ({ bot_token: fake.botToken, api_url: fake.apiUrl });

const create = (options: Record<string, unknown>) => slack.create(slack.options.parse(options));

/** A fake, an adapter that is connected to it, and its host: `await using slack = await connectedSlack()`. */
export async function connectedSlack() {
  const fake = await new FakeSlack({ ackTimeoutMs: 200 }).listen();
  let adapter = await createSlack(fake);
  let host = new TestHost();
  await adapter.start(host);
  return {
    fake,
    get adapter() {
      return adapter;
    },
    get host() {
      return host;
    },
    async stop(): Promise<void> {
      host.stop();
      await adapter.stop();
    },
    /** The gateway as it is after a restart, with what was on its disk. */
    async start(): Promise<void> {
      host = host.restarted();
      adapter = await createSlack(fake);
      await adapter.start(host);
    },
    async [Symbol.asyncDispose](): Promise<void> {
      host[Symbol.dispose]();
      await adapter.stop();
      await fake.stop();
    },
  };
}

export const soon = () => AbortSignal.timeout(20_000);

let count = 0;

export function outbound(
  text: string,
  more: {
    chat?: Chat;
    files?: OutboundMessage['files'];
    choices?: readonly string[];
    replyTo?: string;
    possiblyRepeated?: boolean;
    previewLost?: boolean;
  } = {},
): OutboundMessage {
  count += 1;
  const turn = `0000000000${String(count).padStart(6, '0')}` as TurnId;
  const { chat = DIRECT, replyTo, possiblyRepeated = false, ...rest } = more;
  return {
    id: `${turn}-1` as OutboundId,
    chat,
    body: { text },
    turn,
    possiblyRepeated,
    ...rest,
    ...(replyTo !== undefined && { replyTo: platformMessageId(replyTo) }),
  };
}

/** An answer while it grows, before `answer` comes. */
export function preview(answer: OutboundMessage, text: string): Preview {
  const { chat, turn, id, replyTo } = answer;
  return { chat, turn, first: id, text, ...(replyTo !== undefined && { replyTo }) };
}

export interface RecordedLog extends ChannelLog {
  readonly lines: string[];
}

/** A log that can be searched. */
export function recordedLog(): RecordedLog {
  const lines: string[] = [];
  const write = (message: string, fields?: Record<string, unknown>) =>
    void lines.push(`${message} ${JSON.stringify(fields ?? {})}`);
  return { lines, debug: write, info: write, warn: write };
}
