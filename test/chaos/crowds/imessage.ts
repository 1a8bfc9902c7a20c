import { directChat, FakeBlueBubbles } from '../../platforms/imessage.ts';
import type { Crowd } from './crowd.ts';

const addressOf = (person: number) => `person${person}@example.org`;

export async function imessage(): Promise<Crowd> {
  const fake = await new FakeBlueBubbles().listen();
  return {
    name: 'imessage',
    options: `server_url: "${fake.url}", password: "${fake.password}", poll_interval: 100ms`,
    exact: false,
    say: (person, text) => void fake.say(addressOf(person), text),
    read(person) {
      const { guid } = directChat(addressOf(person));
      return fake.seen.filter(({ chat }) => chat === guid).map(({ text }) => text);
    },
    [Symbol.asyncDispose]: () => fake.stop(),
  };
}
