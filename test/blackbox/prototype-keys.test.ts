import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { FakeTelegram } from '../platforms/telegram.ts';
import { Daemon } from './daemon.ts';

const SECRET = 'a-secret-of-telegram';
/** Keys that would give every object something, were they taken for anything but names. */
const EVIL = '"__proto__":{"polluted":true,"isAdmin":true},"constructor":{"prototype":{"polluted":true}}';
const AT_ONCE = '{ burst: 1000, per_second: 1000 }';
const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];

test('keys and names such as __proto__ and constructor, from whoever they come, are names like others', async () => {
  await using telegram = await new FakeTelegram().listen();
  await using hooked = await new FakeTelegram().listen();
  const config = `channels:
  webchat: {}
  telegram: { dm_policy: open, token: "${telegram.token}", api_root: "${telegram.url}", rate_limits: { channel: ${AT_ONCE}, direct: ${AT_ONCE} } }
  hooked: { type: telegram, dm_policy: open, token: "${hooked.token}", api_root: "${hooked.url}", mode: webhook, webhook_url: "https://gateway.example", secret_token: ${SECRET} }
`;
  const probe = new URL('./show-prototypes.ts', import.meta.url);
  await using daemon = await Daemon.start(config, { env: { NODE_OPTIONS: `--import=${probe}` } });
  await daemon.until(({ msg }) => msg === 'telegram is connected', 'the connection');
  await daemon.until(({ msg }) => msg === 'hooked is connected', 'the other connection');

  // A command
  const control = async (line: string) => {
    const socket = connect(join(daemon.folder, 'data', 'control.sock'));
    socket.write(`${line}\n`);
    return text(socket);
  };
  for (const line of [`{${EVIL}}`, '{"__proto__":{"do":"stop"}}', `{"do":"status",${EVIL}}`])
    expect(await control(line)).toContain('"error"');
  for (const name of NAMES) {
    expect(await control(`{"do":"${name}"}`)).toContain('"error"');
    for (const asked of [
      { do: 'channels.restart', channel: name },
      { do: 'identity.show', who: `${name}:${name}` },
    ])
      expect(await control(JSON.stringify(asked))).toContain('"error"');
  }

  // Whoever finds the port
  const post = (path: string, body: string, headers = {}) =>
    fetch(new URL(path, daemon.url), {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });
  for (const name of NAMES) {
    expect((await fetch(new URL(`channels/${name}/`, daemon.url))).status).toBe(404);
    expect((await post(`channels/${name}/webhook`, `{${EVIL}}`)).status).toBe(404);
  }
  expect((await post('login', `{"token":"x",${EVIL}}`)).ok).toBe(false);

  // A platform
  const update = `{"update_id":1,"message":{"message_id":5,"date":${Math.floor(Date.now() / 1000)},"text":"over HTTP","chat":{"id":42,"type":"private","first_name":"A",${EVIL}},"from":{"id":42,"is_bot":false,"first_name":"A",${EVIL}},${EVIL}},${EVIL}}`;
  const asTelegram = { 'x-telegram-bot-api-secret-token': SECRET };
  expect((await post('channels/hooked/webhook', update, asTelegram)).status).toBe(200);
  // It was taken for what it is, and answered; that its chat is unknown comes of nobody having written there.
  await daemon.until(
    ({ channel, reason }) => channel === 'hooked' && /chat not found/.test(`${reason}`),
    'an answer',
  );

  // A person
  const more = JSON.parse(`{${EVIL}}`) as Record<string, unknown>;
  for (const [index, name] of NAMES.entries()) {
    const from = { id: 50 + index, first_name: name, username: name };
    for (const said of [name, `/${name}`, `/agent ${name}`, `/why ${name}`, `/link ${name}:${name}`])
      telegram.say({ chat: 50 + index, text: said, from, more });
    await telegram.until(
      () => telegram.sent.filter(({ chat }) => chat === 50 + index).length >= 5,
      `answers to ${name}`,
    );
  }

  // A page
  const page = await fetch(new URL('channels/webchat/', daemon.url));
  const cookie = page.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const { origin } = new URL(daemon.url);
  const ws = new WebSocket(`${daemon.url.replace('http', 'ws')}channels/webchat/ws`, {
    headers: { cookie, origin },
  });
  const heard: string[] = [];
  ws.on('message', (data) => heard.push(String(data)));
  await once(ws, 'open');
  for (const frame of [
    `{${EVIL}}`,
    `{"type":"hello",${EVIL}}`,
    '{"type":"__proto__"}',
    '{"__proto__":{"type":"hello"}}',
  ])
    ws.send(frame);
  ws.send('{"type":"hello"}');
  ws.send('{"type":"message","id":"3f0c1c86-8a5c-4e7e-9d26-0e5b6f1c2a77","text":"from the page"}');
  const closed = once(ws, 'close').then(() => 'closed');
  while (!heard.some((frame) => frame.includes('from the page') && frame.includes('agent'))) {
    if ((await Promise.race([once(ws, 'message'), closed])) === 'closed') break;
  }
  ws.terminate();

  process.kill(daemon.pid, 'SIGUSR2');
  const told = await daemon.until(({ msg }) => msg === 'prototypes', 'what the prototypes hold');
  expect(told.added).toEqual([]);
  expect(daemon.lines.filter(({ msg }) => msg === 'a mistake in the program was caught')).toEqual([]);
  telegram.say({ chat: 42, text: 'still there?' });
  await telegram.until(() => telegram.sent.some((one) => one.text.includes('still there?')), 'an answer');
});
