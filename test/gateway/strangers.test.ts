import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createCommands } from '../../src/commands/index.ts';
import { chatId, type InboundMessage, senderId } from '../../src/contract/index.ts';
import { openLedger } from '../../src/store/index.ts';
import { emptyFolder } from '../kit/folder.ts';
import { parrot, ScriptedChannel, TestGateway } from './harness.ts';

const HOUR = 3_600_000;

let folder: ReturnType<typeof emptyFolder>;
let channel: ScriptedChannel;
let hub: TestGateway;
beforeEach(() => {
  folder = emptyFolder();
  channel = new ScriptedChannel('a');
});
afterEach(async () => {
  vi.useRealTimers();
  await hub.stop();
  folder[Symbol.dispose]();
});

async function start(access: ConstructorParameters<typeof TestGateway>[3] = {}): Promise<void> {
  hub = new TestGateway(folder.path, [channel], parrot(), {
    commands: createCommands,
    ...access,
    access: { dmPolicy: 'pairing', ...access.access },
  });
  await hub.start();
}

/** Somebody writes, and hears something. */
async function hear(chat: string, text: string, more: Partial<InboundMessage> = {}): Promise<string> {
  const before = channel.textsIn(chat).length;
  await channel.say(chat, text, more);
  while (channel.textsIn(chat).length === before) {
    await hub.until('outbound.sent', hub.count('outbound.sent') + 1);
  }
  return channel.textsIn(chat).at(-1) ?? '';
}

async function claimAs(chat: string): Promise<string> {
  const { code } = await hub.gateway.operations.people.change(() =>
    hub.gateway.operations.people.claimCode(),
  );
  return hear(chat, `/claim ${code}`);
}

const codeIn = (text: string) => /[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(text)?.[0] ?? '';

function rows(table: string): number {
  const db = new Database(join(folder.path, 'gateway.db'), { readonly: true });
  try {
    return db.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number;
  } finally {
    db.close();
  }
}

test('a stranger is given a code; once an admin has approved it, they are heard', async () => {
  await start();
  const code = codeIn(await hear('eve', 'hello'));
  expect(code).not.toBe('');
  await claimAs('owner');
  expect(await hear('owner', `/approve ${code}`)).toContain('a:eve');
  expect(await hear('eve', 'hello again')).toBe('re: hello again');
  expect(hub.events('turn.started').length).toBe(1);
});

test('a code is good once, and not for whoever is no admin', async () => {
  await start();
  const code = codeIn(await hear('eve', 'hello'));
  const other = codeIn(await hear('mallory', 'hello'));
  await claimAs('owner');
  await hear('owner', `/approve ${code}`);
  await hear('eve', `/approve ${other}`);
  await channel.say('mallory', 'am I in?');
  await hear('owner', `/approve ${code}`);
  expect(channel.textsIn('mallory').length).toBe(1);
  expect(hub.events('turn.started')).toEqual([]);
});

test('whoever is denied is heard no more, and told nothing', async () => {
  await start({ access: { dmPolicy: 'open' } });
  await claimAs('owner');
  expect(await hear('eve', 'hello')).toBe('re: hello');
  await hub.gateway.operations.people.change(() =>
    hub.gateway.operations.people.deny(channel.id, senderId('eve'), 'cli'),
  );
  await channel.say('eve', 'hello?');
  await hear('owner', 'still here');
  expect(channel.textsIn('eve')).toEqual(['re: hello']);
  expect(hub.events('inbound.ignored').map(({ reason }) => reason)).toEqual(['denied']);
});

test('on a channel where strangers hear nothing, the owner hears of them nonetheless', async () => {
  await start({ access: { tellStrangers: false }, ownerNotices: { gatherMs: 1, quietMs: 1 } });
  await claimAs('owner');
  await channel.say('eve', 'hello', { sender: { id: senderId('eve'), name: 'Eve `*x*` /approve' } });
  await expect.poll(() => channel.textsIn('owner').at(-1)).toContain('Eve x approve (eve) wants to talk');
  expect(channel.textsIn('eve')).toEqual([]);
  const code = codeIn(channel.textsIn('owner').at(-1) ?? '');
  await hear('owner', `/approve ${code}`);
  expect(await hear('eve', 'hi')).toBe('re: hi');
});

test('ten thousand messages of a stranger, and of a thousand strangers: no model call, few rows, one answer each', async () => {
  await start();
  for (let batch = 0; batch < 100; batch += 1) {
    await Promise.all(Array.from({ length: 100 }, () => channel.say('eve', 'let me in')));
  }
  await Promise.all(
    Array.from({ length: 3_000 }, (_, index) => channel.say(`s${index % 1_500}`, 'let me in')),
  );
  expect(hub.events('turn.started')).toEqual([]);
  expect(channel.textsIn('eve').length).toBe(1);
  expect(rows('inbox')).toBeLessThan(3 * 1_000 + 1);
  expect(rows('strangers')).toBe(1_000);
  expect(rows('identities')).toBe(0);
  expect(rows('codes')).toBeLessThanOrEqual(100);
  const ledger = openLedger(folder.path);
  const { in: sums, contradictions } = ledger.audit();
  ledger.close();
  expect({ sums, contradictions }).toEqual({ sums: { ignored: 13_000 }, contradictions: [] });
  // Nobody else waits for it.
  await claimAs('owner');
  expect(await hear('owner', 'and I?')).toBe('re: and I?');
});

test('guessing a code is hopeless: few tries count, each code is good once and for a while', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  await start({ access: { dmPolicy: 'open' } });
  await claimAs('owner');
  const code = codeIn(await hear('ann', '/link'));
  // Even the right one, after five wrong ones.
  for (let guess = 0; guess < 5; guess += 1) await hear('mallory', `/link ABCD-234${guess}`);
  expect(await hear('mallory', `/link ${code}`)).toContain('Too many wrong codes');
  expect(await hear('bob', `/link ${code}`)).toContain('a:ann');
  expect(await hear('carl', `/link ${code}`)).toContain('wrong, used up');
  // Ten minutes later.
  const late = codeIn(await hear('ann', '/link'));
  vi.advanceTimersByTime(11 * 60_000);
  expect(await hear('dora', `/link ${late}`)).toContain('wrong, used up');
  // Many senders together are no better off.
  for (let guess = 0; guess < 60; guess += 1) await hear(`m${guess}`, `/link ABCD-23${guess + 10}`);
  const fresh = codeIn(await hear('ann', '/link'));
  expect(await hear('zoe', `/link ${fresh}`)).toContain('Too many wrong codes');
  vi.advanceTimersByTime(2 * HOUR);
  expect(await hear('zoe', `/link ${codeIn(await hear('ann', '/link'))}`)).toContain('a:ann');
});

