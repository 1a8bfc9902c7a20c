import { chmodSync, existsSync, statSync } from 'node:fs';
import { secretsAtRest } from '../../config/index.ts';
import { type Check, type Diagnosis, ok } from '../check.ts';

/** Everybody else on this machine; a group of its own may read a configuration. */
const OTHERS = 0o007;

/** Secrets on the disk: nobody but the gateway's own user and group may read them. */
export const secrets: Check = {
  name: 'secrets',
  run({ configFile }) {
    if (!existsSync(configFile)) return [];
    const { keys, files } = secretsAtRest(configFile);
    const found: Diagnosis[] = [];
    if (keys.length > 0 && isOpen(configFile)) {
      found.push(open(configFile, `it holds ${keys.join(', ')}`));
    }
    for (const file of files.filter((path) => existsSync(path) && isOpen(path))) {
      found.push(open(file, 'the configuration takes a secret from it'));
    }
    return found.length > 0 ? found : [ok('secrets can be read by nobody else')];
  },
};

function isOpen(file: string): boolean {
  return (statSync(file).mode & OTHERS) !== 0;
}

function open(file: string, why: string): Diagnosis {
  return {
    level: 'problem',
    what: `every user of this machine can read ${file}, and ${why}`,
    cure: `chmod 600 ${file}; who else uses this machine may have seen it, so think of new secrets.`,
    fix: () => chmodSync(file, 0o600),
  };
}
