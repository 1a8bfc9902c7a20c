import { telegram } from '../../adapters/telegram/index.ts';
import { type AdapterHost, chatId } from '../../src/contract/index.ts';
import {
  ANN,
  BOB,
  direct,
  GROUP,
  inGroup,
  OURS,
  PHOTO,
  PRESS,
  REACTION,
  update,
} from '../adapters/telegram/payloads.ts';
import { refusal } from '../adapters/telegram/refusal.ts';
import { servedBy, WEBHOOK } from '../adapters/telegram/setup.ts';
import { TestHost } from '../kit/adapter-host.ts';
import type { Fault } from '../platforms/fake-http.ts';
import { FakeTelegram } from '../platforms/telegram.ts';
import { parseHtml } from '../platforms/telegram-html.ts';
import { conformance, type SendFailure, type Subject } from './conformance.ts';

const FAULTS: Readonly<Record<SendFailure, Fault>> = {
  auth: refusal(401, 'Unauthorized'),
  rate_limited: refusal(429, 'Too Many Requests: retry after 7', { retry_after: 7 }),
  rejected: refusal(403, 'Forbidden: bot was blocked by the user'),
  unavailable: refusal(502, 'Bad Gateway'),
  'lost receipt': { kind: 'drop', when: 'after' },
  silence: { kind: 'hang' },
};

conformance('telegram', () => setup({}));
conformance('telegram by webhook', () => setup(WEBHOOK), {
  'reports a lost connection, and comes back by stop and start':
    'it is Telegram that connects, with each update anew',
});

async function setup(mode: object): Promise<Subject> {
  const platform = await new FakeTelegram().listen();
  platform.chat(42);
  let latest = 0;
  const say = (text: string, more = {}) => {
    latest = platform.say({ chat: 42, ...(text !== '' && { text }), more });
  };
  const options = telegram.options.parse({ token: platform.token, api_root: platform.url, ...mode });
  let host: AdapterHost | undefined;
  platform.callWebhook = servedBy(() => (host instanceof TestHost ? host : undefined));
  return {
    async create() {
      const adapter = await telegram.create(options);
      const start = (given: AdapterHost) => {
        host = given;
        return adapter.start(given);
      };
      return { ...adapter, start };
    },
    chat: { id: chatId('42'), kind: 'direct' },
    platform: {
      say,
      acked: () => platform.confirmed,
      sent: () => platform.sent.map(({ text }) => text),
      cut: () => platform.cut(),
      failNextSend: (failure) => platform.fail('sendMessage', FAULTS[failure]),
      connections: () => platform.connections,
      until: (reached, what) => platform.until(reached, what),
      choose: (label) => void platform.press(42, label),
      reactions: () => platform.reactionsTo(42, latest),
      files: () => platform.sent.flatMap(({ file }) => file ?? []),
      sayWithFile: (caption, { name, mime, content }) =>
        say('', { caption, document: { file_id: platform.keep(content), file_name: name, mime_type: mime } }),
      preview: () => platform.draftIn.get(42),
      menu: (language) => platform.menus.shownTo(language).map(({ description }) => description),
      menusFilled: () => platform.menus.filled,
      pick: (description, words) => platform.pick(42, description, words),
      forward: (text) => say(text, { forward_origin: BOB }),
      answer(quoted, text) {
        say(quoted);
        platform.say({ chat: 42, text, replyTo: latest });
      },
    },
    events: {
      messages: [
        update({ message: direct({ text: 'Good morning' }) }),
        update({ message: direct({ text: 'Good morning' }) }),
        update({ message: { ...direct({ text: 'hi all' }), chat: GROUP } }),
        update({ message: direct({ sticker: { file_id: 'A', emoji: '👍' } }) }),
        update({ edited_message: direct({ text: 'Good evening', edit_date: 1_795_254_700 }) }),
        update({ message_reaction: REACTION }),
        update({ message: { ...direct({ text: 'beep' }), from: { ...ANN, is_bot: true } } }),
        update({ message: direct({ photo: PHOTO, media_group_id: '13' }) }),
        update({ callback_query: PRESS }),
      ],
      others: [
        update({ my_chat_member: { chat: GROUP } }),
        update({ message_reaction: { ...REACTION, new_reaction: [] } }),
        update({ message: { ...direct({ text: 'news' }), is_automatic_forward: true } }),
        update({ callback_query: { ...PRESS, message: { ...OURS, date: 0 } } }),
        update({ callback_query: { ...PRESS, message: undefined, inline_message_id: '7' } }),
        update({ message: direct({ new_chat_members: [ANN] }) }),
      ],
      thread: {
        event: update({ message: inGroup({ text: 'hi', message_thread_id: 77, is_topic_message: true }) }),
        in: `${GROUP.id}`,
      },
    },
    visible: ({ text }) => parseHtml(text).text,
    dispose: () => platform.stop(),
  };
}
