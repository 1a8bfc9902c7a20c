import { setImmediate } from 'node:timers/promises';
import { telegram } from '../../adapters/telegram/index.ts';
import { chatId } from '../../src/contract/index.ts';
import type { Fault } from '../platforms/fake-http.ts';
import { FakeTelegram } from '../platforms/telegram.ts';
import { parseHtml } from '../platforms/telegram-html.ts';
import { conformance, type SendFailure, type Subject } from './conformance.ts';

const FAULTS: Readonly<Record<SendFailure, Fault>> = {
  auth: refusal(401, 'Unauthorized'),
  rate_limited: refusal(429, 'Too Many Requests: retry after 1', { retry_after: 1 }),
  rejected: refusal(403, 'Forbidden: bot was blocked by the user'),
  unavailable: refusal(502, 'Bad Gateway'),
  'lost receipt': { kind: 'drop', when: 'after' },
  silence: { kind: 'hang' },
};

conformance('telegram', setup);

async function setup(): Promise<Subject> {
  const platform = await new FakeTelegram().listen();
  platform.chat(42);
  const options = telegram.options.parse({ token: platform.token, api_root: platform.url });
  return {
    create: () => telegram.create(options),
    chat: { id: chatId('42'), kind: 'direct' },
    platform: {
      say: (text) => void platform.say({ text }),
      acked: () => platform.confirmed,
      sent: () => platform.sent.map(({ text }) => text),
      cut: () => platform.cut(),
      failNextSend: (failure) => platform.fail('sendMessage', FAULTS[failure]),
      connections: () => 0, // both ends of each are in this process, where the suite counts sockets
      until,
    },
    events: { messages: MESSAGES, others: OTHERS },
    visible: ({ text }) => parseHtml(text).text,
    dispose: () => platform.stop(),
  };
}

/** A poll confirms when it begins, and the fake tells of it only when it ends. */
async function until(reached: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!reached()) {
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await setImmediate();
  }
}

function refusal(status: number, description: string, parameters?: object): Fault {
  return { kind: 'status', status, body: { ok: false, error_code: status, description, parameters } };
}

const ANN = { id: 42, is_bot: false, first_name: 'Ann' };
const PRIVATE = { id: 42, type: 'private', first_name: 'Ann' };
const GROUP = { id: -100, type: 'supergroup', title: 'The team' };

function update(update_id: number, more: object) {
  return {
    update_id,
    message: { message_id: update_id, date: 1_700_000_000, from: ANN, chat: PRIVATE, ...more },
  };
}

const MESSAGES = [
  update(1, { text: 'Hi' }),
  update(2, { text: 'Hi' }),
  update(3, { chat: GROUP, text: 'in a group' }),
  update(4, { chat: GROUP, text: 'in a topic', message_thread_id: 7, is_topic_message: true }),
  update(5, {
    text: 'yes',
    reply_to_message: { message_id: 1, date: 1, chat: PRIVATE, from: ANN, text: 'Hi' },
  }),
  update(6, { caption: 'look', photo: [{ file_id: 'x', file_unique_id: 'x', width: 1, height: 1 }] }),
];

const OTHERS = [
  update(7, { new_chat_members: [ANN] }),
  update(8, { from: { ...ANN, is_bot: true }, text: 'from another bot' }),
  { update_id: 9, my_chat_member: {} },
  { update_id: 10 },
];
