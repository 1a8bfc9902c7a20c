import type { Path } from './problems.ts';

const SECRET_KEY = /(^|_)(token|secret|password|key)s?$/;

/** Whether what stands under this key must not be shown. */
export function isSecret(path: Path): boolean {
  const key = path.findLast((part) => typeof part === 'string');
  return key !== undefined && SECRET_KEY.test(key);
}

/** Whether a value that came from outside the file is to be kept out of the logs: all but the gateway's own plain settings. */
export function mayBeSecret(path: Path): boolean {
  return path[0] === 'channels' || path[0] === 'agents' || isSecret(path);
}

/** Anything shorter is found in too many innocent words. */
export const SHORTEST_SECRET = 6;
