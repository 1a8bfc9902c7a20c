import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { Api } from 'grammy';
import type { TelegramOptions } from './index.ts';

/** The longest that a request may take, in seconds; one for news takes as much longer as it waits for them. */
const TIMEOUT_SECONDS = 30;
const POLL_EXTRA_SECONDS = 15;
/** Below the minute that the gateway gives a send. */
const UPLOAD_TIMEOUT_SECONDS = 55;

/** Unused connections are closed after so many milliseconds: an old one may be dead, and to send on it is to guess. */
const IDLE_CONNECTION_MS = 10_000;

/** grammY's type of signal is of a library that predates Node's own; at run time they are alike. */
type Signal = Parameters<Api['getMe']>[0];
export const toSignal = (signal: AbortSignal): Signal => signal as unknown as Signal;

export interface TelegramClient {
  /** For all calls that are answered at once. */
  readonly api: Api;
  /** For files of ours. */
  readonly uploadApi: Api;
  /** For getUpdates that waits for news. */
  pollingApi(waitSeconds: number): Api;
  /**
   * The answer to a request for a file, by the path that getFile has told. Follows no redirect: the token is in the path.
   * Rejects, or emits an error while it is read, when the connection fails.
   */
  file(path: string, signal: AbortSignal): Promise<IncomingMessage>;
  /** Lets go of the connections; those with a request under way when it has ended. */
  close(): void;
}

export function createClient(options: TelegramOptions): TelegramClient {
  const isHttps = options.api_root.startsWith('https:');
  const Agent = isHttps ? HttpsAgent : HttpAgent;
  const request = isHttps ? httpsRequest : httpRequest;
  const agent = new Agent({ keepAlive: true, timeout: IDLE_CONNECTION_MS });
  const api = (timeoutSeconds: number) =>
    new Api(options.token, {
      apiRoot: options.api_root,
      timeoutSeconds,
      baseFetchConfig: { agent, compress: true },
    });
  return {
    api: api(TIMEOUT_SECONDS),
    uploadApi: api(UPLOAD_TIMEOUT_SECONDS),
    pollingApi: (waitSeconds) => api(waitSeconds + POLL_EXTRA_SECONDS),
    file(path, signal) {
      const url = `${options.api_root}/file/bot${options.token}/${encodePath(path)}`;
      return new Promise((resolve, reject) => {
        const asking = request(url, { agent, signal }, resolve).on('error', reject);
        const silent = () => asking.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' }));
        asking.setTimeout(TIMEOUT_SECONDS * 1000, silent).end();
      });
    },
    close() {
      agent.maxFreeSockets = 0;
      for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy();
    },
  };
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
