import { link } from '../adapters/whatsapp/harness.ts';
import { FakeDiscord } from '../platforms/discord.ts';
import { FakeFeishu } from '../platforms/feishu.ts';
import { FakeBlueBubbles } from '../platforms/imessage.ts';
import { FakeOpenAI } from '../platforms/openai.ts';
import { FakeSignalCli } from '../platforms/signal.ts';
import { FakeSlack } from '../platforms/slack.ts';
import { FakeTelegram } from '../platforms/telegram.ts';
import { FakeWhatsapp } from '../platforms/whatsapp.ts';
import type { Bed, Fault } from './bed.ts';

/** Faults of a platform or a provider, or of what we say to it. */
export const faultsThere: readonly Fault[] = [
  onTelegram('the token is refused', {
    plant: (fake) => ({ token: '123:wrong', api_root: fake.url }),
    found: { level: 'problem', what: /getMe with 401: Unauthorized/, cure: /@BotFather/ },
    cure: (fake) => ({ token: fake.token, api_root: fake.url }),
  }),
  onTelegram('Telegram cannot be reached', {
    plant: () => ({ token: '123:test', api_root: 'http://127.0.0.1:1' }),
    found: { level: 'problem', what: /no answer from Telegram/, cure: /network/ },
    cure: (fake) => ({ token: fake.token, api_root: fake.url }),
  }),
  onTelegram('a webhook takes what polls should get', {
    plant: (fake) => {
      fake.webhook = 'https://other.example/secret-path';
      return { token: fake.token, api_root: fake.url };
    },
    found: { level: 'warning', what: /calls a webhook at other\.example, and/, cure: /Starting the gateway/ },
    cure: (fake) => {
      fake.webhook = ''; // by the deleteWebhook of a start
      return { token: fake.token, api_root: fake.url };
    },
  }),
  onTelegram('Telegram does not call our webhook', {
    plant: (fake) => byWebhook(fake),
    found: { level: 'warning', what: /does not call the webhook/, cure: /Start the gateway, which sets it/ },
    cure: (fake) => {
      fake.webhook = WEBHOOK; // by the setWebhook of a start
      return byWebhook(fake);
    },
  }),
  onTelegram('Telegram gets no answer from our webhook', {
    plant: (fake) => {
      fake.webhook = WEBHOOK;
      fake.webhookError = 'Connection refused';
      return byWebhook(fake);
    },
    found: { level: 'problem', what: /cannot call the webhook: Connection refused/, cure: /When it stops/ },
    cure: (fake) => {
      fake.webhookError = undefined;
      return byWebhook(fake);
    },
  }),
  onTelegram('the clock of this machine is off', {
    check: 'clock',
    plant: (fake) => {
      fake.tellTime = () => Date.now() + 120_000;
      return { token: fake.token, api_root: fake.url };
    },
    found: { level: 'warning', what: /is 1[12]\d s behind/, cure: /timedatectl/ },
    cure: (fake) => {
      fake.tellTime = Date.now;
      return { token: fake.token, api_root: fake.url };
    },
  }),
  onSlack('the bot token is refused', {
    plant: (fake) => ({ ...slackOptions(fake), bot_token: 'xoxb-wrong' }),
    found: { level: 'problem', what: /invalid_auth/, cure: /Install App/ },
    cure: slackOptions,
  }),
  onSlack('the app token is refused', {
    plant: (fake) => ({ ...slackOptions(fake), app_token: 'xapp-wrong' }),
    found: { level: 'problem', what: /invalid_auth/, cure: /Install App/ },
    cure: slackOptions,
  }),
  onSlack('a scope is missing', {
    plant: (fake) => {
      fake.scopes = fake.scopes.filter((scope) => scope !== 'im:history');
      return slackOptions(fake);
    },
    found: { level: 'warning', what: /lacks the scope im:history: direct messages/, cure: /OAuth/ },
    cure: (fake) => {
      fake.scopes.push('im:history');
      return slackOptions(fake);
    },
  }),
  onDiscord('the token is refused', {
    plant: (fake) => ({ token: 'wrong', api_url: fake.apiUrl }),
    found: { level: 'problem', what: /Unauthorized/, cure: /Reset Token/ },
    cure: (fake) => ({ token: fake.token, api_url: fake.apiUrl }),
  }),
  onDiscord('the Message Content Intent is off', {
    plant: (fake) => {
      fake.messageContentIntent = false;
      return { token: fake.token, api_url: fake.apiUrl };
    },
    found: { level: 'warning', what: /hides messages/, cure: /Message Content Intent/ },
    cure: (fake) => {
      fake.messageContentIntent = true;
      return { token: fake.token, api_url: fake.apiUrl };
    },
  }),
  onChannel('feishu', () => new FakeFeishu().listen(), 'the app secret is refused', {
    plant: (fake) => ({ app_id: fake.appId, app_secret: 'wrong', domain: fake.url }),
    found: { level: 'problem', what: /app secret invalid/, cure: /app_secret/ },
    cure: (fake) => ({ app_id: fake.appId, app_secret: fake.appSecret, domain: fake.url }),
  }),
  onChannel('signal', () => new FakeSignalCli().listen(), 'signal-cli does not run', {
    plant: (fake) => ({ http_url: 'http://127.0.0.1:59999', account: fake.account.number }),
    found: { level: 'problem', what: /cannot be reached: ECONNREFUSED/, cure: /signal-cli daemon --http/ },
    cure: (fake) => ({ http_url: fake.url, account: fake.account.number }),
  }),
  onChannel('signal', () => new FakeSignalCli().listen(), 'the account was removed from this device', {
    plant: (fake) => {
      fake.registered = false;
      return { http_url: fake.url, account: fake.account.number };
    },
    found: { level: 'problem', what: /account does not exist/, cure: /signal-cli link/ },
    cure: (fake) => {
      fake.registered = true;
      return { http_url: fake.url, account: fake.account.number };
    },
  }),
  onChannel('signal', () => new FakeSignalCli().listen(), 'signal-cli is too old', {
    plant: (fake) => {
      fake.version = '0.13.9';
      return { http_url: fake.url, account: fake.account.number };
    },
    found: { level: 'warning', what: /0\.13\.9 is older than 0\.14/, cure: /Update signal-cli/ },
    cure: (fake) => {
      fake.version = '0.14.0';
      return { http_url: fake.url, account: fake.account.number };
    },
  }),
  onChannel('imessage', () => new FakeBlueBubbles().listen(), 'the password is refused', {
    plant: (fake) => ({ server_url: fake.url, password: 'wrong' }),
    found: { level: 'problem', what: /refuses the password/, cure: /Server password/ },
    cure: (fake) => {
      fake.privateApi = true;
      return { server_url: fake.url, password: fake.password };
    },
  }),
  onChannel('whatsapp', whatsapp, 'no phone is linked', {
    plant: (fake) => ({ web_socket_url: fake.url }),
    found: { level: 'warning', what: /no phone is linked yet/, cure: /Linked devices/ },
    cure: async (fake, bed) => {
      await link(fake, bed.channelFolder('whatsapp'));
      return { web_socket_url: fake.url };
    },
  }),
  onModel('the model cannot be reached', {
    plant: () => ({ base_url: 'http://127.0.0.1:59999/v1', model: 'fake-model' }),
    found: { level: 'problem', what: /cannot be reached/, cure: /is it running at 127\.0\.0\.1:59999/ },
    cure: (fake) => ({ base_url: fake.baseUrl, model: 'fake-model' }),
  }),
  onModel('the key is refused', {
    plant: (fake) => {
      fake.apiKey = 'right-key';
      return { base_url: fake.baseUrl, model: 'fake-model', api_key: 'wrong-key' };
    },
    found: { level: 'problem', what: /refuses the key \(HTTP 401\)/, cure: /check api_key/ },
    cure: (fake) => ({ base_url: fake.baseUrl, model: 'fake-model', api_key: 'right-key' }),
  }),
  onModel('the clock of this machine is off', {
    check: 'clock',
    plant: (fake) => {
      fake.tellTime = () => Date.now() - 120_000;
      return { base_url: fake.baseUrl, model: 'fake-model' };
    },
    found: { level: 'warning', what: /is 1[12]\d s ahead/, cure: /timedatectl/ },
    cure: (fake) => {
      fake.tellTime = Date.now;
      return { base_url: fake.baseUrl, model: 'fake-model' };
    },
  }),
  onModel('the provider does not have the model', {
    plant: (fake) => ({ base_url: fake.baseUrl, model: 'fake-modle' }),
    found: { level: 'warning', what: /does not list the model fake-modle/, cure: /such as fake-model/ },
    cure: (fake) => ({ base_url: fake.baseUrl, model: 'fake-model' }),
  }),
];

