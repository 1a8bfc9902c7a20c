import { once } from 'node:events';
import { connect } from 'node:net';
import { controlPath } from '../../server/index.ts';
import { lookAtLock } from '../../store/index.ts';
import { type Check, ok } from '../check.ts';

/** A gateway answers commands within milliseconds, and under full load within a second. */
const PATIENCE_MS = 5_000;

/** The gateway that works with the data, if there is one: it is of this machine, and it answers. */
export const gateway: Check = {
  name: 'gateway',
  async run({ dataDir, running }) {
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
    if (await answers(controlPath(dataDir))) return [ok(`${name} runs and answers`)];
    const cure = `Is it stopped or hanging? Its log tells. To begin anew: systemctl restart openclaw-gateway, or kill -KILL ${pid ?? ''} and start it; nothing is lost by that.`;
    return [{ level: 'problem', what: `${name} runs, but does not answer commands`, cure }];
  },
};

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Any answer is a sign of life, also that it does not know what we ask. */
async function answers(path: string): Promise<boolean> {
  const socket = connect(path);
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    await once(socket, 'connect', { signal });
    socket.write('{"do":"status"}\n');
    await once(socket, 'data', { signal });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
