import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { controlPath } from '../../server/index.ts';
import { lookAtLock } from '../../store/index.ts';
import { type Check, type Diagnosis, ok } from '../check.ts';
import { addressOf, readinessAt } from '../readiness.ts';
import { goodConfig, type Scene } from '../scene.ts';

/** A gateway answers commands within milliseconds, and under full load within a second. */
const PATIENCE_MS = 5_000;

/** The gateway that works with the data, if there is one: it is of this machine, and it answers. */
export const gateway: Check = {
  name: 'gateway',
  async run(scene) {
    const { dataDir, running } = scene;
    if (dataDir === undefined || !running) return [ok('not running')];
    const { pid } = lookAtLock(dataDir);
    const name = pid === undefined ? 'the gateway' : `the gateway (process ${pid})`;
    if (pid !== undefined && !isAlive(pid)) {
      return [
        {
          level: 'problem',
          what: `${dataDir} is locked, but the process that locked it (${pid}) is not on this machine`,
          cure: 'Another machine or a container works with the same folder: stop one of the two, or give each a data_dir of its own.',
        },
      ];
    }
    const answer = await ask(controlPath(dataDir));
    if (answer !== undefined) {
      return [ok(`${name} runs and answers`), ...outdated(answer, scene.version), ...(await troubles(scene))];
    }
    const cure = `Is it stopped or hanging? Its log tells. To begin anew: systemctl restart openclaw-gateway, or kill -KILL ${pid ?? ''} and start it; nothing is lost by that.`;
    return [{ level: 'problem', what: `${name} runs, but does not answer commands`, cure }];
  },
};

/** What it says of itself; not to be heard where the system chose its port. */
async function troubles(scene: Scene): Promise<Diagnosis[]> {
  const place = goodConfig(scene)?.gateway;
  const said = place && (await readinessAt(addressOf(place)));
  if (said === undefined) return [];
  const found: Diagnosis[] = Object.entries(said.channels)
    .filter(([, { state }]) => state !== 'connected')
    .map(([about, { state, detail }]) => ({
      level: 'warning',
      about,
      what: `it is ${state}${detail === undefined ? '' : `: ${detail}`}`,
      cure: 'What the platform says stands below; the gateway connects again by itself once that is mended.',
    }));
  if (said.trouble !== undefined) {
    const cure = 'See what disk and database say.';
    found.push({ level: 'problem', what: `it says: ${said.trouble}`, cure });
  }
  return found;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const answer = z.object({ result: z.object({ version: z.string() }) });

/** After an upgrade, the one that runs goes on as it was. */
function outdated(line: string, installed: string): Diagnosis[] {
  const running = answer.safeParse(JSON.parse(line)).data?.result.version;
  if (running === undefined || running === installed) return [];
  return [
    {
      level: 'warning',
      what: `version ${running} is running, and ${installed} is installed`,
      cure: 'Let the new one take over: systemctl restart openclaw-gateway, or openclaw-gateway run --take-over.',
    },
  ];
}

/** The first line of its answer. Any is a sign of life, also that it does not know what we ask. */
async function ask(path: string): Promise<string | undefined> {
  const socket = connect(path);
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    await once(socket, 'connect', { signal });
    const lines = createInterface({ input: socket });
    const line = once(lines, 'line', { signal });
    socket.write('{"do":"status"}\n');
    return ((await line) as [string])[0];
  } catch {
    return undefined;
  } finally {
    socket.destroy();
  }
}
