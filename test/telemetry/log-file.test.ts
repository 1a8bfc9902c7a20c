import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LogFile, logFiles } from '../../src/telemetry/log-file.ts';
import { emptyFolder } from '../kit/folder.ts';

const line = (number: number) => `${String(number).padStart(99, '0')}\n`;
const never = (error: unknown) => expect.unreachable(String(error));

test('a log keeps its last files, in order, readable only for its owner', async () => {
  using folder = emptyFolder();
  const path = join(folder.path, 'logs/gateway.log');
  const log = new LogFile({ path, maxBytes: 1_000 }, never);
  for (let number = 0; number < 105; number += 1) {
    log.write(line(number));
    const written = () =>
      logFiles(path)
        .filter((file) => existsSync(file))
        .map((file) => readFileSync(file, 'utf8'))
        .join('');
    await expect.poll(written, { interval: 1 }).toMatch(new RegExp(`${line(number)}$`));
  }
  expect(readdirSync(join(folder.path, 'logs')).sort()).toEqual(
    ['', '.1', '.2', '.3', '.4', '.5'].map((end) => `gateway.log${end}`),
  );
  const all = logFiles(path)
    .map((file) => readFileSync(file, 'utf8'))
    .join('')
    .trim()
    .split('\n')
    .map(Number);
  expect(all).toEqual([...Array(105).keys()].slice(-all.length));
  expect(all.length).toBeGreaterThanOrEqual(50);
  expect(all.length).toBeLessThanOrEqual(60);
  for (const file of logFiles(path)) expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder.path, 'logs')).mode & 0o777).toBe(0o700);
});

test('a file that is there goes on, and is made private', async () => {
  using folder = emptyFolder();
  const path = join(folder.path, 'gateway.log');
  writeFileSync(path, line(1), { mode: 0o644 });
  new LogFile({ path, maxBytes: 1_000 }, never).write(line(2));
  await expect.poll(() => readFileSync(path, 'utf8')).toBe(line(1) + line(2));
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a file that cannot be written is told of once, and stops nobody', async () => {
  using folder = emptyFolder();
  const path = join(folder.path, 'file/gateway.log');
  writeFileSync(join(folder.path, 'file'), '');
  const troubles: unknown[] = [];
  const log: LogFile = new LogFile({ path, maxBytes: 1_000 }, (error) => {
    troubles.push(error);
    log.write(line(0));
  });
  log.write(line(1));
  await expect.poll(() => troubles.length).toBe(1);
  log.write(line(2));
  expect(troubles).toHaveLength(1);
  rmSync(join(folder.path, 'file'));
  log.write(line(3));
  await expect.poll(() => existsSync(path) && readFileSync(path, 'utf8')).toBe(line(3));
});
