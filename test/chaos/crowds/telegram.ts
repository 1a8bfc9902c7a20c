import { FakeTelegram } from '../../platforms/telegram.ts';
import type { Crowd } from './crowd.ts';

/** Every third person is a group that calls the agent by its name. */
const chatOf = (person: number) => (person % 3 === 2 ? -1000 - person : 100 + person);

export async function telegram(): Promise<Crowd> {
  const fake = await new FakeTelegram().listen();
  return {
    name: 'telegram',
    options: `token: "${fake.token}", api_root: "${fake.url}"`,
    exact: false,
    say(person, text) {
      const chat = chatOf(person);
      fake.say({ chat, text: chat < 0 ? `@${fake.botName} ${text}` : text });
    },
    read: (person) => fake.sent.filter(({ chat }) => chat === chatOf(person)).map(({ text }) => text),
    [Symbol.asyncDispose]: () => fake.stop(),
  };
}
