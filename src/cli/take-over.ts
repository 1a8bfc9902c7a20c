import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '../contract/index.ts';
import { isLocked } from '../store/index.ts';
import { askGateway } from './ask-gateway.ts';

/** A gateway ends within ten seconds; a little more is patience. */
const PATIENCE_MS = 15_000;
const LOOK_EVERY_MS = 20;

/**
 * Asks the gateway that works with this data folder to end, and waits until it has: an upgrade without a pause, in which no
 * two of them ever listen at once. Does nothing where there is none. Rejects with a StartError when it does not end.
 */
export async function takeOver(dataDir: string): Promise<void> {
  if (!isLocked(dataDir)) return;
  await askGateway(dataDir, { do: 'stop' });
  for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_EVERY_MS) {
    if (!isLocked(dataDir)) return;
    await sleep(LOOK_EVERY_MS);
  }
  throw new StartError(`the gateway that works with ${dataDir} does not end`, { exitCode: 1 });
}
