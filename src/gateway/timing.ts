import type { BackoffOptions } from './options.ts';

/** Waits `ms`; resolves early when `signal` aborts. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, Math.min(ms, MAX_TIMER_MS));
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}

/** Node fires timers beyond this at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Doubled with each failure (the first is 1) up to the cap; the upper half of it is chance, so that many do not come back as one. */
export function backoff(failures: number, { base, cap }: BackoffOptions): number {
  return jittered(Math.min(cap, base * 2 ** Math.min(failures - 1, 30)));
}

export function jittered(ms: number): number {
  return Math.round(ms * (0.5 + Math.random() / 2));
}

/** Settles like what `work` returns, or rejects with what `onTimeout` makes when that takes longer than `ms`. */
export function within<T>(ms: number, work: () => Promise<T>, onTimeout: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(onTimeout()), ms);
    const fail = (error: unknown) => {
      clearTimeout(timer);
      reject(error);
    };
    try {
      work().then((result) => {
        clearTimeout(timer);
        resolve(result);
      }, fail);
    } catch (error) {
      fail(error); // thrown at once, by what should have returned a promise
    }
  });
}
