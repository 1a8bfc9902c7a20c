import { unlessAborted } from '../../src/adapter-kit/index.ts';
import { givenUp, toChannelError } from './errors.ts';

/** Slack's client cannot break off one call, but nobody has to wait for it. Rejects with a ChannelError. */
export async function waitFor<T>(call: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await unlessAborted(call, signal, givenUp);
  } catch (error) {
    throw toChannelError(error);
  }
}
