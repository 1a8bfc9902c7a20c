import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { LineCounter } from 'yaml';
import { pathText } from './problems.ts';
import { readYaml } from './read-yaml.ts';
import { isSecret } from './secret-keys.ts';
import { CREDENTIALS } from './variables.ts';

/** Where secrets lie on the disk: which keys hold them in the configuration itself, and the files that it takes them from. */
export interface SecretsAtRest {
  /** Such as `channels.telegram.token`. */
  readonly keys: readonly string[];
  /** Absolute. */
  readonly files: readonly string[];
}

const FILE = /\$\{(file|credential):([^}]*)\}/g;

/** Throws what `readFileSync` throws; mistakes in the file are not its matter. */
export function secretsAtRest(file: string): SecretsAtRest {
  const folder = dirname(resolve(file));
  const { tree } = readYaml(readFileSync(file, 'utf8'), new LineCounter(), { env: {}, folder });
  const keys: string[] = [];
  const files = new Set<string>();
  for (const { path, source } of tree.sources()) {
    if (isSecret(path) && source !== '' && !source.includes('${')) keys.push(pathText(path));
    for (const [, kind, name = ''] of source.matchAll(FILE)) {
      files.add(resolve(folder, kind === 'credential' ? join(CREDENTIALS, name) : name));
    }
  }
  return { keys, files: [...files] };
}
