import { channelTypes } from '../../adapters/registry.ts';
import { agentTypes } from '../agents/registry.ts';
import { type Config, type LoadOptions, loadConfig } from '../config/index.ts';
import { unsafety } from '../server/options.ts';

type Inspect = NonNullable<LoadOptions['inspect']>;

/**
 * Reads the configuration with all that is known of types, and refuses one that would let strangers in. Rejects with a
 * ConfigError that tells all mistakes. `inspect` looks for more of them.
 */
export function readConfig(file: string, inspect: Inspect = () => []): Promise<Config> {
  return loadConfig(file, {
    channelTypes,
    agentTypes,
    env: process.env,
    inspect: (config) => [...entranceOf(config), ...inspect(config)],
  });
}

function entranceOf({ gateway }: Config): ReturnType<Inspect> {
  const found = unsafety(gateway);
  if (found === undefined) return [];
  return [{ path: ['gateway', 'token'], message: `${found.message} ${found.hint}` }];
}
