import { FakeSlack } from '../../platforms/slack.ts';
import { type Crowd, forEachPerson } from './crowd.ts';

export async function slack(): Promise<Crowd> {
  const fake = await new FakeSlack().listen();
  const chats = forEachPerson((person) => `D0P${person}`);
  for (const chat of chats) fake.open(chat, 'im');
  return {
    name: 'slack',
    options: `mode: socket, app_token: "${fake.appToken}", bot_token: "${fake.botToken}", api_url: "${fake.apiUrl}"`,
    exact: true,
    say: (person, text) => void fake.say(text, { channel: chats[person] ?? '', user: `U0P${person}` }),
    read: (person) => fake.seen(chats[person] ?? '').map(({ text }) => text),
    [Symbol.asyncDispose]: () => fake.stop(),
  };
}
