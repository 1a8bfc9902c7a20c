import { FakeFeishu } from '../../platforms/feishu.ts';
import { type Crowd, forEachPerson } from './crowd.ts';

export async function feishu(): Promise<Crowd> {
  const fake = await new FakeFeishu().listen();
  const chats = forEachPerson((person) => fake.world.open(`oc_p${person}`, 'p2p'));
  const chatOf = (person: number) => chats[person] as (typeof chats)[number];
  return {
    name: 'feishu',
    options: `app_id: "${fake.appId}", app_secret: "${fake.appSecret}", domain: "${fake.url}"`,
    exact: true,
    say: (person, text) => void fake.say(chatOf(person), text, { from: `ou_p${person}` }),
    read: (person) => fake.world.seen(chatOf(person)).map(({ text }) => text),
    [Symbol.asyncDispose]: () => fake.stop(),
  };
}
