import { errorText } from '../contract/index.ts';
import type { Check, Diagnosis } from './check.ts';
import { agents } from './checks/agents.ts';
import { channels } from './checks/channels.ts';
import { clock } from './checks/clock.ts';
import { config } from './checks/config.ts';
import { dataFolder } from './checks/data-folder.ts';
import { database } from './checks/database.ts';
import { disk } from './checks/disk.ts';
import { gateway } from './checks/gateway.ts';
import { node } from './checks/node.ts';
import { port } from './checks/port.ts';
import { secrets } from './checks/secrets.ts';
import { type SceneOptions, setScene } from './scene.ts';

/** In the order in which they are told. */
const CHECKS: readonly Check[] = [
  ...[node, config, secrets, dataFolder, disk, database, gateway, port],
  ...[channels, agents],
];

/** A finding, and the name of the check that made it. */
export interface Examined extends Diagnosis {
  readonly check: string;
}

/**
 * Looks at everything, and at what `more` adds, all at once; then at the clock, of which the others have heard. Never rejects.
 */
export async function examine(options: SceneOptions, more: readonly Check[] = []): Promise<Examined[]> {
  const scene = await setScene(options);
  const look = async ({ name, run }: Check): Promise<Examined[]> => {
    try {
      return (await run(scene)).map((diagnosis) => ({ check: name, ...diagnosis }));
    } catch (error) {
      const cure = 'If nothing else here explains it, please report it.';
      return [{ check: name, level: 'problem', what: `cannot be looked at: ${errorText(error)}`, cure }];
    }
  };
  try {
    const found = await Promise.all([...CHECKS, ...more].map(look));
    return [...found.flat(), ...(await look(clock))];
  } finally {
    scene.clocks.stop();
  }
}
