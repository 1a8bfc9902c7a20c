import { type Channel, FakeDiscord, type User } from '../../platforms/discord.ts';
import { type Crowd, forEachPerson } from './crowd.ts';

/** Every third person writes on a server, and calls the agent by a mention. */
export async function discord(): Promise<Crowd> {
  const fake = await new FakeDiscord().listen();
  const guild = fake.world.guild('Test');
  const people = forEachPerson((person): { user: User; channel: Channel } => {
    const user = fake.world.user(`person${person}`);
    const isGroup = person % 3 === 2;
    return { user, channel: isGroup ? fake.channel(guild, `room${person}`) : fake.direct(user) };
  });
  return {
    name: 'discord',
    options: `token: "${fake.token}", api_url: "${fake.apiUrl}"`,
    exact: true,
    say(person, text) {
      const { user, channel } = people[person] as (typeof people)[number];
      fake.say(user, channel, channel.guild_id === undefined ? text : `<@${fake.bot.id}> ${text}`);
    },
    read: (person) =>
      fake.seen((people[person] as (typeof people)[number]).channel).map(({ content }) => content),
    [Symbol.asyncDispose]: () => fake.stop(),
  };
}