const WEBHOOK = 'https://gateway.example/channels/telegram/webhook';

function byWebhook({ token, url }: FakeTelegram): object {
  const webhook = { webhook_url: 'https://gateway.example', secret_token: 'a-secret-of-sixteen' };
  return { mode: 'webhook', token, api_root: url, ...webhook };
}

interface FaultOf<Fake> {
  /** `channel` or `agent` unless told. */
  readonly check?: string;
  /** Gives the options of the channel or the agent. */
  plant(fake: Fake): object;
  readonly found: Omit<Fault['found'], 'check'>;
  cure(fake: Fake, bed: Bed): object | Promise<object>;
}

function onChannel<Fake extends AsyncDisposable>(
  type: string,
  make: () => Promise<Fake>,
  name: string,
  { check = 'channel', plant, found, cure }: FaultOf<Fake>,
): Fault {
  let fake: Fake;
  const write = (bed: Bed, options: object) =>
    void bed.yaml.set('channels', JSON.stringify({ webchat: {}, [type]: options }));
  return {
    name: `${type}: ${name}`,
    async plant(bed) {
      fake = bed.guest(await make());
      write(bed, plant(fake));
    },
    found: { check, ...found },
    cure: async (bed) => write(bed, await cure(fake, bed)),
  };
}

function onTelegram(name: string, fault: FaultOf<FakeTelegram>): Fault {
  return onChannel('telegram', () => new FakeTelegram().listen(), name, fault);
}

