import { signal } from '../../adapters/signal/index.ts';
import { chatId } from '../../src/contract/index.ts';
import {
  dataMessage,
  eventOf,
  FakeSignalCli,
  groupInfo,
  mention,
  type Person,
  quote,
  reaction,
} from '../platforms/signal.ts';
import { conformance, type SendFailure, type Subject } from './conformance.ts';
import { countStored } from './stored-is-acked.ts';

const ALICE: Person = { uuid: 'a11ce000-0000-4000-8000-000000000002', number: '+15550102', name: 'Alice' };
const AGENT: Person = { uuid: 'b0b0b0b0-0000-4000-8000-000000000001', number: '+15550100' };

conformance('signal', setup, {
  'says of what is passed on that it is': 'signal-cli does not tell',
  'does not ack before the message is on disk': 'signal-cli hands over an event once, and hears of no ack',
  'gets again after a restart what was not stored before it':
    'signal-cli does not repeat it; the file that keeps it is tested in test/adapters/signal',
});

async function setup(): Promise<Subject> {
  const daemon = await new FakeSignalCli().listen();
  const stored = countStored();
  let alice = ALICE;
  const fail: Record<SendFailure, () => void> = {
    auth: () => daemon.refuse('send', { code: -32602, message: 'Specified account does not exist' }),
    rate_limited: () =>
      daemon.refuse('send', { code: -5, message: 'Failed to send message due to rate limiting' }),
    rejected: () => daemon.refuse('send', { code: -1, message: 'Group not found: AAA=' }),
    unavailable: () =>
      daemon.refuse('send', { code: -32603, message: 'Failed to send message: oops (IOException)' }),
    'lost receipt': () => daemon.fail('send', { kind: 'drop', when: 'after' }),
    silence: () => daemon.fail('send', { kind: 'hang' }),
  };
  return {
    create: async () =>
      stored.watch(await signal.create({ http_url: daemon.url, account: daemon.account.number })),
    chat: { id: chatId(ALICE.uuid), kind: 'direct' },
    platform: {
      say: (text) => void daemon.say(alice, text),
      contact: () => ({ phone: ALICE.number ?? '' }),
      vouchForNothing: () => {
        alice = { uuid: ALICE.uuid };
      },
      acked: () => stored.count,
      sent: () => daemon.seen.map(({ text }) => text),
      cut: () => daemon.cut(),
      failNextSend: (failure) => fail[failure](),
      connections: () => daemon.listeners,
      files: () => daemon.seen.flatMap(({ files }) => files),
      sayWithFile: (text, file) => void daemon.sayWithFile(ALICE, text, file),
      reactions: () => [...daemon.reactions.values()],
      answer(quoted, text) {
        const { envelope } = daemon.say(ALICE, quoted);
        daemon.say(ALICE, text, quote(Number(envelope.timestamp), ALICE, quoted));
      },
      until: stored.until,
    },
    events: { messages: MESSAGES, others: OTHERS },
    visible: ({ text, plain }) => plain ?? text,
    dispose: () => daemon.stop(),
  };
}

const account = '+15550100';
const said = (timestamp: number, text: string | null, more = {}) =>
  eventOf(account, ALICE, timestamp, { dataMessage: dataMessage(timestamp, text, more) });
const inGroup = groupInfo('Pmpi+EfPWmsxiomLe9Nx2XF9HOE483p6iKiFj65iMwI=', 'Friends');

const MESSAGES = [
  said(1, 'Hi'),
  said(2, 'Hi'),
  said(3, 'in a group', inGroup),
  said(4, '\uFFFC help', { ...inGroup, mentions: [mention(0, AGENT)] }),
  said(5, 'yes', { ...inGroup, ...quote(4, AGENT, 'Really?') }),
  said(6, null, { attachments: [{ contentType: 'image/png', filename: null, id: 'x.png', size: 3 }] }),
  said(7, null, reaction('👍', AGENT, 5)),
  said(8, null, { remoteDelete: { timestamp: 1 } }),
  eventOf(account, ALICE, 9, { editMessage: { targetSentTimestamp: 1, dataMessage: dataMessage(9, 'Hi!') } }),
  eventOf(account, { uuid: ALICE.uuid }, 10, { dataMessage: dataMessage(10, 'without a number') }),
  eventOf(account, { ...ALICE, device: 2 }, 10, { dataMessage: dataMessage(10, 'from another device') }),
];

const OTHERS = [
  eventOf(account, ALICE, 1, { typingMessage: { action: 'STARTED', timestamp: 1 } }),
  eventOf(account, ALICE, 1, { receiptMessage: { when: 1, isDelivery: true, timestamps: [1] } }),
  eventOf(account, AGENT, 1, { dataMessage: dataMessage(1, 'our own') }),
  eventOf(account, AGENT, 1, {
    syncMessage: { sentMessage: { destination: '+1', message: 'from our phone' } },
  }),
  said(1, null, { ...groupInfo('x=', 'Friends', 'UPDATE') }),
  said(1, null, { isExpirationUpdate: true }),
  { account },
  {},
  null,
  'text',
];
