import { givenUp, toChannelError } from './errors.ts';

/** Slack's client cannot break off one call, but nobody has to wait for it. Rejects with a ChannelError. */
export async function unlessAborted<T>(call: Promise<T>, signal: AbortSignal): Promise<T> {
  const abort = Promise.withResolvers<never>();
  const giveUp = () => abort.reject(givenUp());
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  try {
    return await Promise.race([call, abort.promise]);
  } catch (error) {
    throw toChannelError(error);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
