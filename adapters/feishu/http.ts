import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { json } from 'node:stream/consumers';
import type { ChannelError } from '../../src/contract/index.ts';
import { noAnswer, refusal } from './errors.ts';
import type * as Lark from './lark.ts';

const TIMEOUT_MS = 15_000;

/**
 * The SDK's HTTP client, as we need it: with a time-out, never redirected (its requests carry credentials), all that is
 * not a success thrown as a ChannelError, and every connection closed when `signal` aborts.
 */
export function createHttp(
  lark: typeof Lark,
  signal: AbortSignal,
  onError?: (error: ChannelError) => void,
): Lark.HttpInstance {
  const httpAgent = new HttpAgent({ keepAlive: true });
  const httpsAgent = new HttpsAgent({ keepAlive: true });
  signal.addEventListener(
    'abort',
    () => {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
    { once: true },
  );
  const http = lark.defaultHttpInstance.create({
    timeout: TIMEOUT_MS,
    maxRedirects: 0,
    validateStatus: null,
    httpAgent,
    httpsAgent,
  });
  http.interceptors.request.use((config) => {
    const own = config.signal as AbortSignal | undefined;
    config.signal = own === undefined ? signal : AbortSignal.any([signal, own]);
    return config;
  });
  const fail = (error: ChannelError): never => {
    onError?.(error);
    throw error;
  };
  http.interceptors.response.use(
    async ({ status, headers, data, config }) => {
      const isFile = config.responseType === 'stream';
      // A file that cannot be had is answered by JSON.
      const body: unknown = isFile && status >= 400 ? await json(data).catch(() => undefined) : data;
      const ok = status < 300 && (isFile || isSuccess(body));
      if (!ok) fail(refusal(status, body, headers['x-ogw-ratelimit-reset']));
      // The SDK wants the body in the place of the response.
      return data as never;
    },
    (error) => fail(noAnswer(error)),
  );
  return http as Lark.HttpInstance;
}

function isSuccess(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'code' in body && body.code === 0;
}
