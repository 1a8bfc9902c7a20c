import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

/** Read once: after an upgrade in place, the file is already that of the next start. */
const version = read();

export function packageVersion(): string {
  return version;
}

function read(): string {
  const file = findPackageJSON('..', import.meta.url);
  return (JSON.parse(readFileSync(file ?? '', 'utf8')) as { version: string }).version;
}
