import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, test } from 'vitest';
import { Daemon } from '../blackbox/daemon.ts';
import { chanceOf } from '../kit/chance.ts';
import { emptyFolder, inMemory } from '../kit/folder.ts';
import { Linechat } from '../platforms/linechat.ts';
import { FakeTelegram } from '../platforms/telegram.ts';
import { compileForgetful, ForgetfulDisk } from './forgetful.ts';
import { GatewayProcess } from './gateway-process.ts';

/** How often the power goes; `POWER_LOSSES=5000 npm test power-loss` for a long night. */
const LOSSES = Number(process.env.POWER_LOSSES ?? 100);
const PEOPLE = 30;
/** Messages that are on their way in, at any moment. */
const AT_ONCE = 10;
/** The power goes after at most so many more. */
const MOST_ACKED = 60;
const WITHOUT_SYNC = join(import.meta.dirname, 'synchronous-normal.ts');

const forgetful = compileForgetful();
const library = 'library' in forgetful ? forgetful.library : '';
const compiled = emptyFolder();
afterAll(() => {
  compiled[Symbol.dispose]();
  if ('library' in forgetful) forgetful[Symbol.dispose]();
});

describe.skipIf('missing' in forgetful)(
  `when the power goes${'missing' in forgetful ? ` (skipped: ${forgetful.missing})` : ''}`,
  () => {
    test.concurrent.each([1, 2])(
      `${LOSSES / 2} times under load (seed %i): what was acked is there, and is answered once`,
      { timeout: 60_000 + 1_000 * LOSSES },
      async (seed) => {
        const { acked, lost, misanswered } = await losePowerOften(seed, LOSSES / 2);
        expect(lost, 'acked, and gone').toEqual([]);
        expect(misanswered, 'acked, and not answered once').toEqual([]);
        console.log(`${LOSSES / 2} losses of power (seed ${seed}): ${acked} acked, none lost`);
      },
    );

    test.concurrent('if nothing were synced, messages would be lost: the test can fail', {
      timeout: 60_000,
    }, async () => {
      const { acked, lost } = await losePowerOften(3, 10, ['--import', WITHOUT_SYNC]);
      expect(lost.length).toBeGreaterThan(0);
      console.log(`without sync, 10 losses of power: ${lost.length} of ${acked} acked are lost`);
    });

    test('under the daemon as it is shipped, five times: every message is answered, and none twice unmarked', async () => {
      using folder = emptyFolder();
      using disk = new ForgetfulDisk(join(folder.path, 'data'), library);
      await using telegram = await new FakeTelegram().listen();
      await using daemon = await Daemon.start(
        `channels:
  telegram: { dm_policy: open, token: "${telegram.token}", api_root: "${telegram.url}", rate_limits: { channel: { burst: 20, per_second: 200 } } }
agents: { default: { type: echo, delay_ms: 20 } }
`,
        { folder: folder.path, env: disk.env },
      );
      const chance = chanceOf(4);
      let said = 0;
      for (let round = 1; round <= 5; round++) {
        for (let count = 0; count < 20; count++) {
          said += 1;
          telegram.say({ chat: said, text: `hello from ${said}` });
        }
        const enough = Math.floor((round - chance()) * 20);
        await telegram.until(() => telegram.sent.length >= enough, `${enough} answers`);
        await daemon.kill('SIGKILL');
        disk.losePower(round % 2 === 0 ? chance : undefined);
        await daemon.boot();
      }
      const answered = () => new Set(telegram.sent.map(({ chat }) => chat)).size;
      await telegram.until(() => answered() === said, 'an answer to everybody');
      await daemon.kill('SIGTERM');
      const unmarked = telegram.sent.filter(({ text }) => !text.includes('↻')).map(({ chat }) => chat);
      expect(new Set(unmarked).size, 'one answer each that is not marked as repeated').toBe(unmarked.length);
    });
  },
);

/**
 * A gateway under load loses its power, again and again, in the midst of what it does. Gives how many messages it had
 * acked, which of them its database does not know in the end, and which were not answered, or oftener than once.
 */
async function losePowerOften(seed: number, rounds: number, node: readonly string[] = []) {
  const chance = chanceOf(seed);
  using folder = emptyFolder(inMemory);
  using disk = new ForgetfulDisk(folder.path, library);
  const platform = await new Linechat().listen();
  const env = { ...disk.env, NODE_COMPILE_CACHE: compiled.path };
  const gateway = new GatewayProcess(folder.path, platform, { env, node });
  const answersTo = new Map<string, string>();
  const keepTalking = () => {
    while (platform.unacked < AT_ONCE) {
      const number = answersTo.size + 1;
      const { id, text } = platform.say(`message ${number}`, `person ${number % PEOPLE}`);
      answersTo.set(id, `done: ${text}`);
    }
  };
  try {
    for (let round = 1; round <= rounds; round++) {
      const ended = gateway.run();
      const enough = platform.acked.length + 1 + Math.floor(chance() * MOST_ACKED);
      keepTalking();
      await platform.until(() => {
        keepTalking();
        return platform.acked.length >= enough;
      }, `${enough} acks`);
      gateway.kill('SIGKILL');
      await ended;
      disk.losePower(round % 2 === 0 ? chance : undefined);
    }
    const ended = gateway.run();
    await platform.until(() => platform.unacked === 0, 'everything is acked');
    const acked = [...new Set(platform.acked)];
    const known = knownIn(folder.path);
    const lost = acked.filter((id) => !known.has(id));
    await platform.until(
      () => platform.accepted.length >= acked.length - lost.length,
      'an answer to everything',
    );
    gateway.kill('SIGTERM');
    await ended;
    expect(gateway.output).toBe('');
    const answers = Map.groupBy(platform.accepted, ({ text }) => text);
    const misanswered = acked.filter(
      (id) => known.has(id) && answers.get(answersTo.get(id) ?? '')?.length !== 1,
    );
    return { acked: acked.length, lost, misanswered };
  } finally {
    gateway.kill('SIGKILL');
    await platform.stop();
  }
}

/** The messages that a gateway has on disk, by their dedupe keys. */
function knownIn(folder: string): Set<string> {
  const db = new Database(join(folder, 'gateway.db'), { readonly: true });
  const keys = db.prepare('SELECT dedupe_key FROM inbox').pluck().all() as string[];
  db.close();
  return new Set(keys);
}
