import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Api } from 'grammy';
import type { TelegramOptions } from './index.ts';

/** The longest that a request may take, in seconds; one for news takes as much longer as it waits for them. */
const TIMEOUT_SECONDS = 30;
const POLL_EXTRA_SECONDS = 15;

/** Unused connections are closed after so many milliseconds: an old one may be dead, and to send on it is to guess. */
const IDLE_CONNECTION_MS = 10_000;

/** grammY's type of signal is of a library that predates Node's own; at run time they are alike. */
type Signal = Parameters<Api['getMe']>[0];
export const toSignal = (signal: AbortSignal): Signal => signal as unknown as Signal;

export interface TelegramClient {
  /** For all calls that are answered at once. */
  readonly api: Api;
  /** For getUpdates. */
  readonly pollingApi: Api;
  /** Lets go of the connections; those with a request under way when it has ended. */
  close(): void;
}

export function createClient(options: TelegramOptions): TelegramClient {
  const Agent = options.api_root.startsWith('https:') ? HttpsAgent : HttpAgent;
  const agent = new Agent({ keepAlive: true, timeout: IDLE_CONNECTION_MS });
  const api = (timeoutSeconds: number) =>
    new Api(options.token, {
      apiRoot: options.api_root,
      timeoutSeconds,
      baseFetchConfig: { agent, compress: true },
    });
  return {
    api: api(TIMEOUT_SECONDS),
    pollingApi: api(options.poll_timeout_seconds + POLL_EXTRA_SECONDS),
    close() {
      agent.maxFreeSockets = 0;
      for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy();
    },
  };
}
