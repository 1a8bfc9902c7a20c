import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { StartError } from '../contract/index.ts';
import { type ControlReply, type ControlRequest, controlPath } from '../server/control.ts';

/** Asks the gateway that works with this data folder. Rejects with a StartError when there is none, or when it refuses. */
export async function askGateway(dataDir: string, request: ControlRequest): Promise<unknown> {
  const socket = connect(controlPath(dataDir));
  try {
    await once(socket, 'connect');
  } catch (cause) {
    throw new StartError('the gateway is not running, and only it can do this', {
      hint: 'Start it, and try again.',
      exitCode: 1,
      cause,
    });
  }
  socket.write(`${JSON.stringify(request)}\n`);
  const lines = createInterface({ input: socket });
  const [line] = (await Promise.race([once(lines, 'line'), once(lines, 'close')])) as [string | undefined];
  socket.destroy();
  if (line === undefined) throw new StartError('the gateway ended before it answered', { exitCode: 1 });
  const reply = JSON.parse(line) as ControlReply;
  if ('error' in reply) throw new StartError(reply.error, { exitCode: 1 });
  return reply.result;
}
