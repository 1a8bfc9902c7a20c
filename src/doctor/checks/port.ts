import { errorText, StartError } from '../../contract/index.ts';
import { tryPort } from '../../server/index.ts';
import { type Check, type Diagnosis, ok } from '../check.ts';
import { addressOf, readinessAt } from '../readiness.ts';
import { goodConfig } from '../scene.ts';

/** The port: free for the gateway, or in the hands of the one that runs. */
export const port: Check = {
  name: 'port',
  async run(scene) {
    const place = goodConfig(scene)?.gateway;
    if (place === undefined || place.port === 0) return [];
    const address = addressOf(place);
    return scene.running ? await ofRunning(address) : await free(place, address);
  },
};

async function free(place: { host: string; port: number }, address: string): Promise<Diagnosis[]> {
  try {
    await tryPort(place);
    return [ok(`${address} is free`)];
  } catch (error) {
    const hint = error instanceof StartError ? (error.hint ?? '') : '';
    const who = `\`ss -ltnp 'sport = :${place.port}'\` shows who has it.`;
    return [{ level: 'problem', what: errorText(error), cure: `${hint} ${who}`.trim() }];
  }
}

async function ofRunning(address: string): Promise<Diagnosis[]> {
  if ((await readinessAt(address)) !== undefined) return [ok(`${address} is ours`)];
  return [
    {
      level: 'problem',
      what: `the gateway runs, but somebody else or nobody answers at ${address}`,
      cure: 'Was gateway.host or gateway.port changed since it started? Restart it. If another program has the port: choose another one.',
    },
  ];
}
