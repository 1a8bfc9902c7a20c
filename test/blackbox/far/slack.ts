import { FakeSlack, type SlackMessage } from '../../platforms/slack.ts';
import { mrkdwnOf } from '../../platforms/slack-blocks.ts';
import { showMrkdwn } from '../../platforms/slack-mrkdwn.ts';
import { between, type Far, type Place, type Told } from './far.ts';

const ALICE = 'D0ALICE';
const GENERAL = 'C0GENERAL';

export async function slack(): Promise<Far> {
  const fake = await new FakeSlack().listen();
  const told = (channel: string, { ts, text, blocks, thread_ts, files = [] }: SlackMessage): Told => {
    const mrkdwn = blocks === undefined ? text : mrkdwnOf(blocks);
    return {
      id: ts,
      text: showMrkdwn(mrkdwn).text,
      bold: between('*', mrkdwn),
      replyTo: thread_ts,
      files: files.flatMap(({ id }) => fake.bytesOf(id) ?? []),
      buttons: fake.buttons(channel, ts),
    };
  };
  /** In a channel, an answer stands in the thread under the call; in a thread, with all else that is said there. */
  const place = (channel: string, thread_ts?: string): Place => {
    const called: string[] = [];
    const inThread = thread_ts === undefined ? {} : { thread_ts };
    const threads = () => (thread_ts === undefined ? [undefined, ...called] : [thread_ts]);
    return {
      say(text, { call = false, picture } = {}) {
        const words = call ? `<@${fake.bot.user}> ${text}` : text;
        const files = picture && { files: [fake.file('seal.png', 'image/png', picture)] };
        const { ts } = fake.say(words, { channel, ...inThread, ...files });
        called.push(ts);
        return ts;
      },
      told: () =>
        threads().flatMap((one) => fake.said(channel, one).map((message) => told(channel, message))),
      edit: (said, text) => fake.edit(channel, said, text),
      react: (message) => fake.react(channel, message, '+1'),
      press: (label) => fake.press(label, { channel }),
      reactions: (said) => fake.reactions(channel, said),
    };
  };
  const root = fake.say('Let us talk about it here', { channel: GENERAL, user: 'U0BOB' });
  return {
    name: 'slack',
    options: `mode: socket, app_token: "${fake.appToken}", bot_token: "${fake.botToken}", api_url: "${fake.apiUrl}"`,
    refusedOptions: `mode: socket, app_token: "xapp-wrong-secret", bot_token: "xoxb-wrong-secret", api_url: "${fake.apiUrl}"`,
    textLimit: 3_900,
    exact: true,
    direct: place(ALICE),
    group: place(GENERAL),
    thread: place(GENERAL, root.ts),
    groupId: GENERAL,
    cut: () => fake.cut(),
    failNextSend: (fault) => fake.fail('chat.postMessage', fault),
    until: (reached, what) => fake.until(reached, what),
    [Symbol.asyncDispose]: () => fake.stop(),
  };
}
