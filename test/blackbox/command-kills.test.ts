import { expect, test } from 'vitest';
import { commandLine } from './command-line.ts';
import { platforms } from './far/index.ts';
import { bootAgain, startWith } from './far/start.ts';

/** Kills, and commands between two of them. */
const KILLS = 4;
const COMMANDS = 12;

test('commands are answered exactly once, however often the daemon is killed meanwhile', async () => {
  await using far = (await platforms.discord?.()) ?? expect.fail();
  await using daemon = await startWith([far]);
  const asked: string[] = [];
  for (let kill = 0; kill <= KILLS; kill += 1) {
    const seen = daemon.lines.length;
    for (let number = 0; number < COMMANDS; number += 1) {
      const nowhere = `nowhere-${kill}-${number}`;
      asked.push(nowhere);
      await far.direct.say(`/lang ${nowhere}`);
    }
    if (kill === KILLS) break;
    // In the midst of it, each time a little further on.
    const ended = () => daemon.lines.slice(seen).filter(({ msg }) => msg === '/lang').length;
    await daemon.until(() => ended() > kill * 2, 'some of them are through', seen);
    await daemon.kill('SIGKILL');
    await bootAgain(daemon, far);
  }
  await far.until(() => far.direct.told().length >= asked.length, 'all are answered');
  const usage = 'Write it like this: `/lang [en | zh | auto]`';
  expect(far.direct.told().map(({ text }) => text)).toEqual(asked.map(() => usage));
  const { code, out } = await commandLine(daemon, 'audit', '--json');
  expect(code, out).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ balances: true, in: { answered: asked.length } });
});
