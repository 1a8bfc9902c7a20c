import { ChannelError, type ChannelErrorKind, type ChannelErrorOptions } from '../contract/index.ts';

/** What an error code of a platform means. */
export interface Meaning extends ChannelErrorOptions {
  readonly kind: ChannelErrorKind;
}

/** Codes of failures to connect, of Node and of undici: nothing was sent. */
export const NEVER_SENT: ReadonlySet<unknown> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** What goes before a message itself: when it fails, nobody can see anything of the message yet. */
export async function unseen<T>(doing: Promise<T>): Promise<T> {
  try {
    return await doing;
  } catch (thrown) {
    const error = ChannelError.from(thrown);
    throw error.certain ? error : new ChannelError(error.kind, error.message, { ...error, certain: true });
  }
}

/** What the platform does not show or let us do is as good as not there; what it only cannot do now is another matter. */
export async function unlessRejected<T>(
  asked: Promise<T>,
  onRejected?: (error: ChannelError) => void,
): Promise<T | undefined> {
  try {
    return await asked;
  } catch (thrown) {
    const error = ChannelError.from(thrown);
    if (error.kind !== 'rejected') throw thrown;
    onRejected?.(error);
    return undefined;
  }
}
