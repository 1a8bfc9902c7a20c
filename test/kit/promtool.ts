import { spawnSync } from 'node:child_process';
import { installProgram } from './debian.ts';

/** Runs Prometheus' own checker, or says why there is none. On a CI machine it must be there. */
export function findPromtool():
  | { check: (args: readonly string[], input?: string) => string }
  | { missing: string } {
  if (isThere()) return { check };
  const trouble = installProgram('promtool', 'prometheus');
  if (isThere()) return { check };
  const missing = `no promtool: install Debian's prometheus${trouble}`;
  if (process.env.CI) throw new Error(missing);
  return { missing };
}

/** What it finds wrong; nothing if all is well. */
function check(args: readonly string[], input = ''): string {
  const { stdout, stderr, status } = spawnSync('promtool', ['check', ...args], { input, encoding: 'utf8' });
  return status === 0 ? '' : `${stdout}${stderr}`;
}

function isThere(): boolean {
  return spawnSync('promtool', ['--version']).status === 0;
}
