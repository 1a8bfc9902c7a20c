import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FakeTelegram } from '../platforms/telegram.ts';
import { command } from './command.ts';
import { Daemon } from './daemon.ts';

/** Clears a terminal, sets its title, forges a line, and turns the direction of writing: as C0, C1 and bidirectional marks. */
const EVIL =
  'evil\u001b[2J\u001b]0;title\u0007\r\n[2026-01-01] ERROR: forged\u009b31m\u2028\u202edlrow\u2066\u007f';
/** What does that. Line breaks between lines are ours. */
const HARMFUL = /(?!\n)\p{Cc}|[\u2028-\u202e\u2066-\u2069]|^\[2026-01-01\] ERROR: forged/mu;

test('line breaks and terminal escapes of strangers reach neither the log nor a terminal', async () => {
  await using telegram = await new FakeTelegram().listen();
  const config = `
log: { level: debug, file: ./gateway.log }
channels:
  telegram: { dm_policy: open, token: "${telegram.token}", api_root: "${telegram.url}" }
  closed: { type: telegram, dm_policy: pairing, token: "${telegram.token}", api_root: "${telegram.url}/" }
  down: { type: telegram, token: "1:wrong", api_root: "${telegram.url}" }
`;
  telegram.fail('getMe', {
    kind: 'status',
    status: 500,
    body: { ok: false, error_code: 500, description: EVIL },
  });
  await using daemon = await Daemon.start(config);
  await daemon.until(({ msg }) => msg === 'telegram is connected', 'the connection');
  telegram.fail('sendMessage', {
    kind: 'status',
    status: 400,
    body: { ok: false, error_code: 400, description: `Bad Request: ${EVIL}` },
  });
  const from = { id: 7, first_name: EVIL, last_name: EVIL, username: EVIL };
  telegram.say({ chat: 7, text: EVIL, from });
  await daemon.until(({ msg }) => msg === 'message given up', 'the refusal');
  telegram.say({ chat: -100, text: EVIL, from });
  telegram.say({ chat: 7, text: `/new ${EVIL}`, from });
  await telegram.until(() => telegram.sent.length > 0, 'an answer');

  const ids = (await command(daemon, 'messages', '--json')).out
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { id: string }).id);
  const plain = [
    'messages',
    'dlq list',
    'status',
    'users',
    'identity list',
    'sessions',
    'channels',
    'doctor',
    'audit',
  ];
  const said = await Promise.all(
    [
      ...plain.flatMap((line) => [line, `${line} --json`]),
      'logs',
      ...ids.flatMap((id) => [`why ${id}`, `why ${id} --json`]),
    ].map(async (line) => ({ line, ...(await command(daemon, ...line.split(' '))) })),
  );
  said.push({ line: 'why EVIL', ...(await command(daemon, 'why', EVIL)) });
  said.push({
    line: 'identity show EVIL',
    ...(await command(daemon, 'identity', 'show', `telegram:${EVIL}`)),
  });
  await daemon.kill('SIGTERM');
  said.push({
    line: 'the log',
    out: readFileSync(join(daemon.folder, 'gateway.log'), 'utf8'),
    err: '',
    status: 0,
  });
  for (const { line, out, err } of said) {
    expect(HARMFUL.exec(out)?.[0], `${line}: ${JSON.stringify(out)}`).toBeUndefined();
    expect(HARMFUL.exec(err)?.[0], `${line}: ${JSON.stringify(err)}`).toBeUndefined();
  }
  for (const shown of ['messages', 'dlq list --json', 'users', 'the log', 'why EVIL', `why ${ids.at(-1)}`]) {
    const { out, err } = said.find(({ line }) => line === shown) ?? expect.fail();
    expect(out + err, shown).toContain('evil');
  }
});
