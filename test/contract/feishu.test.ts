import { feishu } from '../../adapters/feishu/index.ts';
import { chatId } from '../../src/contract/index.ts';
import { reaction, recall, received } from '../adapters/feishu/events.ts';
import type { Fault } from '../platforms/fake-http.ts';
import { FakeFeishu } from '../platforms/feishu.ts';
import { shownText } from '../platforms/feishu-world.ts';
import { conformance, type SendFailure, type Subject } from './conformance.ts';

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
      connections: () => fake.connections,
      until: (reached, what) => fake.until(reached, what),
    },
    events: {
      messages: [
        received(),
        received({ message_id: 'om_2' }),
        received({ message_id: 'om_3', chat_id: 'oc_team', chat_type: 'group', thread_id: 'omt_1' }),
        received({ message_id: 'om_4', message_type: 'image', content: '{"image_key":"img_1"}' }),
        received({ message_id: 'om_5', parent_id: 'om_4' }),
        reaction('created', 'event-6'),
        reaction('deleted', 'event-7'),
        recall(),
      ],
      others: [
        received({}, { sender_type: 'app' }),
        reaction('created', 'event-8', 'app'),
        recall('app'),
        { header: { event_id: 'e', event_type: 'im.chat.updated_v1', app_id: 'cli_1' }, event: {} },
        {},
        null,
        'text',
      ],
    },
    visible: ({ text }) => shownText(text),
    dispose: () => fake.stop(),
  };
}
