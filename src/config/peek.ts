import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { LineCounter } from 'yaml';
import { StartError } from '../contract/index.ts';
import { DEFAULT_DATA_DIR } from './defaults.ts';
import { readYaml } from './read-yaml.ts';
import { isFields } from './tree.ts';
import { reasonOf } from './variables.ts';

/*
 * Single values of a configuration, for commands that need no more of it. The schema is not loaded: it would take half of
 * the time that such a command has.
 */

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Only where the data of a configuration is, for commands that look into it: they work whatever else is wrong, and need
 * none of its secrets. Throws a StartError when that cannot be told.
 */
export function dataDirOf(file: string, env: Environment): string {
  const folder = dirname(resolve(file));
  const { tree } = readYaml(readText(file), new LineCounter(), { env, folder });
  const written = tree.get(['data_dir']) ?? DEFAULT_DATA_DIR;
  if (typeof written === 'string' && written !== '') return resolve(folder, written);
  throw new StartError(`${file} does not say where the data is: data_dir must be a text.`);
}

/** The names of the credentials that a configuration asks for, whatever else is wrong with it. */
export function credentialsOf(file: string, env: Environment): string[] {
  const { credentials } = readYaml(readText(file), new LineCounter(), {
    env,
    folder: dirname(resolve(file)),
  });
  return [...credentials].sort();
}

/** Where the log is kept, in the same way; `undefined` when no file is named. */
export function logFileOf(file: string, env: Environment): string | undefined {
  const folder = dirname(resolve(file));
  const { tree } = readYaml(readText(file), new LineCounter(), { env, folder });
  const written = tree.get(['log', 'file']);
  return typeof written === 'string' && written !== '' ? resolve(folder, written) : undefined;
}

/** What stands under one of the main keys, by name; nothing is checked. */
export function namesIn(file: string, env: Environment, key: 'channels' | 'agents'): string[] {
  const folder = dirname(resolve(file));
  const { tree } = readYaml(readText(file), new LineCounter(), { env, folder });
  const named = tree.get([key]);
  return isFields(named) ? Object.keys(named) : [];
}

/** Throws a StartError when it cannot be read. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new StartError(`The configuration ${file} cannot be read: ${reasonOf(error)}.`, {
      hint: 'Name another one with --config <file>, or let `openclaw-gateway init` write one. An annotated example is the openclaw.config.yaml of this package.',
      cause: error,
    });
  }
}
