import { describe, expect, test } from 'vitest';
import { FakeDiscord } from '../platforms/discord.ts';
import type { Fault } from '../platforms/fake-http.ts';
import { FakeFeishu } from '../platforms/feishu.ts';
import { FakeBlueBubbles } from '../platforms/imessage.ts';
import { FakeSignalCli } from '../platforms/signal.ts';
import { FakeSlack } from '../platforms/slack.ts';
import { FakeTelegram } from '../platforms/telegram.ts';
import { Daemon } from './daemon.ts';

/** One platform with one person, who writes to the agent in a direct chat. */
interface Far {
  /** The channel in the config. */
  readonly config: string;
  /** Whether a message can be kept from arriving twice. */
  readonly exact: boolean;
  say(text: string): void;
  /** What the person has been told, oldest first. */
  told(): string[];
  cut(): void | Promise<void>;
  failNextSend(fault: Fault): void;
  until(reached: () => boolean, what: string): Promise<void>;
  stop(): Promise<void>;
}

const channels: Record<string, () => Promise<Far>> = {
  async telegram() {
    const fake = await new FakeTelegram().listen();
    return {
      config: `telegram: { token: "${fake.token}", api_root: "${fake.url}" }`,
      exact: false,
      say: (text) => void fake.say({ chat: 42, text }),
      told: () => fake.sent.map(({ text }) => text),
      cut: () => fake.cut(),
      failNextSend: (fault) => fake.fail('sendMessage', fault),
      until: (reached, what) => fake.until(reached, what),
      stop: () => fake.stop(),
    };
  },
  async slack() {
    const fake = await new FakeSlack().listen();
    return {
      config: `slack: { mode: socket, app_token: "${fake.appToken}", bot_token: "${fake.botToken}", api_url: "${fake.apiUrl}" }`,
      exact: true,
      say: (text) => void fake.say(text),
      told: () => fake.said('D0ALICE').map(({ text }) => text),
      cut: () => fake.cut(),
      failNextSend: (fault) => fake.fail('chat.postMessage', fault),
      until: (reached, what) => fake.until(reached, what),
      stop: () => fake.stop(),
    };
  },
  async discord() {
    const fake = await new FakeDiscord().listen();
    const alice = fake.world.user('alice');
    const chat = fake.direct(alice);
    return {
      config: `discord: { token: "${fake.token}", api_url: "${fake.apiUrl}" }`,
      exact: true,
      say: (text) => void fake.say(alice, chat, text),
      told: () => fake.seen(chat).map(({ content }) => content),
      cut: () => fake.gateway.cut(),
      failNextSend: (fault) => fake.fail('createMessage', fault),
      until: (reached, what) => fake.until(reached, what),
      stop: () => fake.stop(),
    };
  },
  async feishu() {
    const fake = await new FakeFeishu().listen();
    return {
      config: `feishu: { app_id: "${fake.appId}", app_secret: "${fake.appSecret}", domain: "${fake.url}" }`,
      exact: true,
      say: (text) => void fake.say(fake.world.alice, text),
      told: () => fake.world.seen(fake.world.alice).map(({ text }) => text),
      cut: () => fake.cut(),
      failNextSend: (fault) => fake.fail('create', fault),
      until: (reached, what) => fake.until(reached, what),
      stop: () => fake.stop(),
    };
  },
  async signal() {
    const fake = await new FakeSignalCli().listen();
    const alice = { uuid: 'a11ce000-0000-4000-8000-000000000002', number: '+15550102', name: 'Alice' };
    return {
      config: `signal: { http_url: "${fake.url}", account: "${fake.account.number}" }`,
      exact: false,
      say: (text) => void fake.say(alice, text),
      told: () => fake.seen.map(({ text }) => text),
      // signal-cli hands over each message once: one that it writes to a dying connection is beyond anybody's reach.
      async cut() {
        fake.cut();
        await fake.until(() => fake.listeners === 0, 'signal-cli sees the cut');
      },
      failNextSend: (fault) => fake.fail('send', fault),
      until: (reached, what) => fake.until(reached, what),
      stop: () => fake.stop(),
    };
  },
  async imessage() {
    const fake = await new FakeBlueBubbles().listen();
    return {
      config: `imessage: { server_url: "${fake.url}", password: "${fake.password}", poll_interval: 50ms }`,
      exact: false,
      say: (text) => void fake.say('alice@example.org', text),
      told: () => fake.seen.map(({ text }) => text),
      cut: () => fake.fail('message/query', { kind: 'drop' }),
      failNextSend: (fault) => fake.fail('message/text', fault),
      until: (reached, what) => fake.until(reached, what),
      stop: () => fake.stop(),
    };
  },
};

describe.each(Object.keys(channels))('%s, with its real SDK, in the whole daemon', (name) => {
  test('cut connections, a lost receipt and a kill: every message is answered, none twice unmarked', async () => {
    const far = await (channels[name] as () => Promise<Far>)();
    await using daemon = await Daemon.start(
      `reconnect: { base: 50ms, cap: 200ms }\nchannels:\n  ${far.config}\n`,
    );
    await daemon.until(({ msg }) => msg === `${name} is connected`, 'the connection');
    const answers = (word: string) => far.told().filter((text) => text.includes(word));
    const answered = (word: string) => far.until(() => answers(word).length > 0, `an answer to ${word}`);

    far.say('apple');
    await answered('apple');

    await far.cut();
    far.say('banana');
    await answered('banana');

    far.failNextSend({ kind: 'drop', when: 'after' });
    far.say('cherry');
    await answered('cherry');
    await daemon.until(({ msg }) => msg.startsWith('nobody knows whether this message arrived'), 'the doubt');

    far.say('damson');
    await answered('damson');

    await daemon.kill('SIGKILL');
    far.say('elderberry');
    await daemon.boot();
    await answered('elderberry');

    expect(answers('apple')).toHaveLength(1);
    expect(answers('banana')).toHaveLength(1);
    expect(answers('damson'), 'the answer before the kill may have lost its receipt').not.toHaveLength(0);
    expect(answers('elderberry')).toHaveLength(1);
    if (far.exact) {
      expect(answers('cherry')).toHaveLength(1);
      expect(answers('damson')).toHaveLength(1);
    } else {
      expect(answers('cherry').filter((text) => text.includes('↻')).length, 'the second one is marked').toBe(
        answers('cherry').length - 1,
      );
    }
    await far.stop();
  });
});
