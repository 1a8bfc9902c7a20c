import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { emptyFolder } from '../kit/folder.ts';
import type { Fault } from '../platforms/fake-http.ts';
import { webhookEvent } from '../platforms/feishu-webhook.ts';
import { FakeOpenAI } from '../platforms/openai.ts';
import { FakeTelegram } from '../platforms/telegram.ts';
import { FakeWhatsapp } from '../platforms/whatsapp.ts';
import { command } from './command.ts';
import { Daemon, type LogLine, PROGRAM } from './daemon.ts';
import { every, type Far } from './far/index.ts';
import { lineOf, optionsFor } from './far/start.ts';
import { Haystack } from './haystack.ts';

/*
 * What keeps secrets, files and logs safe, and where it is tested:
 *
 * - secrets stay where they were planted, whatever goes wrong: here;
 * - files and folders are for their owner only; a linked config is followed: private-files.test.ts;
 * - nothing is loaded by a path that the config names: test/config/only-known-types.test.ts;
 * - dependencies come from the registry, locked, under licences that the README lists: test/contract/dependencies.test.ts;
 * - line breaks and terminal escapes do nothing in logs and terminals: terminal-escapes.test.ts, test/telemetry;
 * - `__proto__` and `constructor` are keys like others: prototype-keys.test.ts, test/config/mistakes.test.ts;
 * - names and texts are only text in pages, under a strict policy: test/pages, test/server/logins.test.ts.
 */

/** One of each kind: what an operator may write into a config, or hand over beside it. */
const CANARY = {
  gatewayToken: 'canary-Gateway/token+0123 ü',
  credential: '987654:canary-credential-AAF0123456789',
  inFile: 'sk-canary-model-key-0123456789',
  rootPassword: 'canary-root-password&1',
  rootPath: 'canary-root-path-segment',
  inlinePassword: 'canary-inline-password',
  modelPassword: 'canary-model-password',
  signing: 'canary-signing-secret-0123',
  encryptKey: 'canary-encrypt-key-0123',
  verification: 'canary-verification-token',
  webhook: 'canary-webhook-secret_token',
  environment: 'canary-of-the-environment',
};

