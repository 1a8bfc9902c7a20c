/**
 * Shows something that the platform takes away again after a while: at once, and then every `everyMs` until `until` aborts.
 * Best effort: an answer that comes without it is still an answer.
 */
export function showUntil(until: AbortSignal, everyMs: number, show: () => Promise<unknown>): void {
  if (until.aborted) return;
  const again = () => void show().catch(() => {});
  const timer = setInterval(again, everyMs).unref();
  until.addEventListener('abort', () => clearInterval(timer), { once: true });
  again();
}
