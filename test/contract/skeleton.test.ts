import { expect, it } from 'vitest';
import { skeleton } from '../../adapters/skeleton/index.ts';
import { chatId } from '../../src/contract/index.ts';
import { Linechat, type SendFault } from '../platforms/linechat.ts';
import { conformance, type SendFailure, type Subject } from './conformance.ts';

const FAULTS: Readonly<Record<SendFailure, SendFault>> = {
  auth: { reason: 'token_revoked' },
  rate_limited: { reason: 'too_fast', retryAfterMs: 900 },
  rejected: { reason: 'no_such_chat' },
  unavailable: { reason: 'down_for_maintenance' },
  'lost receipt': 'accept, then cut',
  silence: 'never answer',
};

conformance('skeleton', setup, {
  'says of what is passed on that it is': 'linechat has no such thing',
});

it('tells bots from people', async () => {
  const { normalize } = await skeleton.create({ host: '127.0.0.1', port: 1, token: 'none' });
  const bots = MESSAGES.map((event) => normalize(event)).filter((message) => message?.sender.bot);
  expect(bots.map((bot) => bot?.sender.name)).toEqual(['Weather']);
});

async function setup(): Promise<Subject> {
  const linechat = await new Linechat().listen();
  const options = { host: '127.0.0.1', port: linechat.port, token: linechat.token };
  return {
    create: () => skeleton.create(options),
    chat: { id: chatId('alice'), kind: 'direct' },
    platform: {
      say: (text) => void linechat.say(text),
      acked: () => linechat.acked.length,
      sent: () => linechat.accepted.map(({ text }) => text),
      cut: () => linechat.cut(),
      failNextSend: (failure) => linechat.failNextSend(FAULTS[failure]),
      connections: () => linechat.connections,
      answer: (quoted, text) => void linechat.say(text, 'alice', linechat.say(quoted).id),
      until: (reached, what) => linechat.until(reached, what),
    },
    events: { messages: MESSAGES, others: OTHERS },
    dispose: () => linechat.stop(),
  };
}

const DIRECT = { op: 'message', id: 'm1', chat: { id: 'alice' }, from: { id: 'alice' }, text: 'Hi', at: 1 };

const MESSAGES = [
  DIRECT,
  { ...DIRECT, id: 'm2' },
  {
    ...DIRECT,
    id: 'm3',
    chat: { id: 'team', group: true, title: 'The team' },
    from: { id: 'bob', name: 'Bob' },
  },
  { ...DIRECT, id: 'm4', chat: { id: 'team', group: true }, mentionsYou: true, replyTo: 'm3' },
  { ...DIRECT, id: 'm5', text: '' },
  { ...DIRECT, id: 'm6', from: { id: 'weather', name: 'Weather', bot: true } },
];

const OTHERS = [
  { op: 'typing', chat: 'alice' },
  { op: 'notice', text: 'maintenance at noon' },
  {},
  null,
  'text',
];
