import { dataDirOf } from '../config/peek.ts';
import { StartError } from '../contract/index.ts';
import { askGateway } from './ask-gateway.ts';
import type { Reloaded } from './control.ts';
import { say } from './say.ts';

/** `openclaw-gateway reload`: the running gateway goes by its file as it is now. Rejects when all stays as it was. */
export async function reload({ config }: { config: string }): Promise<void> {
  const reply = await ask(config);
  if ('refused' in reply) {
    const { refused, hint, exitCode } = reply;
    throw new StartError(`${refused}\nNothing was changed.`, { ...(hint && { hint }), exitCode });
  }
  say(...reply.changes);
}

async function ask(config: string): Promise<Reloaded> {
  try {
    return (await askGateway(dataDirOf(config, process.env), { do: 'reload' })) as Reloaded;
  } catch (error) {
    // A file that is no YAML does not say where the data is, and so does not lead to the gateway.
    const { readConfig } = await import('./read-config.ts');
    await readConfig(config);
    throw error;
  }
}