function onSlack(name: string, fault: FaultOf<FakeSlack>): Fault {
  return onChannel('slack', () => new FakeSlack().listen(), name, fault);
}

function onDiscord(name: string, fault: FaultOf<FakeDiscord>): Fault {
  return onChannel('discord', () => new FakeDiscord().listen(), name, fault);
}

function onModel(name: string, { check = 'agent', plant, found, cure }: FaultOf<FakeOpenAI>): Fault {
  let fake: FakeOpenAI;
  const write = (bed: Bed, options: object) => {
    const agent = { type: 'llm', provider: 'openai-compatible', ...options };
    bed.yaml.set('agents', JSON.stringify({ default: agent }));
  };
  return {
    name: `model: ${name}`,
    async plant(bed) {
      fake = bed.guest(await new FakeOpenAI().listen());
      write(bed, plant(fake));
    },
    found: { check, ...found },
    cure: async (bed) => write(bed, await cure(fake, bed)),
  };
}

function slackOptions(fake: FakeSlack): object {
  return { mode: 'socket', app_token: fake.appToken, bot_token: fake.botToken, api_url: fake.apiUrl };
}

async function whatsapp(): Promise<FakeWhatsapp & AsyncDisposable> {
  const fake = await new FakeWhatsapp().listen();
  return Object.assign(fake, { [Symbol.asyncDispose]: () => fake.stop() });
}
