import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { FakeFeishu } from '../platforms/feishu.ts';
import { FakeOpenAI } from '../platforms/openai.ts';
import { FakeSlack } from '../platforms/slack.ts';
import { Daemon } from './daemon.ts';
import { type Far, platforms } from './far/index.ts';
import { agentOf, lineOf, optionsFor, startWith } from './far/start.ts';

const PAIR = 'identity: { propose_links: [[whatsapp, signal]] }\n';

/** Somebody writes, and hears so many things. */
async function hear({ direct, until }: Far, text: string, count = 1): Promise<string[]> {
  const before = direct.told().length;
  await direct.say(text);
  await until(() => direct.told().length >= before + count, `${count} answers to ${text}`);
  return direct
    .told()
    .slice(before)
    .map((one) => one.text);
}

/** Channels whose people's contacts the gateway knows. */
function asked({ folder }: Daemon): unknown[] {
  const db = new Database(join(folder, 'data', 'gateway.db'), { readonly: true });
  try {
    return db.prepare('SELECT DISTINCT channel FROM contacts ORDER BY channel').pluck().all();
  } finally {
    db.close();
  }
}

test('the same number on WhatsApp and Signal: proposed once, confirmed, one conversation', async () => {
  await using whatsapp = await (platforms.whatsapp as () => Promise<Far>)();
  await using signal = await (platforms.signal as () => Promise<Far>)();
  await using model = await new FakeOpenAI().listen();
  await using daemon = await startWith([whatsapp, signal], `${PAIR}${agentOf(model)}`);
  model.answer = () => 'Yes';

  await hear(whatsapp, 'I like tea');
  const said = await hear(signal, 'Do you know me?', 2);
  expect(said.toSorted()).toEqual([
    expect.stringMatching(/^It seems that you write to me on whatsapp/),
    'Yes',
  ]);
  expect(JSON.stringify(model.chats.at(-1)?.messages)).not.toContain('I like tea');

  const code = () => /!link [A-Z0-9]{4}-[A-Z0-9]{4}/.exec(whatsapp.direct.told().at(-1)?.text ?? '')?.[0];
  await whatsapp.until(() => code() !== undefined, 'the code');
  await hear(signal, code() ?? '');
  await hear(signal, 'What do I like?');
  expect(JSON.stringify(model.chats.at(-1)?.messages)).toContain('I like tea');

  await hear(whatsapp, 'And now?');
  expect(JSON.stringify(model.chats.at(-1)?.messages)).toContain('Do you know me?');
  const proposed = [whatsapp, signal].map(
    ({ direct }) => direct.told().filter(({ text }) => text.startsWith('It seems')).length,
  );
  expect(proposed).toEqual([1, 1]);
  await daemon.kill('SIGTERM');
  expect(asked(daemon)).toEqual(['signal', 'whatsapp']);
  expect(daemon.text).not.toContain('+15550102');
});

test('a stranger with the number of somebody else hears nothing of it, nor does the other one', async () => {
  await using whatsapp = await (platforms.whatsapp as () => Promise<Far>)();
  await using signal = await (platforms.signal as () => Promise<Far>)();
  const more = 'dm_policy: pairing, tell_strangers: true';
  const channels = `channels:\n${lineOf(whatsapp)}${lineOf(signal, { more })}`;
  await using daemon = await Daemon.start(`${PAIR}${channels}`, optionsFor([whatsapp, signal]));
  for (const { name } of [whatsapp, signal])
    await daemon.until(({ msg }) => msg === `${name} is connected`, name);

  await hear(whatsapp, 'Hello');
  expect(await hear(signal, 'Hello')).toEqual([expect.stringContaining('We do not know each other yet')]);
  await signal.direct.say('Hello?');
  await hear(whatsapp, 'Still there?');
  await daemon.kill('SIGTERM');
  expect(asked(daemon)).toEqual(['whatsapp']);
  expect([whatsapp, signal].map(({ direct }) => direct.told().length)).toEqual([2, 1]);
});

/** Slack and Feishu, which both have Alice's address. */
async function office(confirmed: boolean, more: string) {
  const slack = await new FakeSlack().listen();
  const feishu = await new FakeFeishu().listen();
  const email = 'alice@example.org';
  slack.profiles.set('U0ALICE', { email, confirmed });
  feishu.world.colleagues.set('ou_alice', { email, active: true });
  const options = {
    slack: `mode: socket, app_token: "${slack.appToken}", bot_token: "${slack.botToken}", api_url: "${slack.apiUrl}"`,
    feishu: `app_id: ${feishu.appId}, app_secret: "${feishu.appSecret}", domain: "${feishu.url}"`,
  };
  const lines = Object.entries(options).map(([name, own]) => `  ${name}: { dm_policy: open, ${own} }\n`);
  const daemon = await Daemon.start(`${more}channels:\n${lines.join('')}`);
  for (const name of Object.keys(options))
    await daemon.until(({ msg }) => msg === `${name} is connected`, name);
  const [told, seen] = [() => slack.said('D0ALICE'), () => feishu.world.seen(feishu.world.alice)];
  return {
    daemon,
    told: () => [told().map(({ text }) => text), seen().map(({ text }) => text)],
    asked: () => [slack.requests.get('users.info') ?? 0, feishu.requests.get('person') ?? 0],
    /** She writes on both, and hears so many things. */
    async chat(text: string, counts: readonly [number, number]) {
      slack.say(text);
      await slack.until(() => told().length >= counts[0], `${counts[0]} answers on Slack`);
      feishu.say(feishu.world.alice, text);
      await feishu.until(() => seen().length >= counts[1], `${counts[1]} answers on Feishu`);
    },
    async [Symbol.asyncDispose]() {
      await daemon[Symbol.asyncDispose]();
      await Promise.all([slack.stop(), feishu.stop()]);
    },
  };
}

const OFFICE = 'identity: { propose_links: [[slack, feishu]] }\n';

test('the same address in Slack and Feishu is proposed, where it is confirmed', async () => {
  await using it = await office(true, OFFICE);
  await it.chat('Hello', [1, 2]);
  expect(it.told()[1]).toContainEqual(expect.stringContaining('It seems that you write to me on slack'));
});

test('an address that nobody has confirmed is not', async () => {
  await using it = await office(false, OFFICE);
  await it.chat('Hello', [1, 1]);
  await it.chat('Still there?', [2, 2]);
  expect(it.asked()).toEqual([1, 1]);
  expect(it.told().map((texts) => texts.length)).toEqual([2, 2]);
  expect(it.told().join()).not.toContain('It seems');
});

test('without a word of the owner, nobody is asked about anybody', async () => {
  await using it = await office(true, '');
  await it.chat('Hello', [1, 1]);
  await it.chat('Still there?', [2, 2]);
  expect(it.asked()).toEqual([0, 0]);
  expect(asked(it.daemon)).toEqual([]);
});
