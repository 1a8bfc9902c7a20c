import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseDocument, stringify } from 'yaml';
import { channelTypes } from '../../adapters/registry.ts';
import { agentTypes } from '../../src/agents/registry.ts';
import { askGateway } from '../../src/cli/ask-gateway.ts';
import type { Report } from '../../src/cli/report.ts';
import { type Config, loadConfig } from '../../src/config/index.ts';
import { fc } from '../kit/properties.ts';
import { Daemon } from './daemon.ts';

const EDITS = 500;

/** A sound config; its number stands in each of its parts, so that what holds can be told from what held before. */
const configOf = (number: number) => `# Number ${number}
gateway:
  port: 0
  token: the-token-of-number-${number}
data_dir: ./data
language: en
log: { level: info, format: json }
sessions: &sessions
  max_live: ${100 + number}
  idle_timeout: 1h
turns: { max_attempts: 3, timeout: 10m }
owner:
  notify: [{ channel: first, chat: someone }]
channels:
  first: { type: webchat, title: "First ${number}" }
  second:
    type: webchat
    title: Second ${number}
    allow_from: [ann, bob, 17]
    rate_limits: { direct: { burst: 5, per_second: ${number + 1} } }
  third: { type: webchat, enabled: true, agent: other }
agents:
  default: { type: echo }
  other:
    type: echo
`;

const SCRAPS = [
  ':',
  ': ',
  '\n',
  '  ',
  '- ',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '#',
  '&a ',
  '*a',
  '*sessions',
  '\t',
  '${',
  '\x24{NOBODY}',
];
const MORE_SCRAPS = [
  '|',
  '>',
  '~',
  '🦀',
  '\u0000',
  '\ufeff',
  '---\n',
  '!!int ',
  '? ',
  '%',
  '@',
  '0',
  '-1',
  '1e999',
  '.nan',
  'null',
];
const VALUES = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e300,
  '',
  'x',
  '5m',
  '\x24{NOBODY}',
  [],
  {},
  ['a', 1],
  { a: 1 },
  'webchat',
  'second',
];

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const at = (text: string, where: number) => Math.floor(where * text.length);

type Edit = (text: string) => string;

const ofText: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(place, fc.integer({ min: 1, max: 30 })).map(
    ([where, length]) =>
      (text: string) =>
        text.slice(0, at(text, where)) + text.slice(at(text, where) + length),
  ),
  fc
    .tuple(
      place,
      fc.oneof(fc.constantFrom(...SCRAPS, ...MORE_SCRAPS), fc.string({ unit: 'binary', maxLength: 5 })),
    )
    .map(
      ([where, scrap]) =>
        (text: string) =>
          text.slice(0, at(text, where)) + scrap + text.slice(at(text, where)),
    ),
  fc.tuple(place, place).map(([one, other]) => (text: string) => {
    const lines = text.split('\n');
    const [a, b] = [at(text, one) % lines.length, at(text, other) % lines.length];
    return lines
      .with(a, lines[b] ?? '')
      .with(b, lines[a] ?? '')
      .join('\n');
  }),
  place.map((where) => (text: string) => {
    const lines = text.split('\n');
    const line = Math.floor(where * lines.length);
    return lines.toSpliced(line, 0, lines[line] ?? '').join('\n');
  }),
  place.map((where) => (text: string) => text.slice(0, at(text, where))),
);

const ofStructure: fc.Arbitrary<Edit> = fc
  .record({
    where: place,
    what: fc.constantFrom('delete', 'replace', 'rename', 'add'),
    value: fc.constantFrom(...VALUES),
  })
  .map(({ where, what, value }) => (text: string) => {
    const root = parseDocument(text).toJS() as Record<string, unknown>;
    const places = groupsIn(root).flatMap((group) => Object.keys(group).map((key) => ({ group, key })));
    const { group, key } = places[Math.floor(where * places.length)] ?? { group: root, key: 'channels' };
    if (what === 'add') group.extra = value;
    else if (what === 'replace') group[key] = value;
    else {
      if (what === 'rename') group[`${key}s`] = group[key];
      delete group[key];
    }
    return stringify(root);
  });

function groupsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  const group = value as Record<string, unknown>;
  return [group, ...Object.values(group).flatMap(groupsIn)];
}

test(`${EDITS} edits of a sound config: each is taken as a whole, or not at all and with the place of every mistake`, async () => {
  await using daemon = await Daemon.start(configOf(0));
  const { pid } = daemon;
  const read = () => loadConfig(daemon.configFile, { channelTypes, agentTypes, env: {} });
  let goesBy = await read();
  let number = 0;
  const outcomes = { taken: 0, refused: 0 };

  async function holds(): Promise<unknown> {
    const { places, channels } = await statusOf(daemon);
    return { places, channels, pages: await pagesOf(daemon, goesBy) };
  }

  await fc.assert(
    fc.asyncProperty(fc.oneof(ofText, ofStructure), async (edit) => {
      number += 1;
      daemon.edit(() => edit(configOf(number)));
      const reply = await daemon.reload();
      if ('changes' in reply) {
        goesBy = await read();
        outcomes.taken += 1;
      } else {
        outcomes.refused += 1;
        const lines = readFileSync(daemon.configFile, 'utf8').split('\n').length;
        for (const mistake of reply.refused.split('\n')) {
          const [, line, column] = /^[^:]+:(\d+):(\d+): \S/.exec(mistake) ?? expect.fail(mistake);
          expect(Number(line)).toBeLessThanOrEqual(lines);
          expect(Number(line) * Number(column)).toBeGreaterThan(0);
        }
      }
      expect(await holds()).toEqual(expectedOf(goesBy));
    }),
    { numRuns: EDITS, endOnFailure: true },
  );

  expect(daemon.pid).toBe(pid);
  expect(daemon.exitCode).toBe(null);
  expect(outcomes.taken).toBeGreaterThan(EDITS / 10);
  expect(outcomes.refused).toBeGreaterThan(EDITS / 10);
  expect(daemon.lines.filter(({ msg }) => msg.includes('mistake in the program'))).toEqual([]);
});

async function statusOf(daemon: Daemon) {
  const report = (await askGateway(join(daemon.folder, 'data'), { do: 'status' })) as Report;
  const { channels, sessions } = report;
  return { places: sessions.places, channels: channels.map(({ id }) => id as string).sort() };
}

/** What the page of each channel is called. */
async function pagesOf(daemon: Daemon, { gateway, channels }: Config): Promise<Record<string, string>> {
  const headers = gateway.token === undefined ? undefined : { authorization: `Bearer ${gateway.token}` };
  const pages: Record<string, string> = {};
  for (const { id } of channels.filter(({ enabled }) => enabled)) {
    await expect
      .poll(async () => (await fetch(`${daemon.url}channels/${id}/`, { headers: headers ?? {} })).status)
      .toBe(200);
    const page = await (await fetch(`${daemon.url}channels/${id}/`, { headers: headers ?? {} })).text();
    pages[id] = unescaped(/<title>([^<]*)/.exec(page)?.[1] ?? '');
  }
  return pages;
}

function unescaped(html: string): string {
  return html.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}

function expectedOf({ sessions, channels }: Config) {
  const on = channels.filter(({ enabled }) => enabled);
  return {
    places: sessions.maxLive,
    channels: on.map(({ id }) => id as string).sort(),
    pages: Object.fromEntries(on.map(({ id, options }) => [id, (options as { title: string }).title])),
  };
}
