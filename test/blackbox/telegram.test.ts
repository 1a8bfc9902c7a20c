import { expect, test } from 'vitest';
import { textsIn } from '../../src/texts/index.ts';
import { FakeTelegram } from '../platforms/telegram.ts';
import { Daemon } from './daemon.ts';

const configOf = (telegram: FakeTelegram) =>
  `channels:\n  telegram: { dm_policy: open, token: "${telegram.token}", api_root: "${telegram.url}" }\n`;

test('a person writes, the agent answers; after a restart the conversation goes on', async () => {
  await using telegram = await new FakeTelegram().listen();
  await using daemon = await Daemon.start(configOf(telegram));
  telegram.say({ chat: 42, text: 'hello **there**' });
  await telegram.until(() => telegram.sent.length === 1, 'the answer');
  expect(telegram.sent[0]).toMatchObject({ chat: 42 });
  expect(telegram.sent[0]?.text).toContain('no model is connected');
  await daemon.kill('SIGTERM');
  telegram.say({ chat: 42, text: 'while you were away' });
  await daemon.boot();
  await telegram.until(() => telegram.sent.length === 2, 'the answer to what came meanwhile');
  expect(telegram.sent[1]?.text).toContain('while you were away');
  expect(telegram.sent[1]?.text, 'it remembers that it introduced itself').not.toContain(
    'no model is connected',
  );
});

test('who cannot be answered is told so in the language of their app, and others in that of the config', async () => {
  await using telegram = await new FakeTelegram().listen();
  const nobody = 'type: llm, provider: openai-compatible, base_url: "http://127.0.0.1:1/v1", model: none';
  const config = `language: zh\nturns: { max_attempts: 1 }\nagents: { default: { ${nobody} } }\n`;
  await using _daemon = await Daemon.start(`${config}${configOf(telegram)}`);
  for (const [chat, language_code] of [
    [1, 'zh-hans'],
    [2, 'en'],
    [3, 'fr'],
  ] as const) {
    telegram.say({ chat, text: 'hello', from: { language_code } });
  }
  await telegram.until(() => telegram.sent.length === 3, 'a word to each');
  const told = new Map(telegram.sent.map(({ chat, text }) => [chat, text]));
  expect(told.get(1)).toBe(textsIn('zh').chat.failed);
  expect(told.get(2)).toBe(textsIn('en').chat.failed);
  expect(told.get(3)).toBe(textsIn('zh').chat.failed);
});

test('in a group it answers who addresses it, as a reply, and is silent otherwise', async () => {
  await using telegram = await new FakeTelegram().listen();
  await using daemon = await Daemon.start(configOf(telegram));
  telegram.say({ chat: -1001, chatType: 'supergroup', text: 'just talking' });
  const asked = telegram.say({
    chat: -1001,
    chatType: 'supergroup',
    text: `@${telegram.botName} what time is it?`,
  });
  await telegram.until(() => telegram.sent.length === 1, 'the answer');
  expect(telegram.sent[0]).toMatchObject({ chat: -1001, replyTo: asked });
  await daemon.kill('SIGTERM');
  expect(telegram.sent).toHaveLength(1);
});

test('a lost answer to a send is repeated once, and marked; a refused one is not repeated', async () => {
  await using telegram = await new FakeTelegram().listen();
  await using daemon = await Daemon.start(configOf(telegram));
  telegram.fail('sendMessage', { kind: 'drop', when: 'after' });
  telegram.say({ chat: 1, text: 'hi' });
  await telegram.until(() => telegram.sent.length === 2, 'the repetition');
  expect(telegram.sent[1]?.text).toContain('↻');
  await daemon.until(({ msg }) => msg.startsWith('nobody knows whether'), 'the record');
  telegram.fail('sendMessage', {
    kind: 'status',
    status: 403,
    body: { ok: false, error_code: 403, description: 'Forbidden: bot was blocked by the user' },
  });
  telegram.say({ chat: 2, text: 'hi' });
  const dead = await daemon.until(({ msg }) => msg === 'message given up', 'the dead letter');
  expect(dead.reason).toContain('blocked by the user');
});

test('Telegram goes away and comes back: nothing is lost, nothing said twice', async () => {
  await using telegram = await new FakeTelegram().listen();
  await using daemon = await Daemon.start(`reconnect: { base: 50ms, cap: 200ms }\n${configOf(telegram)}`);
  telegram.fail('getUpdates', { kind: 'status', status: 502, body: 'Bad Gateway' }, 3);
  telegram.cut();
  telegram.say({ chat: 1, text: 'are you there?' });
  await telegram.until(() => telegram.sent.length === 1, 'the answer');
  await daemon.until(({ msg }) => msg.includes('is not connected'), 'the loss in the log');
  await daemon.kill('SIGTERM');
  expect(telegram.sent).toHaveLength(1);
});

test('too fast for Telegram: it waits as long as Telegram says, and loses nothing', async () => {
  await using telegram = await new FakeTelegram().listen();
  await using daemon = await Daemon.start(configOf(telegram));
  telegram.fail('sendMessage', {
    kind: 'status',
    status: 429,
    body: {
      ok: false,
      error_code: 429,
      description: 'Too Many Requests: retry after 1',
      parameters: { retry_after: 1 },
    },
  });
  telegram.say({ chat: 1, text: 'hi' });
  await telegram.until(() => telegram.sent.length === 1, 'the answer');
  const retry = daemon.lines.find(({ msg }) => msg.startsWith('message not sent'));
  expect(retry?.msg).toContain('1.0 s');
  expect(telegram.sent[0]?.text, 'it certainly had not arrived').not.toContain('↻');
});
