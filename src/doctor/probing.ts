import { join } from 'node:path';
import type { AgentConfig, ChannelConfig } from '../config/index.ts';
import {
  type AgentType,
  ChannelError,
  type ChannelErrorKind,
  type ChannelType,
  errorText,
  type Finding,
} from '../contract/index.ts';

/** The longest that one channel or agent may take, in milliseconds: less than what a person takes for hanging. */
const PATIENCE_MS = 25_000;

/** What to do where the error itself does not say. */
const BY_KIND: Readonly<Record<ChannelErrorKind, string>> = {
  auth: 'Get new credentials; docs/channels has a page for this platform.',
  network: 'Check the network of this machine, and the address if you have set one.',
  unavailable: 'The platform has trouble of its own: look again in some minutes.',
  rate_limited: 'Look again in some minutes.',
  rejected: 'Compare the options with the page for this platform in docs/channels.',
};

/** Asks the platform of a channel whether its options will do. Never rejects; `undefined` where there is nobody to ask. */
export async function askedChannel(
  type: ChannelType,
  { id, options }: Pick<ChannelConfig, 'id' | 'options'>,
  dataDir: string,
  signal: AbortSignal,
): Promise<readonly Finding[] | undefined> {
  const host = { channel: id, dataDir: join(dataDir, 'channels', id), signal: inTime(signal) };
  return type.probe && toldBy(type.probe(options, host));
}

/** The same for an agent. */
export async function askedAgent(
  type: AgentType,
  { options }: Pick<AgentConfig, 'options'>,
  signal: AbortSignal,
): Promise<readonly Finding[] | undefined> {
  return type.probe && toldBy(type.probe(options, inTime(signal)));
}

function inTime(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
}

async function toldBy(probing: Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await probing;
  } catch (error) {
    return [{ level: 'problem', what: errorText(error), cure: cureOf(error) }];
  }
}

function cureOf(error: unknown): string {
  const { hint } = Object(error) as { hint?: unknown };
  if (typeof hint === 'string') return hint;
  return error instanceof ChannelError ? BY_KIND[error.kind] : 'Look again in some minutes.';
}
