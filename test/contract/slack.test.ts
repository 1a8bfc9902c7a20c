import { chatId } from '../../src/contract/index.ts';
import { createSlack } from '../adapters/slack/kit.ts';
import { events } from '../adapters/slack/payloads.ts';
import type { Fault } from '../platforms/fake-http.ts';
import { FakeSlack } from '../platforms/slack.ts';
import { showMrkdwn } from '../platforms/slack-mrkdwn.ts';
import { conformance, type SendFailure, type Subject } from './conformance.ts';

conformance('slack', async (): Promise<Subject> => {
  const fake = await new FakeSlack({ ackTimeoutMs: 200 }).listen();
  fake.profiles.set('U0ALICE', { email: 'Alice@example.org', confirmed: true });
  let latest = '';
  return {
    create: () => createSlack(fake),
    chat: { id: chatId('D0ALICE'), kind: 'direct' },
    events,
    visible: ({ text }) => showMrkdwn(text).text,
    dispose: () => fake.stop(),
    platform: {
      say: (text) => {
        latest = fake.say(text).ts;
      },
      acked: () => fake.events.acked,
      sent: () => fake.said('D0ALICE').map(({ text }) => text),
      cut: () => fake.cut(),
      choose: (label) => fake.press(label),
      reactions: () => fake.reactions('D0ALICE', latest),
      files: () =>
        fake
          .said('D0ALICE')
          .flatMap(({ files = [] }) => files)
          .map(({ id, name }) => ({ name, content: fake.bytesOf(id) ?? Buffer.alloc(0) })),
      sayWithFile: (text, { name, mime, content }) =>
        void fake.say(text, { files: [fake.file(name, mime, content)] }),
      forward: (text) => void fake.share(text),
      answer: (quoted, text) => void fake.say(text, { thread_ts: fake.say(quoted).ts }),
      preview: () => fake.said('D0ALICE').at(-1)?.text,
      failNextSend: (failure) => fake.fail('chat.postMessage', FAULTS[failure]),
      contact: () => ({ email: 'alice@example.org' }),
      vouchForNothing: () =>
        void fake.profiles.set('U0ALICE', { email: 'alice@example.org', confirmed: false }),
      connections: () => fake.events.connections,
      until: (reached, what) => fake.until(reached, what),
    },
  };
});

const answer = (status: number, error: string, headers: Record<string, string> = {}): Fault => ({
  kind: 'status',
  status,
  body: { ok: false, error },
  headers,
});

const FAULTS: Readonly<Record<SendFailure, Fault>> = {
  auth: answer(200, 'token_revoked'),
  rate_limited: answer(429, 'ratelimited', { 'retry-after': '2' }),
  rejected: answer(200, 'is_archived'),
  unavailable: answer(503, 'service_unavailable'),
  'lost receipt': { kind: 'drop', when: 'after' },
  silence: { kind: 'hang' },
};
