import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '../contract/index.ts';
import { type ControlReply, type ControlRequest, controlPath } from '../server/control.ts';

/** Asks the gateway that works with this data folder. Rejects with a StartError when there is none, or when it refuses. */
export async function askGateway(dataDir: string, request: ControlRequest): Promise<unknown> {
  const answer = await askIfRunning(dataDir, request);
  if (answer !== undefined) return answer.result;
  throw new StartError('the gateway is not running, and only it can do this', {
    hint: 'Start it, and try again.',
    exitCode: 1,
  });
}

/**
 * The same where there may be none: then `undefined`. Rejects with a StartError when it refuses, ends, or does not answer
 * within `patienceMs`.
 */
export async function askIfRunning(
  dataDir: string,
  request: ControlRequest,
  patienceMs?: number,
): Promise<{ readonly result: unknown } | undefined> {
  const socket = connect(controlPath(dataDir));
  try {
    await once(socket, 'connect');
  } catch {
    return undefined;
  }
  try {
    socket.write(`${JSON.stringify(request)}\n`);
    const lines = createInterface({ input: socket });
    const answers = [once(lines, 'line'), once(lines, 'close')];
    if (patienceMs !== undefined) answers.push(silence(patienceMs));
    const [line] = (await Promise.race(answers)) as [string | undefined];
    if (line === undefined) throw new StartError('the gateway ended before it answered', { exitCode: 1 });
    const reply = JSON.parse(line) as ControlReply;
    if ('error' in reply) throw new StartError(reply.error, { exitCode: 1 });
    return reply;
  } finally {
    socket.destroy();
  }
}

async function silence(ms: number): Promise<never> {
  await sleep(ms, undefined, { ref: false });
  throw new StartError(`the gateway runs, but did not answer within ${ms / 1000} s`, {
    hint: 'It is very busy, or hangs: its log may tell.',
    exitCode: 1,
  });
}
