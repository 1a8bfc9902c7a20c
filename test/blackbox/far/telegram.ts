import { FakeTelegram } from '../../platforms/telegram.ts';
import { entitiesOf, type Saying } from '../../platforms/telegram-chats.ts';
import type { Far, Place } from './far.ts';

const ANN = 42;
const GROUP = -1001;
const TOPIC = 7;

export async function telegram(): Promise<Far> {
  const fake = await new FakeTelegram().listen();
  const place = (chat: number, topic?: number): Place => ({
    say(text, { call = false, picture } = {}) {
      const words = call ? `@${fake.botName} ${text}` : text;
      const where: Saying = { chat, ...(topic !== undefined && { topic }) };
      if (picture === undefined) return String(fake.say({ ...where, text: words }));
      const photo = [{ file_id: fake.keep(picture), file_size: picture.length }];
      const caption = { caption: words, caption_entities: entitiesOf(words) };
      return String(fake.say({ ...where, more: { photo, ...caption } }));
    },
    told: () =>
      fake.sent
        .filter((one) => one.chat === chat && one.topic === topic)
        .map(({ id, text, entities, replyTo, file }) => ({
          id: String(id),
          text,
          bold: entities
            .filter(({ type }) => type === 'bold')
            .map(({ offset, length }) => text.slice(offset, offset + length)),
          replyTo: replyTo?.toString(),
          files: file === undefined ? [] : [file.content],
          buttons: fake.buttonsUnder(chat, id),
        })),
    growing: () => fake.draftIn.get(chat) ?? '',
    edit: (said, text) => fake.edit(chat, Number(said), text),
    react: (message) => fake.react(chat, Number(message), ['👍']),
    press: (label) => void fake.press(chat, label),
    reactions: (said) => fake.reactionsTo(chat, Number(said)),
  });
  return {
    name: 'telegram',
    options: `token: "${fake.token}", api_root: "${fake.url}"`,
    refusedOptions: `token: "999:wrong-secret", api_root: "${fake.url}"`,
    textLimit: 4096,
    exact: false,
    direct: place(ANN),
    group: place(GROUP),
    thread: place(GROUP, TOPIC),
    groupId: String(GROUP),
    cut: () => fake.cut(),
    failNextSend: (fault) => fake.fail('sendMessage', fault),
    until: (reached, what) => fake.until(reached, what),
    [Symbol.asyncDispose]: () => fake.stop(),
  };
}
