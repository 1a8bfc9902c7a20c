import type { StatsFs } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { type Config, dataDirOf, loadConfig, type Registry } from '../config/index.ts';
import type { AgentType, ChannelType } from '../contract/index.ts';
import { lookAtLock } from '../store/index.ts';
import { type FarClocks, hearFarClocks } from './far-clocks.ts';

/** What is examined. */
export interface SceneOptions {
  /** Of this program. */
  readonly version: string;
  readonly configFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly channelTypes: Registry<ChannelType>;
  readonly agentTypes: Registry<AgentType>;
  /** Aborts when nobody waits any more. */
  readonly signal: AbortSignal;
  /** The Node that runs us. */
  readonly node?: { readonly version: string; readonly lts: string | undefined };
  /** What the system tells of the file system of a path. */
  readonly fileSystem?: (path: string) => Promise<StatsFs>;
}

/** What all checks look at. */
export interface Scene extends Required<SceneOptions> {
  /** What is read from the file, or what loading it rejected with. */
  readonly config: Config | { readonly error: unknown };
  /** `undefined` when not even that can be told from the configuration. */
  readonly dataDir: string | undefined;
  /** A gateway works with the data. */
  readonly running: boolean;
  readonly clocks: FarClocks;
}

export async function setScene(options: SceneOptions): Promise<Scene> {
  const { configFile, env } = options;
  const config = await loadConfig(configFile, options).catch((error: unknown) => ({ error }));
  const dataDir = attempt(() => dataDirOf(configFile, env));
  return {
    node: { version: process.versions.node, lts: process.release.lts },
    fileSystem: (path) => statfs(path),
    ...options,
    config,
    dataDir,
    running: (dataDir !== undefined && attempt(() => lookAtLock(dataDir).held)) ?? false,
    clocks: hearFarClocks(),
  };
}

/** The configuration, if it has no mistakes. */
export function goodConfig({ config }: Scene): Config | undefined {
  return 'error' in config ? undefined : config;
}

/** What somebody else tells about is `undefined` here. */
function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
