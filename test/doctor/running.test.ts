import { execFile } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Daemon, PROGRAM } from '../blackbox/daemon.ts';
import { FakeTelegram } from '../platforms/telegram.ts';

interface Told {
  readonly check: string;
  readonly about?: string;
  readonly level: string;
  readonly what: string;
  readonly cure?: string;
  readonly fixable?: true;
  readonly fixed?: true;
}

/** The real command, beside a daemon. */
function doctor(
  daemon: Daemon,
  args: readonly string[] = [],
  more: Record<string, string> = {},
): Promise<{ code: number; out: string; told: Told[] }> {
  return new Promise((resolve) => {
    const words = [PROGRAM, 'doctor', '--config', daemon.configFile, ...args];
    const child = execFile(
      process.execPath,
      words,
      { env: { PATH: process.env.PATH, ...more } },
      (_, out) => {
        const told = args.includes('--json')
          ? out
              .trim()
              .split('\n')
              .map((line) => JSON.parse(line) as Told)
          : [];
        resolve({ code: child.exitCode ?? -1, out, told });
      },
    );
  });
}

const complaints = (told: readonly Told[]) => told.filter(({ level }) => level !== 'ok');

test('beside a gateway that is well it finds nothing, and disturbs nothing', async () => {
  await using telegram = await new FakeTelegram().listen();
  const port = await freePort();
  await using daemon = await Daemon.start(
    `gateway: { port: ${port} }\nchannels: { webchat: {}, telegram: { dm_policy: open, token: "\${TELEGRAM}", api_root: "${telegram.url}" } }`,
    { env: { TELEGRAM: telegram.token } },
  );
  const { out } = await doctor(daemon, [], { TELEGRAM: telegram.token });
  expect(out).toContain('@claw_bot');
  expect(out).toContain('All is well.');
  telegram.say({ chat: 1, text: 'still there?' });
  await telegram.until(() => telegram.sent.length === 1, 'the answer');
  expect(daemon.lines.filter(({ level }) => level >= 40)).toEqual([]);
});

test('a gateway that hangs is found; it is well again when it goes on', async () => {
  await using daemon = await Daemon.start('channels: { webchat: {} }');
  process.kill(daemon.pid, 'SIGSTOP');
  const { code, told } = await doctor(daemon, ['--json']);
  process.kill(daemon.pid, 'SIGCONT');
  expect(code).toBe(1);
  expect(complaints(told)).toEqual([
    {
      check: 'gateway',
      level: 'problem',
      what: `the gateway (process ${daemon.pid}) runs, but does not answer commands`,
      cure: expect.stringContaining('systemctl restart'),
    },
  ]);
  expect(complaints((await doctor(daemon, ['--json'])).told)).toEqual([]);
});

test('what --fix mends is said, and is well from then on; a refused token stays, and appears nowhere', async () => {
  await using telegram = await new FakeTelegram().listen();
  const token = '123:wrong-and-secret';
  await using daemon = await Daemon.launch(
    `gateway: { port: ${await freePort()} }\nchannels: { webchat: {}, telegram: { token: "${token}", api_root: "${telegram.url}" } }`,
  );
  await daemon.until(({ msg }) => msg.includes('is refused'), 'the refusal');
  chmodSync(daemon.configFile, 0o644);
  chmodSync(join(daemon.folder, 'data'), 0o755);

  const before = await doctor(daemon, ['--json']);
  expect(before.code).toBe(1);
  expect(before.told.filter(({ fixable }) => fixable).map(({ check }) => check)).toEqual([
    'secrets',
    'data folder',
  ]);
  const mended = await doctor(daemon, ['--fix']);
  expect(mended.code, 'the token is still refused').toBe(1);
  expect(mended.out).toMatch(/^mended {3}secrets/m);
  expect(mended.out).toMatch(/^problem {2}channel telegram .*401/m);
  expect(mended.out).toContain('1 problem, 1 warning, 2 mended.');
  expect(
    complaints((await doctor(daemon, ['--json'])).told).map(({ check, about }) => [check, about]),
  ).toEqual([
    ['gateway', 'telegram'],
    ['channel', 'telegram'],
  ]);
  expect(before.out + mended.out).not.toContain('wrong-and-secret');
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
