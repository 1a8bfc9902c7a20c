import type { proto } from '@whiskeysockets/baileys';
import { link } from '../../adapters/whatsapp/harness.ts';
import { FakeWhatsapp, type Seen } from '../../platforms/whatsapp.ts';
import { between, type Far, type Place } from './far.ts';

/** https://github.com/WhiskeySockets/Baileys, WAProto: Message.ProtocolMessage.Type.MESSAGE_EDIT */
const MESSAGE_EDIT = 14;

export async function whatsapp(): Promise<Far> {
  const fake = await new FakeWhatsapp().listen();
  const alice = fake.person('15550102', 'Alice');
  const friends = fake.group('120363000000000001@g.us', alice, fake.person('15550103', 'Bob'));
  const us = fake.me.lid.replace(/:\d+/, '');
  const place = (chat: string, group?: string): Place => {
    const say = (message: proto.IMessage) => fake.say(alice, message, group);
    const keyOf = (id: string) => ({ id, remoteJid: group ?? alice.jid });
    return {
      say(text, { call = false, picture } = {}) {
        if (picture) return say(fake.file('image', { mime: 'image/png', content: picture }, text));
        if (!call) return say({ conversation: text });
        const words = `@${us.replace('@lid', '')} ${text}`;
        return say({ extendedTextMessage: { text: words, contextInfo: { mentionedJid: [us] } } });
      },
      told: () =>
        fake.seen
          .filter((one) => one.chat === chat && one.reader === alice.jid)
          .map((one) => ({
            id: one.id,
            text: one.text,
            bold: between('*', one.text),
            replyTo: answeredBy(one),
            files: one.file === undefined ? [] : [one.file.content],
            buttons: [],
          })),
      edit: (said, text) =>
        void say({
          protocolMessage: { key: keyOf(said), type: MESSAGE_EDIT, editedMessage: { conversation: text } },
        }),
      react: (message) => void say({ reactionMessage: { key: keyOf(message), text: '👍' } }),
      reactions: (said) => [fake.reactions.get(said) ?? []].flat(),
    };
  };
  return {
    name: 'whatsapp',
    options: `web_socket_url: "${fake.url}"`,
    env: fake.env,
    textLimit: 4000,
    exact: true,
    direct: place(alice.jid),
    group: place(friends, friends),
    prepare: (folder) => link(fake, folder),
    refuse: () => fake.revoke(),
    cut: () => fake.cut(),
    failNextSend: () => fake.failNext('accept and cut'),
    until: (reached, what) => fake.until(reached, what),
    [Symbol.asyncDispose]: () => fake.stop(),
  };
}

function answeredBy({ message: { extendedTextMessage, imageMessage } }: Seen): string | undefined {
  return (extendedTextMessage ?? imageMessage)?.contextInfo?.stanzaId ?? undefined;
}
