import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { channelId, chatId } from '../../src/contract/index.ts';
import type { ChatCommand } from '../../src/gateway/index.ts';
import { type Course, OneLife } from '../chaos/one-life.ts';
import { emptyFolder, inMemory } from '../kit/folder.ts';

/** Takes its time, answers, and tells somebody else. */
const shout: ChatCommand = {
  name: 'shout',
  admin: false,
  usage: { en: '', zh: '' },
  description: { en: '', zh: '' },
  async run() {
    await new Promise((resolve) => setImmediate(resolve));
    const tell = [{ channel: channelId('a'), chat: chatId('bob'), text: () => 'ann shouts' }];
    return () => ({ text: 'done', tell });
  },
};

test('a kill at every step of a command: it is answered once, others are told once, and the books balance', {
  timeout: 120_000,
}, async () => {
  using folder = emptyFolder(inMemory);
  let lives = 0;
  const live = (step?: number): Promise<Course> => {
    const own = join(folder.path, String(lives++));
    mkdirSync(own);
    const faults = new Map(step === undefined ? [] : [[step, 'kill before' as const]]);
    return new OneLife({ folder: own, platform: 'native', first: '/shout', commands: [shout], faults }).run();
  };
  const { steps } = await live();
  expect(steps.some(({ name }) => name === 'send')).toBe(true);
  for (const [step, { name }] of steps.entries()) {
    const { seen, audit } = await live(step);
    const texts = seen.map(({ chat, body }) => `${chat.id}: ${body.text}`);
    expect(texts.sort(), `killed before step ${step}: ${name}`).toEqual([
      'ann: done',
      'ann: re: second',
      'bob: ann shouts',
    ]);
    expect(audit).toEqual({ in: { answered: 2 }, out: { sent: 3 }, contradictions: [] });
  }
});