test('secrets appear nowhere, whatever goes wrong: not in logs, data, backups, pages, chats, nor in what commands say', async () => {
  await using all = await every();
  await using model = await new FakeOpenAI().listen();
  await using proxied = await new FakeTelegram('555:canary-behind-a-proxy').listen();
  using folder = emptyFolder();
  const fars = all.fars.filter(({ name }) => name !== 'webchat');
  const telegram = fars.find(({ name }) => name === 'telegram') ?? expect.fail();
  const secrets = [...Object.values(CANARY), proxied.token, ...fars.flatMap(secretsIn)];
  model.apiKey = CANARY.inFile;
  const rootOf = (password: string, path: string) =>
    `http://bot:${encodeURIComponent(password)}@127.0.0.1:${proxied.port}/${path}`;
  writeFileSync(join(folder.path, 'model.key'), `${CANARY.inFile}\n`, { mode: 0o600 });
  writeFileSync(join(folder.path, 'by-credential'), CANARY.credential, { mode: 0o600 });
  const { env: ofFars, prepare } = optionsFor(fars);
  const env = {
    ...ofFars,
    GATEWAY_TOKEN: CANARY.gatewayToken,
    PROXY_ROOT: rootOf(CANARY.rootPassword, CANARY.rootPath),
    CREDENTIALS_DIRECTORY: folder.path,
    SIGNING_SECRET: CANARY.signing,
    ANTHROPIC_API_KEY: CANARY.environment,
    NODE_OPTIONS: `${ofFars.NODE_OPTIONS} --import=${new URL('./crash-on-signal.ts', import.meta.url)}`,
  };
  const refused = fars.flatMap(({ name, refusedOptions }) =>
    refusedOptions === undefined ? [] : `  ${name}-refused: { type: ${name}, ${refusedOptions} }`,
  );
  const behindProxy = `type: telegram, token: "${proxied.token}"`;
  const config = `
gateway: { port: 0, token: "\${GATEWAY_TOKEN}" }
log: { level: debug, file: ./gateway.log }
reconnect: { base: 50ms, cap: 200ms }
turns: { max_attempts: 2 }
agents:
  default: { type: llm, provider: openai-compatible, base_url: "${model.baseUrl}", model: fake-model, api_key: "\${file:../model.key}" }
channels:
${fars.map((one) => lineOf(one)).join('')}
${refused.join('\n')}
  webchat: {}
  by-credential: { type: telegram, token: "\${credential:by-credential}", api_root: "${proxied.url}" }
  by-root: { ${behindProxy}, api_root: "\${PROXY_ROOT}" }
  by-inline-root: { ${behindProxy}, api_root: "${rootOf(CANARY.inlinePassword, 'x')}" }
  hooked: { ${behindProxy}, api_root: "${proxied.url}", mode: webhook, webhook_url: "https://gateway.example", secret_token: ${CANARY.webhook} }
  hooked-slack: { type: slack, mode: http, bot_token: xoxb-canary-bot-token, signing_secret: "\${SIGNING_SECRET}", api_url: "${proxied.url}/" }
  hooked-feishu: { type: feishu, mode: webhook, app_id: cli_0123456789abcdef, app_secret: canary-app-secret, encrypt_key: ${CANARY.encryptKey}, verification_token: ${CANARY.verification}, domain: "${proxied.url}" }
`;
  await using daemon = await Daemon.start(config, { env, prepare, folder: join(folder.path, 'gateway') });
  for (const { name } of fars)
    await daemon.until(({ msg }) => msg === `${name} is connected`, `${name} is connected`);
  const found = new Haystack();

  // All that is sent comes back in every answer of the far ends, and more.
  const echo = secrets
    .filter((secret) => ![CANARY.modelPassword, CANARY.environment].includes(secret))
    .join(' , ');
  const headers = { 'x-echo': encodeURIComponent(echo) };
  const echoed = {
    ok: false,
    error_code: 400,
    code: 999,
    error: echo,
    message: echo,
    description: echo,
    msg: echo,
  };
  const refusal: Fault = { kind: 'status', status: 400, body: echoed, headers };
  const saidByModel = { error: { message: echo, type: echo, code: echo } };
  for (const status of [401, 400, 500]) {
    model.fail('chat', { kind: 'status', status, body: saidByModel, headers });
    const before = telegram.direct.told().length;
    await telegram.direct.say(`Hello, ${status}?`);
    await telegram.until(() => telegram.direct.told().length > before, `what is said after ${status}`);
  }
  for (const fault of [refusal, { kind: 'drop' } as const]) {
    const from = daemon.lines.length;
    for (const one of fars) one.failNextSend?.(fault);
    for (const one of fars) await one.direct.say('Hello?');
    for (const { name } of fars) {
      const tells = ({ channel, msg, level }: LogLine) =>
        channel === name && (level >= 40 || msg.startsWith('answered'));
      await daemon.until(tells, `what became of the answer on ${name}`, from);
    }
    for (const one of fars) await one.cut();
  }
  const isOurs = ({ msg }: LogLine) => msg === 'a mistake in the program was caught';
  process.kill(daemon.pid, 'SIGUSR2');
  const first = await daemon.until(isOurs, 'a mistake');
  await daemon.until((line) => line !== first && isOurs(line), 'another');

  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(new URL(path, daemon.url), {
      ...init,
      headers: { authorization: `Bearer ${CANARY.gatewayToken}`, ...init.headers },
    });
    found.add(path, JSON.stringify([...response.headers]) + (await response.text()));
  };
  const paths = [
    'metrics',
    'readyz',
    'healthz',
    'logins',
    'channels/webchat/',
    'channels/webchat/ws',
    'nothing',
  ];
  for (const path of paths) await ask(path);
  for (const path of paths) await ask(`${path}?token=${encodeURIComponent(CANARY.gatewayToken)}`);
  await ask('login', { method: 'POST', body: JSON.stringify({ token: `${CANARY.gatewayToken}!` }) });
  for (const name of ['hooked', 'hooked-slack', 'hooked-feishu'])
    await ask(`channels/${name}/webhook`, { method: 'POST', body: JSON.stringify({ token: echo }) });
  const call = webhookEvent(
    { encryptKey: CANARY.encryptKey, verificationToken: CANARY.verification },
    unreadable('cli_0123456789abcdef'),
  );
  await ask('channels/hooked-feishu/webhook', { method: 'POST', ...call });

  const run = (...args: string[]) =>
    new Promise<string>((resolve) => {
      const whole = [PROGRAM, ...(args.includes('--config') ? [] : ['--config', daemon.configFile]), ...args];
      execFile(process.execPath, whole, { env: { PATH: process.env.PATH, ...env } }, (_, out, err) => {
        found.add(args.join(' '), out + err);
        resolve(out);
      });
    });
  const { code } = JSON.parse(await run('claim', '--json')) as { code: string };
  for (const command of [`/claim ${code}`, '/status', '/channels', '/dlq', '/why', '/users']) {
    const before = telegram.direct.told().length;
    await telegram.direct.say(command);
    await telegram.until(() => telegram.direct.told().length > before, command);
  }
  for (const { name, direct } of fars) found.add(`chat on ${name}`, JSON.stringify(direct.told()));

  const shown = await run('messages', '--json', '--limit', '100');
  const ids = shown
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { id: string }).id);
  await Promise.all(
    [
      ...[
        'messages',
        'status',
        'status --json',
        'audit --json',
        'doctor',
        'doctor --json',
        'check',
        'dlq list',
      ],
      ...[
        'dlq list --json',
        'users --json',
        'identity list',
        'sessions',
        'channels',
        'channels --json',
        'agents',
        'logs',
      ],
      ...ids.slice(-5).flatMap((id) => [`why ${id}`, `why ${id} --json`]),
      `backup ${join(folder.path, 'backup')}`,
      'completion words -- channels restart ',
      'why nothing-of-this',
    ].map((line) => run(...line.split(' '))),
  );
  for (const [index, wrong] of wrongConfigs(config).entries()) {
    const file = join(folder.path, `wrong-${index}.yaml`);
    writeFileSync(file, wrong);
    // The daemon reads it as `check` does, the doctor in a way of its own, and others only look at a part.
    const commands =
      index === 0 ? ['run', 'check', 'doctor', 'status', 'service install --dry-run'] : ['run', 'doctor'];
    await Promise.all(commands.map((command) => run(...command.split(' '), '--config', file)));
  }
  for (const wrong of wrongConfigs(config).slice(0, 3)) {
    writeFileSync(daemon.configFile, `data_dir: ./data\n${wrong}`);
    await run('reload');
  }
  const renewed = 'canary-key-after-reload';
  const newer = config.replace(/api_key: "[^"]+"/, `api_key: ${renewed}`);
  writeFileSync(daemon.configFile, `data_dir: ./data\n${newer}`);
  await run('reload');
  const told = telegram.direct.told().length;
  model.fail('chat', { kind: 'status', status: 400, body: { error: { message: `Your key, ${renewed}` } } });
  await telegram.direct.say('Hello with another key?');
  await telegram.until(() => telegram.direct.told().length > told, 'what is said of the other key');
  for (const request of [
    '{"do":"status"}',
    '{"do":"channels"}',
    `{"do":"${CANARY.inFile}"}`,
    `{${CANARY.inFile}`,
  ])
    found.add(`socket ${request.slice(0, 9)}`, await control(daemon, request));

  found.addFolder(join(daemon.folder, 'data')); // with the journal of the database
  found.addFolder(join(folder.path, 'backup'));
  await daemon.kill('SIGTERM');
  found.addFolder(join(daemon.folder, 'data'));
  found.add('output', daemon.text);
  found.add('log', readFileSync(join(daemon.folder, 'gateway.log'), 'utf8'));

  expect(found.find([...secrets, renewed])).toEqual([]);
  for (const place of [
    'output',
    'log',
    'gateway.db',
    'chat on telegram',
    'messages --json --limit 100',
    'dlq list',
  ])
    expect(found.has(place, '[redacted]'), `an error in ${place}`).toBe(true);
}, 60_000);