test('whoever only looks like the owner is not: ids count, names do not', async () => {
  await start();
  await claimAs('owner');
  const code = codeIn(await hear('eve', 'hello'));
  const masked = {
    sender: { id: senderId('mallory'), name: 'owner' },
    chat: { id: chatId('m'), kind: 'direct' },
  };
  await channel.say('m', `/approve ${code}`, masked as Partial<InboundMessage>);
  await hear('owner', 'here');
  await channel.say('eve', 'am I in?');
  await hear('owner', 'still here');
  expect(channel.textsIn('eve').length).toBe(1);
});

const group = (id: string, sender: string, more: Partial<InboundMessage> = {}): Partial<InboundMessage> => ({
  chat: { id: chatId(id), kind: 'group' },
  sender: { id: senderId(sender) },
  ...more,
});

test('in groups those are heard who are heard directly; in a group of the owner everybody is', async () => {
  const groups = new Map([['ours', { requireMention: undefined, allowFrom: [] }]]);
  await start({ access: { dmPolicy: 'allowlist', allowFrom: ['ann'], groups } });
  await channel.say('g1', 'one', group('g1', 'eve'));
  await channel.say('g1', 'two', group('g1', 'ann', { addressed: false }));
  expect(await hear('g1', 'three', group('g1', 'ann'))).toBe('re: three');
  expect(await hear('ours', 'four', group('ours', 'eve'))).toBe('re: four');
  const thread = { chat: { id: chatId('ours/7'), kind: 'group' as const, parent: chatId('ours') } };
  expect(await hear('ours/7', 'five', { ...group('ours', 'eve'), ...thread })).toBe('re: five');
  expect(hub.events('inbound.ignored').map(({ reason }) => reason)).toEqual([
    'sender_not_allowed',
    'not_addressed',
  ]);
});

test.each([
  ['allowlist', 'group_not_allowed'],
  ['disabled', 'groups_disabled'],
] as const)('groups that are not %s', async (groupPolicy, reason) => {
  await start({ access: { dmPolicy: 'open', groupPolicy } });
  await channel.say('g', 'hello', group('g', 'ann'));
  await hear('ann', 'directly');
  expect(hub.events('inbound.ignored').map((event) => event.reason)).toEqual([reason]);
});

test('where no mention is required, everything is answered', async () => {
  await start({ access: { dmPolicy: 'open', requireMention: false } });
  expect(await hear('g', 'hello', group('g', 'ann', { addressed: false }))).toBe('re: hello');
});
