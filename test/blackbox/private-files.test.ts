import { lstatSync, readdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyFolder } from '../kit/folder.ts';
import { FakeTelegram } from '../platforms/telegram.ts';
import { command } from './command.ts';
import { Daemon } from './daemon.ts';
import { every } from './far/index.ts';
import { startWith } from './far/start.ts';
import { aPicture } from './far/texts.ts';

/** What others may do with it, and what it is. */
function openTo(path: string): string[] {
  const { mode } = lstatSync(path);
  return (mode & 0o077) === 0 ? [] : [`${path} ${(mode & 0o777).toString(8)}`];
}

test('every file and folder that it makes is for its owner only, whatever the umask', async () => {
  const before = process.umask(0);
  try {
    await using all = await every();
    const picture = aPicture();
    await using daemon = await startWith(all.fars, 'log: { file: ./logs/gateway.log }\n');
    await Promise.all(all.fars.map(({ direct }) => direct.say('Hello', { picture })));
    for (const { name, direct, until } of all.fars)
      await until(() => direct.told().some(({ text }) => text.includes('Hello')), `an answer on ${name}`);
    const backup = join(daemon.folder, 'backup');
    expect(await command(daemon, 'backup', backup)).toMatchObject({ status: 0, err: '' });
    await command(daemon, 'messages');

    const roots = ['data', 'logs', 'backup'].map((name) => join(daemon.folder, name));
    const made = roots.flatMap((root) => [
      root,
      ...readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => join(root, name)),
    ]);
    const names = made.map((path) => path.slice(daemon.folder.length + 1));
    for (const name of [
      'data/gateway.db',
      'data/gateway.db-wal',
      'data/gateway.db-shm',
      'data/gateway.lock',
      'data/gateway.pid',
    ])
      expect(names).toContain(name);
    for (const name of ['data/control.sock', 'logs/gateway.log', 'backup/gateway.db'])
      expect(names).toContain(name);
    for (const kept of [
      /data\/channels\/whatsapp\/.*sqlite$/,
      /^data\/.*\/in\/.*\.png$/,
      /^backup\/.*\/in\/.*\.png$/,
    ])
      expect(names).toContainEqual(expect.stringMatching(kept));
    expect(made.flatMap(openTo)).toEqual([]);
  } finally {
    process.umask(before);
  }
});

test('a config behind a link is followed on purpose; relative paths start where the link is', async () => {
  await using telegram = await new FakeTelegram().listen();
  using elsewhere = emptyFolder();
  const config = `channels: { telegram: { token: "${telegram.token}", api_root: "${telegram.url}" } }\n`;
  await using daemon = await Daemon.start(config);
  await daemon.kill('SIGTERM');
  const target = join(elsewhere.path, 'kept-elsewhere.yaml');
  renameSync(daemon.configFile, target);
  symlinkSync(target, daemon.configFile);
  await daemon.boot();
  expect(readdirSync(join(daemon.folder, 'data'))).toContain('control.sock');
  expect(readdirSync(elsewhere.path)).toEqual(['kept-elsewhere.yaml']);
  await daemon.kill('SIGTERM');
});
