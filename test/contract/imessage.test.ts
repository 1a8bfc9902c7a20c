import { imessage } from '../../adapters/imessage/index.ts';
import { chatId } from '../../src/contract/index.ts';
import { directChat, FakeBlueBubbles, groupChat, mentioning, type Row } from '../platforms/imessage.ts';
import { conformance, type SendFailure, type Subject } from './conformance.ts';
import { countStored } from './stored-is-acked.ts';

const ALICE = 'alice@example.org';

// What takes the place of an ack is the cursor, which is stored together with the messages.
conformance('imessage', setup, {
  'says of what is passed on that it is': 'Messages does not tell',
});

async function setup(): Promise<Subject> {
  const server = await new FakeBlueBubbles().listen();
  server.privateApi = true;
  const stored = countStored();
  let service = 'iMessage';
  const fail: Record<SendFailure, () => void> = {
    auth: () => server.fail('message/text', { kind: 'status', status: 401 }),
    rate_limited: () => server.fail('message/text', { kind: 'status', status: 429 }),
    rejected: () => server.fail('message/text', { kind: 'status', status: 400 }),
    unavailable: () => server.fail('message/text', { kind: 'status', status: 500 }),
    'lost receipt': () => server.fail('message/text', { kind: 'drop', when: 'after' }),
    silence: () => server.fail('message/text', { kind: 'hang' }),
  };
  return {
    create: async () =>
      stored.watch(
        await imessage.create({ server_url: server.url, password: server.password, poll_interval: 10 }),
      ),
    chat: { id: chatId(directChat(ALICE).guid), kind: 'direct' },
    platform: {
      say: (text) => void server.say(ALICE, text, { handle: { address: ALICE, service } }),
      contact: () => ({ email: ALICE }),
      vouchForNothing: () => {
        service = 'SMS';
      },
      acked: () => stored.count,
      sent: () => server.seen.map(({ text }) => text),
      // There is one connection at a time: that of the question which is being asked.
      cut: () => server.fail('message/query', { kind: 'drop' }),
      failNextSend: (failure) => fail[failure](),
      connections: () => server.open,
      files: () => server.seen.flatMap(({ file }) => file ?? []),
      sayWithFile: (text, file) => void server.sayWithFile(ALICE, text, file),
      reactions: () => [...server.tapbacks.values()],
      answer(quoted, text) {
        const { guid } = server.say(ALICE, quoted);
        server.say(ALICE, text, { threadOriginatorGuid: guid });
      },
      until: stored.until,
    },
    events: { messages: MESSAGES, others: OTHERS },
    dispose: () => server.stop(),
  };
}

const rows = new FakeBlueBubbles();
const friends = { chats: [groupChat('chat123', 'Friends')] };
const event = (message: Row, more = {}) => ({
  message,
  edited: false,
  answered: undefined,
  ourAddress: undefined,
  ...more,
});
const hello = rows.say(ALICE, 'Hello');

const MESSAGES = [
  event(hello),
  event(rows.say(ALICE, 'Hello')),
  event({ ...hello, text: 'Hello!', dateEdited: 1 }, { edited: true }),
  event({ ...hello, text: 'Hello!!', dateEdited: 2 }, { edited: true }),
  event({ ...hello, text: null, dateEdited: 3 }, { edited: true }),
  event(rows.say(ALICE, 'in a group', friends)),
  event(rows.say(ALICE, null, { ...friends, ...mentioning('Agent help', 'Agent', rows.ourAddress) })),
  event(rows.say(ALICE, null, { attachments: [{ guid: 'a1', mimeType: 'image/jpeg', totalBytes: 3 }] })),
  event(rows.say(ALICE, 'Loved “Hello”', { associatedMessageGuid: 'p:0/x', associatedMessageType: 'love' })),
  event(rows.say(ALICE, 'yes', { threadOriginatorGuid: 'x' }), {
    answered: { text: 'Really?', isFromMe: true },
  }),
];

const OTHERS = [
  event({ ...hello, isFromMe: true }),
  event({ ...hello, itemType: 2, text: null }),
  event({ ...hello, text: null }),
  {},
  null,
  'text',
];
