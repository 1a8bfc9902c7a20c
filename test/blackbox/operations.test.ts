import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyFolder } from '../kit/folder.ts';
import { findPromtool } from '../kit/promtool.ts';
import { Daemon } from './daemon.ts';

const FOLDER = join(import.meta.dirname, '../../docs/operations');
const read = (file: string) => readFileSync(join(FOLDER, file), 'utf8');

/** The names of metrics in a text; those that a histogram has beside its own count as its own. */
function namesIn(text: string): Set<string> {
  const names = [...text.matchAll(/\b(?:openclaw|process)_[a-z_]+\b/g)].map(([name]) => name);
  return new Set(names.map((name) => name.replace(/_bucket$/, '')));
}

test('the operator reads of every metric there is, and of no other, and the dashboard and the alerts use no other', async () => {
  await using daemon = await Daemon.start('channels: { webchat: {} }\n');
  const text = await (await fetch(new URL('/metrics', daemon.url))).text();
  const known = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
  expect([...namesIn(read('metrics.md'))].sort()).toEqual([...known].sort());
  for (const file of ['grafana.json', 'alerts.yml']) {
    const names = [...namesIn(read(file))];
    expect(names.length).toBeGreaterThan(5);
    expect(
      names.filter((name) => !known.has(name)),
      file,
    ).toEqual([]);
  }
});

test('the rules are sound, and each alert is explained', (context) => {
  const rules = read('alerts.yml');
  const alerts = [...rules.matchAll(/alert: (\w+)/g)].map(([, name]) => name ?? '');
  const explained = [...read('alerts.md').matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
  expect(explained).toEqual(alerts);
  const promtool = findPromtool();
  if ('missing' in promtool) return context.skip(promtool.missing);
  expect(promtool.check(['rules', join(FOLDER, 'alerts.yml')])).toBe('');
});

test('what the dashboard asks is sound', (context) => {
  const promtool = findPromtool();
  if ('missing' in promtool) return context.skip(promtool.missing);
  const { panels } = JSON.parse(read('grafana.json')) as { panels: { targets: { expr: string }[] }[] };
  const questions = panels.flatMap(({ targets }) =>
    targets.map(({ expr }) => expr.replaceAll('$__rate_interval', '5m')),
  );
  const rules = questions.map((expr, index) => ({ record: `question:${index}`, expr }));
  using folder = emptyFolder();
  const file = join(folder.path, 'questions.json');
  writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
  expect(promtool.check(['rules', file])).toBe('');
});

test('links between the pages lead somewhere', () => {
  for (const file of globSync('*.md', { cwd: FOLDER })) {
    for (const [, link = ''] of read(file).matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
      expect(globSync(link, { cwd: FOLDER }), `${file}: ${link}`).toHaveLength(1);
    }
  }
});
