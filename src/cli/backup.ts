import { resolve } from 'node:path';
import { dataDirOf } from '../config/peek.ts';
import { backUp, restore as putBack } from '../store/index.ts';

/** `openclaw-gateway backup`: a copy of the data folder, also while the gateway runs. */
export function backup(target: string, options: { config: string }): void {
  backUp(dataDirOf(options.config, process.env), resolve(target));
  process.stdout.write(
    `The data is in ${resolve(target)}. The configuration and its secrets are not part of it.\n`,
  );
}

/** `openclaw-gateway restore`: puts such a copy in the place of the data folder. The gateway must not run. */
export function restore(source: string, options: { config: string }): void {
  const folder = dataDirOf(options.config, process.env);
  const kept = putBack(resolve(source), folder, new Date());
  const before = kept === undefined ? '' : ` What was there before is in ${kept}.`;
  process.stdout.write(`${folder} is as it was when the backup was made.${before}\n`);
}
