import { FakeSignalCli } from '../../platforms/signal.ts';
import { type Crowd, forEachPerson } from './crowd.ts';

/** signal-cli hands over each message once, and knows no acknowledgement: see docs/channels/signal.md. */
export async function signal(): Promise<Crowd> {
  const fake = await new FakeSignalCli().listen();
  const people = forEachPerson((person) => ({
    uuid: `a11ce000-0000-4000-8000-${String(person).padStart(12, '0')}`,
    number: `+155502${String(person).padStart(2, '0')}`,
    name: `Person ${person}`,
  }));
  const personOf = (person: number) => people[person] as (typeof people)[number];
  /** Since the last kill, oldest first. */
  const said: string[] = [];
  return {
    name: 'signal',
    options: `http_url: "${fake.url}", account: "${fake.account.number}"`,
    exact: false,
    say(person, text) {
      said.push(text);
      fake.say(personOf(person), text);
    },
    read: (person) => fake.seen.filter(({ chat }) => chat === personOf(person).uuid).map(({ text }) => text),
    async handedOver() {
      await fake.until(() => fake.listeners === 0, 'signal-cli sees that the daemon is gone');
      return said.splice(0, said.length - fake.waiting);
    },
    [Symbol.asyncDispose]: () => fake.stop(),
  };
}
