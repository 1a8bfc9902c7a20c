import { afterAll, beforeAll, expect } from 'vitest';
import { FakeOpenAI } from '../../platforms/openai.ts';
import type { Daemon } from '../daemon.ts';
import { type Far, platforms } from './index.ts';
import { startWith } from './start.ts';

export interface Together {
  readonly daemon: Daemon;
  readonly model: FakeOpenAI;
  far(name: string): Far;
}

/** One daemon with a channel on every platform, for all tests of a suite; at the end its log must tell of no trouble. */
export function together(configOf: (model: FakeOpenAI) => string): Together {
  const fars = new Map<string, Far>();
  let model: FakeOpenAI;
  let daemon: Daemon;

  beforeAll(async () => {
    model = await new FakeOpenAI().listen();
    for (const [name, platform] of Object.entries(platforms)) fars.set(name, await platform());
    daemon = await startWith([...fars.values()], configOf(model));
  });

  afterAll(async () => {
    await daemon.kill('SIGTERM');
    const troubles = daemon.lines
      .filter(({ level }) => level >= 40)
      .map(({ msg, channel, error, reason }) => [channel, msg, error ?? reason].join(' '))
      // Answers go out at once here, and a platform may well find them too many.
      .filter((line) => !/message not sent.*too many/.test(line));
    await Promise.all([daemon, model, ...fars.values()].map((one) => one[Symbol.asyncDispose]()));
    expect(troubles).toEqual([]);
  });

  return {
    get daemon() {
      return daemon;
    },
    get model() {
      return model;
    },
    far: (name) => fars.get(name) ?? expect.fail(),
  };
}
