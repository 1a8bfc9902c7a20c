import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from 'grammy';
import { errorText } from '../../src/contract/index.ts';
import { toSignal } from './client.ts';
import { type Inlet, receive, type Update } from './receive.ts';
import { SUBSCRIBED } from './updates.ts';

/** How long we wait before we ask again for what could not be stored, in milliseconds: doubled each time. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

export interface Polling extends Inlet {
  /** Whose requests may take as long as Telegram waits for news. */
  readonly pollingApi: Api;
  /** How long that is, before it answers that there are none. */
  readonly timeoutSeconds: number;
}

/**
 * Asks for updates until `signal` aborts. Telegram forgets an update as soon as one with a higher offset is asked for,
 * so the offset moves only when all before it is on disk. Rejects when a poll fails.
 */
export async function poll(polling: Polling): Promise<void> {
  const { pollingApi, host, timeoutSeconds, signal } = polling;
  let cursor = host.cursor();
  let pauseMs = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    const updates: Update[] = await pollingApi.getUpdates(
      {
        ...(cursor !== undefined && { offset: Number(cursor) }),
        timeout: timeoutSeconds,
        allowed_updates: SUBSCRIBED,
      },
      toSignal(signal),
    );
    const last = updates.at(-1);
    if (last === undefined) continue;
    const next = `${last.update_id + 1}`;
    try {
      await receive(polling, updates, next);
      cursor = next;
      pauseMs = FIRST_PAUSE_MS;
    } catch (error) {
      if (signal.aborted) return;
      host.log.warn('messages could not be stored; asking for them again', {
        error: errorText(error),
        pauseMs,
      });
      await sleep(pauseMs, undefined, { signal });
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }
}
