import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { type Config, ConfigError, loadConfig } from '../../src/config/index.ts';
import type { AgentType, ChannelType } from '../../src/contract/index.ts';
import { emptyFolder } from '../kit/folder.ts';

const never = (): never => {
  throw new Error('a configuration is read without making anything');
};

/** A channel type with an option of each kind. */
export const pigeon: ChannelType = {
  options: z.strictObject({
    token: z.string().min(1),
    api_root: z.url().default('https://pigeon.example'),
    poll: z.int().min(1).max(50).default(30),
    quiet: z.boolean().default(false),
    coop: z.strictObject({ doors: z.int().optional() }).optional(),
    pass_key: z.string().regex(/^k/, 'must begin with k').optional(),
    color: z.string().regex(/^#/, 'must begin with #').optional(),
  }),
  strangers: 'told',
  create: never,
};

export const page: ChannelType = {
  options: z.strictObject({ title: z.string().max(9).optional() }),
  strangers: 'admitted',
  create: never,
};
/** Channels that know people by something. */
export const knowing: Record<string, ChannelType> = {
  phone: { ...page, contacts: ['phone'] },
  mail: { ...page, contacts: ['email'] },
  both: { ...page, contacts: ['phone', 'email'] },
};
export const parrot: AgentType = { options: z.strictObject({ delay: z.number().default(0) }), create: never };

export interface Setting {
  readonly env?: Record<string, string>;
  readonly files?: Record<string, string>;
  /** Further types of channels. */
  readonly knowing?: Record<string, ChannelType>;
  /** Told which types were imported. */
  readonly imported?: string[];
}

export async function load(
  yaml: string,
  { env = {}, files = {}, imported = [], knowing = {} }: Setting = {},
): Promise<Config> {
  using folder = emptyFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder.path, name)), { recursive: true });
    writeFileSync(join(folder.path, name), text);
  }
  const file = join(folder.path, 'test.yaml');
  writeFileSync(file, yaml);
  const lazily =
    <Type>(name: string, type: Type) =>
    async () => {
      imported.push(name);
      return type;
    };
  return await loadConfig(file, {
    channelTypes: Object.fromEntries(
      Object.entries({ pigeon, page, ...knowing }).map(([name, type]) => [name, lazily(name, type)]),
    ),
    agentTypes: { parrot: lazily('parrot', parrot) },
    env,
  });
}

/** The lines that tell the mistakes, without the folder of the file. */
export async function mistakesIn(yaml: string, setting?: Setting): Promise<string[]> {
  const error = await load(yaml, setting).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConfigError))
    throw new Error(`expected mistakes, got: ${String(error)}`, { cause: error });
  return error.message.split('\n').map((line) => line.replaceAll(/\/\S*openclaw-test-[^/]+\//g, ''));
}

/** Makes any configuration complete. */
export const AGENT = 'agents: { default: { type: parrot } }\n';
