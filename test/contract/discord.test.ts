import { discord } from '../../adapters/discord/index.ts';
import { chatId } from '../../src/contract/index.ts';
import {
  ALICE,
  BOT,
  COMMANDED,
  created,
  DIRECT_MESSAGE,
  event,
  GROUP,
  GROUP_MESSAGE,
  ME,
  PRESSED,
} from '../adapters/discord/payloads.ts';
import { FakeDiscord } from '../platforms/discord.ts';
import type { Fault } from '../platforms/fake-http.ts';
import { conformance, type SendFailure, type Subject } from './conformance.ts';

conformance('discord', setup);

async function setup(): Promise<Subject> {
  const platform = await new FakeDiscord().listen();
  // Heartbeats say what the bot has: the only acks that Discord knows.
  platform.gateway.askForHeartbeats();
  const alice = platform.world.user('alice');
  const chat = platform.direct(alice);
  const hers = () => platform.world.messagesIn(chat.id).filter(({ author }) => author.id === alice.id);
  return {
    create: () => discord.create({ token: platform.token, api_url: platform.apiUrl }),
    chat: { id: chatId(chat.id), kind: 'direct' },
    platform: {
      say: (text) => void platform.say(alice, chat, text),
      acked: () => platform.gateway.acknowledged('MESSAGE_CREATE', alice.id),
      sent: () => platform.seen(chat).map(({ content }) => content),
      cut: () => platform.gateway.cut(),
      failNextSend(failure) {
        if (failure === 'rate_limited') platform.limit('createMessage', 0.9);
        else platform.fail('createMessage', FAULTS[failure]);
      },
      connections: () => platform.gateway.connections,
      choose: (label) => platform.press(alice, chat, label),
      reactions: () =>
        hers()
          .slice(-1)
          .flatMap((message) => platform.reactions(message)),
      files: () =>
        platform
          .seen(chat)
          .flatMap(({ files = [] }) => files.map(({ name, bytes: content }) => ({ name, content }))),
      sayWithFile: (text, { name, mime, content }) =>
        void platform.say(alice, chat, text, { attachments: [platform.attachment(name, mime, content)] }),
      menu: (language) => platform.commands.menu(language === 'zh' ? 'zh-CN' : 'en-GB', true),
      menusFilled: () => platform.commands.written,
      pick: (description, words) => void platform.pick(alice, chat, description, words),
      forward: (text) => void platform.forward(alice, chat, text),
      answer: (quoted, text) =>
        void platform.say(alice, chat, text, { answers: platform.say(alice, chat, quoted) }),
      preview: () => platform.seen(chat).at(-1)?.content,
      until: (reached, what) => platform.until(reached, what),
    },
    events: { messages: MESSAGES, others: OTHERS, thread: THREAD },
    dispose: () => platform.stop(),
  };
}

const FAULTS: Readonly<Record<Exclude<SendFailure, 'rate_limited'>, Fault>> = {
  auth: { kind: 'status', status: 401, body: { code: 0, message: '401: Unauthorized' } },
  rejected: {
    kind: 'status',
    status: 403,
    body: { code: 50_007, message: 'Cannot send messages to this user' },
  },
  unavailable: { kind: 'status', status: 503 },
  'lost receipt': { kind: 'drop', when: 'after' },
  silence: { kind: 'hang' },
};

const MESSAGES = [
  created(DIRECT_MESSAGE),
  created(DIRECT_MESSAGE),
  created(GROUP_MESSAGE),
  created({ ...GROUP_MESSAGE, content: `<@${ME}> hi`, mentions: [BOT] }),
  created({
    ...GROUP_MESSAGE,
    type: 19,
    referenced_message: { ...GROUP_MESSAGE, author: BOT },
    message_reference: { type: 0, message_id: GROUP_MESSAGE.id },
  }),
  created({ ...GROUP_MESSAGE, author: { ...ALICE, bot: true } }),
  created({ ...GROUP_MESSAGE, webhook_id: '1440000000000000030' }),
  event('INTERACTION_CREATE', PRESSED),
  event('INTERACTION_CREATE', COMMANDED),
  event('MESSAGE_UPDATE', { ...DIRECT_MESSAGE, edited_timestamp: '2026-11-21T09:31:00.000000+00:00' }),
  event(
    'MESSAGE_DELETE',
    { id: DIRECT_MESSAGE.id, channel_id: DIRECT_MESSAGE.channel_id },
    { author: { id: ALICE.id, name: 'Alice' } },
  ),
];

const THREAD = {
  event: event('MESSAGE_CREATE', { ...GROUP_MESSAGE, channel_id: '1440000000000000012' }, { parent: GROUP }),
  in: GROUP,
};

const OTHERS = [
  created({ ...DIRECT_MESSAGE, author: BOT }),
  created({ ...GROUP_MESSAGE, type: 7, content: '' }),
  event('INTERACTION_CREATE', { ...COMMANDED, data: { name: 'ask', type: 3, target_id: ALICE.id } }),
  event('MESSAGE_UPDATE', DIRECT_MESSAGE),
  event('MESSAGE_DELETE', { id: DIRECT_MESSAGE.id, channel_id: DIRECT_MESSAGE.channel_id }),
  event('TYPING_START', { channel_id: DIRECT_MESSAGE.channel_id, user_id: ALICE.id }),
  {},
  null,
  'text',
];
