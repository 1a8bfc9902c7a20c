import { z } from 'zod';
import type { Finding, ProbeHost } from '../../src/contract/index.ts';
import { openDaemon, PATIENCE } from './daemon.ts';
import type { SignalOptions } from './index.ts';

/** What the adapter was written against: docs/channels/signal.md. */
const OLDEST = { major: 0, minor: 14 };

const about = z.object({ version: z.string().regex(/^\d+\.\d+/) });

/** Finds the daemon, and asks Signal through it whether it still knows the account. Rejects with a ChannelError. */
export async function probe(options: SignalOptions, { signal }: ProbeHost): Promise<Finding[]> {
  const daemon = openDaemon(options, PATIENCE);
  const { version } = about.safeParse(await daemon.call('version', {}, signal)).data ?? {};
  // Of all that is only to be read, what signal-cli cannot answer without Signal, which wants to see the account for it.
  await daemon.call('listDevices', {}, signal);
  const registered: Finding = { level: 'ok', what: `Signal knows ${options.account}` };
  if (version === undefined || !isOld(version)) return [registered];
  const what = `signal-cli ${version} is older than ${OLDEST.major}.${OLDEST.minor}`;
  return [registered, { level: 'warning', what, cure: 'Update signal-cli, and restart its daemon.' }];
}

function isOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor);
}
