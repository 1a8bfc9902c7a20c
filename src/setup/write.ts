import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CREDENTIALS, isSecret } from '../config/index.ts';
import { isReference, type Plan, type Values } from './plan.ts';
import { yamlOf } from './yaml.ts';

/** What was written, and what was there before under another name. */
export interface Written {
  readonly files: readonly string[];
  readonly putAside: readonly string[];
}

/** Writes the secrets, each into a file of its own that nobody else can read, and then the configuration, which holds none. */
export function writeSetup(plan: Plan, configFile: string, schema: string | undefined, now: Date): Written {
  const folder = dirname(resolve(configFile));
  const files: string[] = [];
  const putAside: string[] = [];

  function write(file: string, text: string, mode: number): void {
    if (existsSync(file) && readFileSync(file, 'utf8') === text) {
      chmodSync(file, mode);
      return;
    }
    if (existsSync(file)) {
      const aside = `${file}.before-${now.toISOString().slice(0, 19).replaceAll(':', '')}`;
      renameSync(file, aside);
      putAside.push(aside);
    }
    writeFileSync(file, text, { mode, flag: 'wx' });
    files.push(file);
  }

  function withSecretsApart(name: string, values: Values): Values {
    const entries = Object.entries(values).map(([key, value]) => {
      if (!isSecret([key]) || typeof value !== 'string' || isReference(value)) return [key, value];
      const credential = `${name}-${key.replaceAll('_', '-')}`;
      mkdirSync(join(folder, CREDENTIALS), { recursive: true, mode: 0o700 });
      chmodSync(join(folder, CREDENTIALS), 0o700);
      write(join(folder, CREDENTIALS, credential), `${value}\n`, 0o600);
      return [key, `\${credential:${credential}}`];
    });
    return Object.fromEntries(entries) as Values;
  }

  const channels = new Map(
    [...plan.channels].map(([name, values]) => [name, withSecretsApart(name, values)]),
  );
  const agent = withSecretsApart('default', plan.agent);
  mkdirSync(folder, { recursive: true });
  write(resolve(configFile), yamlOf({ ...plan, channels, agent }, schema, now), 0o644);
  return { files, putAside };
}
