import { feishu } from '../../adapters/feishu/index.ts';
import { chatId } from '../../src/contract/index.ts';
import { BOT, pressed, reaction, recall, received } from '../adapters/feishu/events.ts';
import type { Fault } from '../platforms/fake-http.ts';
import { FakeFeishu } from '../platforms/feishu.ts';
import { shownText } from '../platforms/feishu-world.ts';
import { conformance, type SendFailure, type Subject } from './conformance.ts';

/** Feishu's names for the emoji that the checks use. */
const EMOJI: Readonly<Record<string, string>> = { THUMBSUP: '👍' };

function reactionsIn({ world, appId }: FakeFeishu): string[] {
  const last = world.messages.findLast(({ from }) => from === 'ou_alice')?.id ?? '';
  return world.reactions
    .under(last)
    .filter(({ by }) => by === appId)
    .map(({ emoji }) => EMOJI[emoji] ?? emoji);
}

function asFile({ name, data }: { readonly name: string; readonly data: Buffer }) {
  return { name, content: data };
}

const FAULTS: Readonly<Record<SendFailure, Fault>> = {
  auth: { kind: 'status', status: 400, body: { code: 99991662, msg: 'app not in use' } },
  rate_limited: {
    kind: 'status',
    status: 400,
    body: { code: 230020, msg: 'too many messages in this chat' },
  },
  rejected: { kind: 'status', status: 400, body: { code: 230002, msg: 'bot not in the group' } },
  unavailable: { kind: 'status', status: 503, body: 'upstream' },
  'lost receipt': { kind: 'drop', when: 'after' },
  silence: { kind: 'hang' },
};

conformance('feishu', setup);

async function setup(): Promise<Subject> {
  const fake = await new FakeFeishu().listen();
  const { colleagues } = fake.world;
  colleagues.set('ou_alice', { email: 'Alice@example.org', active: true });
  const options = feishu.options.parse({ app_id: fake.appId, app_secret: fake.appSecret, domain: fake.url });
  return {
    create: () => feishu.create(options),
    chat: { id: chatId(fake.world.alice.id), kind: 'direct' },
    platform: {
      say: (text) => void fake.say(fake.world.alice, text),
      acked: () => fake.events.filter(({ acked }) => acked).length,
      sent: () => fake.world.seen(fake.world.alice).map(({ text }) => text),
      cut: () => fake.cut(),
      failNextSend: (failure) => fake.fail('create', FAULTS[failure]),
      contact: () => ({ email: 'alice@example.org' }),
      vouchForNothing: () => void colleagues.set('ou_alice', { email: 'alice@example.org', active: false }),
      connections: () => fake.connections,
      until: (reached, what) => fake.until(reached, what),
      choose: (label) => void fake.press(fake.world.alice, label),
      reactions: () => reactionsIn(fake),
      files: () => fake.world.seen(fake.world.alice).flatMap(({ files }) => files.map(asFile)),
      sayWithFile: (text, { name, content }) =>
        void fake.say(fake.world.alice, '', fake.world.withPicture(text, name, content)),
      forward: (text) =>
        void fake.say(fake.world.alice, text, {
          type: 'merge_forward',
          content: 'Merged and Forwarded Message',
        }),
      answer: (quoted, text) =>
        void fake.say(fake.world.alice, text, { parent: fake.say(fake.world.alice, quoted).id }),
      preview: () => fake.world.seen(fake.world.alice).find(({ streaming }) => streaming)?.text,
    },
    events: {
      messages: [
        received(),
        received({ message_id: 'om_2' }),
        received({ message_id: 'om_3', chat_id: 'oc_team', chat_type: 'group', thread_id: 'omt_1' }),
        received({ message_id: 'om_4', message_type: 'image', content: '{"image_key":"img_1"}' }),
        received({
          message_id: 'om_7',
          message_type: 'merge_forward',
          content: 'Merged and Forwarded Message',
        }),
        received({ message_id: 'om_5', parent_id: 'om_4' }),
        reaction('created', 'event-6'),
        reaction('deleted', 'event-7'),
        recall(),
        pressed('event-10'),
        received({ message_id: 'om_6' }, { sender_type: 'app', sender_id: { open_id: 'ou_other_bot' } }),
      ],
      others: [
        received({}, { sender_type: 'app', sender_id: { open_id: BOT } }),
        received({}, { sender_type: 'system' }),
        reaction('created', 'event-8', 'app'),
        recall('app'),
        { header: { event_id: 'e', event_type: 'im.chat.updated_v1', app_id: 'cli_1' }, event: {} },
        {},
        null,
        'text',
      ],
      thread: {
        event: received({ chat_id: 'oc_team', chat_type: 'group', thread_id: 'omt_1' }),
        in: 'oc_team',
      },
    },
    visible: ({ text }) => shownText(text),
    dispose: () => fake.stop(),
  };
}
