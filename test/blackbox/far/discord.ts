import { type Channel, FakeDiscord, type Message } from '../../platforms/discord.ts';
import { between, type Far, type Place } from './far.ts';

export async function discord(): Promise<Far> {
  const fake = await new FakeDiscord().listen();
  const alice = fake.world.user('alice');
  const general = fake.channel(fake.world.guild('Test'), 'general');
  const place = (channel: Channel): Place => {
    const message = (id: string) => fake.world.find(channel.id, id) as Message;
    return {
      say(text, { call = false, picture } = {}) {
        const words = call ? `<@${fake.bot.id}> ${text}` : text;
        const files = picture && { attachments: [fake.attachment('seal.png', 'image/png', picture)] };
        return fake.say(alice, channel, words, files).id;
      },
      told: () =>
        fake.seen(channel).map(({ id, content, replyTo, files = [], buttons = [] }) => ({
          id,
          text: content,
          bold: between('**', content),
          replyTo,
          files: files.map(({ bytes }) => bytes),
          buttons: buttons.flat(),
        })),
      edit: (said, text) => fake.edit(message(said), text),
      react: (id) => fake.react(alice, message(id), { id: null, name: '👍' }),
      press: (label) => fake.press(alice, channel, label),
      reactions: (said) => fake.reactions(message(said)),
    };
  };
  return {
    name: 'discord',
    options: `token: "${fake.token}", api_url: "${fake.apiUrl}"`,
    refusedOptions: `token: "wrong-secret-token", api_url: "${fake.apiUrl}"`,
    textLimit: 2000,
    exact: true,
    direct: place(fake.direct(alice)),
    group: place(general),
    thread: place(fake.thread(general, 'A thread')),
    groupId: general.id,
    cut() {
      fake.cut();
      fake.gateway.cut();
    },
    failNextSend: (fault) => fake.fail('createMessage', fault),
    until: (reached, what) => fake.until(reached, what),
    [Symbol.asyncDispose]: () => fake.stop(),
  };
}
