import {
  type ChatRow,
  directChat,
  FakeBlueBubbles,
  groupChat,
  mentioning,
} from '../../platforms/imessage.ts';
import type { Far, Place } from './far.ts';

const ALICE = 'alice@example.org';

/** With BlueBubbles' Private API, without which there are no replies and no tapbacks. */
export async function imessage(): Promise<Far> {
  const fake = await new FakeBlueBubbles().listen();
  fake.privateApi = true;
  const place = (chat: ChatRow): Place => {
    const row = (guid: string) => fake.rows.find((one) => one.guid === guid);
    return {
      say(text, { call = false, picture } = {}) {
        const words = call ? mentioning(`Agent ${text}`, 'Agent', fake.ourAddress) : { text };
        const file = { name: 'seal.png', mime: 'image/png' };
        const said =
          picture === undefined
            ? fake.say(ALICE, words.text, { ...words, chats: [chat] })
            : fake.sayWithFile(ALICE, text, { ...file, content: picture });
        return said.guid;
      },
      told: () =>
        fake.seen
          .filter((one) => one.chat === chat.guid)
          .map(({ guid, text, replyTo, file }) => ({
            id: guid,
            text,
            bold: [],
            replyTo,
            files: file === undefined ? [] : [file.content],
            buttons: [],
          })),
      edit(said, text) {
        const changed = row(said);
        if (changed !== undefined) fake.edit(changed, text);
      },
      react: (message) =>
        void fake.say(ALICE, `Liked “${row(message)?.text}”`, {
          chats: [chat],
          associatedMessageGuid: `p:0/${message}`,
          associatedMessageType: 'like',
        }),
      reactions: (said) => [fake.tapbacks.get(said) ?? []].flat(),
    };
  };
  return {
    name: 'imessage',
    options: `server_url: "${fake.url}", password: "${fake.password}", poll_interval: 50ms`,
    refusedOptions: `server_url: "${fake.url}", password: "wrong-secret"`,
    textLimit: 4000,
    exact: false,
    direct: place(directChat(ALICE)),
    group: place(groupChat('chat1', 'Friends')),
    cut() {
      fake.cut();
      fake.fail('message/query', { kind: 'drop' });
    },
    failNextSend: (fault) => fake.fail('message/text', fault),
    until: (reached, what) => fake.until(reached, what),
    [Symbol.asyncDispose]: () => fake.stop(),
  };
}
