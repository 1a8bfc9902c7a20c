import { link } from '../../adapters/whatsapp/harness.ts';
import { FakeWhatsapp } from '../../platforms/whatsapp.ts';
import { type Crowd, forEachPerson } from './crowd.ts';

export async function whatsapp(): Promise<Crowd> {
  const fake = await new FakeWhatsapp().listen();
  const people = forEachPerson((person) => fake.person(`1555020${person}`, `Person ${person}`));
  const personOf = (person: number) => people[person] as (typeof people)[number];
  return {
    name: 'whatsapp',
    options: `web_socket_url: "${fake.url}"`,
    env: fake.env,
    exact: true,
    // What the device could not decrypt is asked for again, and comes after what was said since.
    mayReorder: true,
    prepare: (folder) => link(fake, folder),
    say: (person, text) => void fake.say(personOf(person), text),
    read: (person) => fake.seen.filter(({ chat }) => chat === personOf(person).jid).map(({ text }) => text),
    [Symbol.asyncDispose]: () => fake.stop(),
  };
}
