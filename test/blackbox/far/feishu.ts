import { type Chat, FakeFeishu, type Message } from '../../platforms/feishu.ts';
import { between, type Far, type Place } from './far.ts';

export async function feishu(): Promise<Far> {
  const fake = await new FakeFeishu().listen();
  const { world } = fake;
  const place = (chat: Chat, inThread: Partial<Message> = {}): Place => {
    const seen = () => world.seen(chat).filter(({ thread }) => thread === inThread.thread);
    return {
      say(text, { call = false, picture } = {}) {
        const mention = { key: '@_user_1', id: world.botId, name: 'Claw' };
        const mentions = call ? [mention] : [];
        const words = call ? `${mention.key} ${text}` : text;
        const content = picture && world.withPicture(words, 'seal.png', picture);
        return fake.say(chat, words, { ...inThread, mentions, ...content }).id;
      },
      told: () =>
        seen().map(({ id, text, parent, files, buttons }) => ({
          id,
          text,
          bold: boldIn(world.find(id).content),
          replyTo: parent,
          files: files.map(({ data }) => data),
          buttons,
        })),
      react: (message) => fake.react(world.find(message), 'THUMBSUP'),
      press: (label) => void fake.press(chat, label),
      reactions: (said) =>
        world.reactions
          .under(said)
          .filter(({ by, emoji }) => by === fake.appId && emoji === 'THUMBSUP')
          .map(() => '👍'),
    };
  };
  const { team, alice } = world;
  const root = world.add(team, { from: 'ou_bob', thread: 'omt_talk' });
  return {
    name: 'feishu',
    options: `app_id: "${fake.appId}", app_secret: "${fake.appSecret}", domain: "${fake.url}"`,
    refusedOptions: `app_id: "${fake.appId}", app_secret: "wrong-secret", domain: "${fake.url}"`,
    textLimit: 28_000,
    lengthOf: Buffer.byteLength,
    exact: true,
    direct: place(alice),
    group: place(team),
    thread: place(team, { thread: 'omt_talk', parent: root.id }),
    groupId: team.id,
    cut: () => fake.cut(),
    failNextSend: (fault) => fake.fail('create', fault),
    until: (reached, what) => fake.until(reached, what),
    [Symbol.asyncDispose]: () => fake.stop(),
  };
}

/** In a rich text, pieces have styles. */
function boldIn(content: string): string[] {
  const pieces = [...content.matchAll(/\{[^{}]*"style":\[[^\]]*"bold"[^\]]*\][^{}]*\}/g)];
  return pieces.length > 0
    ? pieces.map(([piece]) => (JSON.parse(piece) as { text: string }).text)
    : between('**', content);
}
