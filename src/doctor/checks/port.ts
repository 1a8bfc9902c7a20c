import { errorText, StartError } from '../../contract/index.ts';
import { addressFor, tryPort } from '../../server/index.ts';
import { type Check, type Diagnosis, ok } from '../check.ts';
import { goodConfig } from '../scene.ts';

const PATIENCE_MS = 5_000;

/** The port: free for the gateway, or in the hands of the one that runs, which then tells how its channels are. */
export const port: Check = {
  name: 'port',
  async run(scene) {
    const place = goodConfig(scene)?.gateway;
    if (place === undefined || place.port === 0) return [];
    const address = `http://${addressFor(place.host)}:${place.port}`;
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

interface Readiness {
  readonly channels?: Readonly<Record<string, { readonly state: string; readonly detail?: string }>>;
  readonly trouble?: string;
}

async function ofRunning(address: string): Promise<Diagnosis[]> {
  const readiness = await readinessAt(address);
  if (readiness?.channels === undefined) {
    const cure =
      'Was gateway.host or gateway.port changed since it started? Restart it. If another program has the port: choose another one.';
    return [
      { level: 'problem', what: `the gateway runs, but somebody else or nobody answers at ${address}`, cure },
    ];
  }
  const found: Diagnosis[] = Object.entries(readiness.channels)
    .filter(([, { state }]) => state !== 'connected')
    .map(([about, { state, detail }]) => ({
      level: 'warning',
      about,
      what: `the running gateway says: ${state}${detail === undefined ? '' : ` (${detail})`}`,
      cure: 'What the platform itself says stands below; the gateway connects again by itself once that is mended.',
    }));
  if (readiness.trouble !== undefined) {
    const cure = 'See the checks of disk and database.';
    found.push({ level: 'problem', what: `the running gateway says: ${readiness.trouble}`, cure });
  }
  return found.length > 0 ? found : [ok(`${address} is ours, and all channels are connected`)];
}

async function readinessAt(address: string): Promise<Readiness | undefined> {
  try {
    const response = await fetch(`${address}/readyz`, {
      signal: AbortSignal.timeout(PATIENCE_MS),
      redirect: 'error',
    });
    return (await response.json()) as Readiness;
  } catch {
    return undefined;
  }
}