test('what a person scans or types so that a channel logs in is on its page only, and the keys of the login in its own file', async () => {
  await using fake = await new FakeWhatsapp().listen();
  const config = `
log: { level: debug, file: ./gateway.log }
channels:
  scanned: { type: whatsapp, web_socket_url: "${fake.url}" }
  typed: { type: whatsapp, web_socket_url: "${fake.url}", pairing_phone_number: "+15550100" }
`;
  await using daemon = await Daemon.start(config, { env: fake.env });
  const found = new Haystack();
  for (const name of ['scanned', 'typed'])
    await daemon.until(({ msg, channel }) => channel === name && /log in/.test(msg), `${name} waits`);
  const page = await (await fetch(new URL('logins', daemon.url))).text();
  const [, code = expect.fail()] = /<p class="code">([^<]+)</.exec(page) ?? [];
  for (const path of ['metrics', 'readyz', 'healthz'])
    found.add(path, await (await fetch(new URL(path, daemon.url))).text());
  for (const args of [
    ['status', '--json'],
    ['channels', '--json'],
    ['doctor', '--json'],
    ['status'],
    ['channels'],
  ]) {
    const { out, err } = await command(daemon, ...args);
    found.add(args.join(' '), out + err);
  }
  await daemon.kill('SIGTERM');
  const data = new Haystack();
  data.addFolder(join(daemon.folder, 'data'));
  const keys = ['scanned', 'typed'].flatMap((name) => keysIn(join(daemon.folder, 'data', 'channels', name)));
  expect(keys.length).toBeGreaterThan(4);
  found.add('output', daemon.text);
  found.add('log', readFileSync(join(daemon.folder, 'gateway.log'), 'utf8'));
  expect(found.find([code, code.replace('-', ''), ...keys])).toEqual([]);
  expect(data.find([code, ...keys]).filter((hit) => !/ in channels\/(scanned|typed)\//.test(hit))).toEqual(
    [],
  );
});

test('one-time codes are told to whom they are for, and are nowhere else but in the table of those that are good', async () => {
  await using telegram = await new FakeTelegram().listen();
  const config = `
log: { level: debug, file: ./gateway.log }
owner: { notify: [{ channel: telegram, chat: "1" }] }
channels: { telegram: { dm_policy: pairing, token: "${telegram.token}", api_root: "${telegram.url}" } }
`;
  await using daemon = await Daemon.start(config);
  await daemon.until(({ msg }) => msg === 'telegram is connected', 'the connection');
  const { code: claim } = JSON.parse((await command(daemon, 'claim', '--json')).out) as { code: string };
  const heard = async (chat: number, text: string) => {
    const before = telegram.sent.length;
    telegram.say({ chat, text });
    const answers = () => telegram.sent.slice(before).filter((one) => one.chat === chat);
    await telegram.until(() => answers().length > 0, `an answer to ${text}`);
    return answers().at(-1)?.text ?? '';
  };
  const codeIn = (text: string) => /[A-Z2-9]{4}-[A-Z2-9]{4}/.exec(text)?.[0] ?? expect.fail(text);
  await heard(1, `/claim ${claim}`);
  const pair = codeIn(await heard(2, 'May I?'));
  const link = codeIn(await heard(1, '/link'));
  const codes = [claim, pair, link].flatMap((code) => [code, code.replace('-', '')]);

  const found = new Haystack();
  for (const path of ['metrics', 'readyz', 'healthz', 'logins'])
    found.add(path, await (await fetch(new URL(path, daemon.url))).text());
  for (const args of [
    ['status', '--json'],
    ['channels'],
    ['sessions'],
    ['identity', 'list', '--json'],
    ['audit'],
  ])
    found.add(args.join(' '), (await command(daemon, ...args)).out);
  await daemon.kill('SIGTERM');
  found.add('output', daemon.text);
  found.add('log', readFileSync(join(daemon.folder, 'gateway.log'), 'utf8'));
  const db = new Database(join(daemon.folder, 'data', 'gateway.db'), { readonly: true });
  const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all() as string[];
  // What people were told is in the outbox, and what they wrote in the inbox.
  for (const table of tables.filter((name) => !['codes', 'inbox', 'outbox'].includes(name)))
    found.add(table, JSON.stringify(db.prepare(`SELECT * FROM ${table}`).all()));
  const good = db.prepare('SELECT code FROM codes').pluck().all();
  const texts = db.prepare('SELECT body FROM outbox').pluck().all().join('\n');
  db.close();
  expect(good.toSorted()).toEqual([pair, link].map((code) => code.replace('-', '')).toSorted());
  expect(texts, 'the owner of the terminal knows it').not.toContain(claim);
  expect(found.find(codes)).toEqual([]);
});

/** Keys of a login that is not finished, as they stand in its file. */
function keysIn(folder: string): string[] {
  const [file = expect.fail()] = readdirSync(folder).filter((name) => name.endsWith('.sqlite'));
  const db = new Database(join(folder, file), { readonly: true });
  const values = db.prepare('SELECT value FROM kept').pluck().all();
  db.close();
  return [...values.join().matchAll(/"([A-Za-z0-9+/]{42,44}=?)"/g)].map(([, key = '']) => key);
}

/** A message without a sender. */
function unreadable(app_id: string) {
  const header = {
    event_id: 'e1',
    event_type: 'im.message.receive_v1',
    app_id,
    tenant_key: 'tenant-1',
    create_time: `${Date.now()}`,
  };
  return { schema: '2.0', header, event: { message: { message_id: 'om_1' } } };
}

/** Mistakes at, in and around secrets. */
function wrongConfigs(right: string): string[] {
  return [
    right.replace('secret_token:', 'secrettoken:'),
    right.replace(`signing_secret: "\${SIGNING_SECRET}"`, `signing_secret: [${CANARY.signing}]`),
    right.replace(`api_key: "\${file:../model.key}"`, `api_key: "${CANARY.inFile}" x`),
    right.replace(`token: "\${GATEWAY_TOKEN}"`, `token: "${CANARY.gatewayToken}`),
    right.replace(/base_url: "[^"]+"/, `base_url: "http://m:${CANARY.modelPassword}@127.0.0.1:1/v1"`),
    right.replace(`"\${PROXY_ROOT}"`, `"bot:${CANARY.rootPassword}@127.0.0.1"`),
    right.replace(`"\${credential:by-credential}"`, `"\${PROXY_ROOT}"`),
    right.replace('port: 0', `port: \${SIGNING_SECRET}`),
    right.replace('level: debug', `level: \${SIGNING_SECRET}`),
  ];
}

/** What the socket for commands answers to a line. */
async function control(daemon: Daemon, line: string): Promise<string> {
  const socket = connect(join(daemon.folder, 'data', 'control.sock'));
  socket.write(`${line}\n`);
  return text(socket);
}

/** The credentials of a channel, those that the platform refuses among them. */
function secretsIn({ options, refusedOptions = '' }: Far): string[] {
  const found = `${options}, ${refusedOptions}`.matchAll(/(?:token|secret|password): "([^"]+)"/g);
  return [...found].map(([, secret = '']) => secret);
}
