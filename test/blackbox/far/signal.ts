import {
  dataMessage,
  eventOf,
  FakeSignalCli,
  groupInfo,
  mention,
  PLACEHOLDER,
  reaction,
} from '../../platforms/signal.ts';
import type { Far, Place } from './far.ts';

const ALICE = { uuid: 'a11ce000-0000-4000-8000-000000000002', number: '+15550102', name: 'Alice' };
const GROUP = 'Z3JvdXA=';

export async function signal(): Promise<Far> {
  const fake = await new FakeSignalCli().listen();
  fake.groups.add(GROUP);
  const place = (chat: string, more: Readonly<Record<string, unknown>>): Place => {
    const tell = (timestamp: number, content: Readonly<Record<string, unknown>>) =>
      fake.deliver(eventOf(fake.account.number, ALICE, timestamp, content));
    return {
      say(text, { call = false, picture } = {}) {
        const words = call ? `${PLACEHOLDER} ${text}` : text;
        const called = call ? { mentions: [mention(0, fake.account)] } : {};
        const file = { name: 'seal.png', mime: 'image/png' };
        const event =
          picture === undefined
            ? fake.say(ALICE, words, { ...more, ...called })
            : fake.sayWithFile(ALICE, words, { ...file, content: picture });
        return String(event.envelope.timestamp);
      },
      told: () =>
        fake.seen
          .filter((one) => one.chat === chat)
          .map(({ timestamp, text, styles, quote, files }) => ({
            id: String(timestamp),
            text,
            bold: styles
              .map((style) => style.split(':'))
              .filter(([, , style]) => style === 'BOLD')
              .map(([start, length]) => text.slice(Number(start), Number(start) + Number(length))),
            replyTo: quote?.timestamp.toString(),
            files: files.map(({ content }) => content),
            buttons: [],
          })),
      edit(said, text) {
        const timestamp = fake.now();
        const changed = {
          targetSentTimestamp: Number(said),
          dataMessage: dataMessage(timestamp, text, more),
        };
        tell(timestamp, { editMessage: changed });
      },
      react(message) {
        const timestamp = fake.now();
        const about = reaction('👍', fake.account, Number(message));
        tell(timestamp, { dataMessage: dataMessage(timestamp, null, { ...more, ...about }) });
      },
      reactions: (said) => [fake.reactions.get(Number(said)) ?? []].flat(),
    };
  };
  return {
    name: 'signal',
    options: `http_url: "${fake.url}", account: "${fake.account.number}"`,
    refusedOptions: `http_url: "${fake.url}", account: "+15550199"`,
    textLimit: 2000,
    lengthOf: Buffer.byteLength,
    exact: false,
    direct: place(ALICE.uuid, {}),
    group: place(GROUP, groupInfo(GROUP, 'Friends')),
    // signal-cli hands over each message once: one that it writes to a dying connection is beyond anybody's reach.
    async cut() {
      fake.cut();
      await fake.until(() => fake.listeners === 0, 'signal-cli sees the cut');
    },
    failNextSend: (fault) => fake.fail('send', fault),
    until: (reached, what) => fake.until(reached, what),
    [Symbol.asyncDispose]: () => fake.stop(),
  };
}
