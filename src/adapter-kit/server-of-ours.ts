import { ChannelError } from '../contract/index.ts';
import { piecesOf } from './download.ts';
import { NEVER_SENT } from './errors.ts';

/** Asks a server that the owner runs beside the gateway, one attempt at a time. All of it rejects with ChannelErrors. */
export interface ServerOfOurs {
  /** Like `fetch`, but follows no redirection: what we send is for this server only. */
  fetch(url: string, init: RequestInit): Promise<Response>;
  json(response: Response): Promise<unknown>;
  bytes(response: Response): AsyncIterable<Uint8Array>;
  /** What `fetch` threw, or the reading of an answer. Tells no address, and does not carry what was thrown. */
  broken(error: unknown): ChannelError;
}

/** `name`: what people call it. `hint`: what to check when it cannot be reached. */
export function serverOfOurs(name: string, hint: string): ServerOfOurs {
  function broken(error: unknown): ChannelError {
    if (error instanceof ChannelError) return error;
    const code = codeOf(error);
    if (code === 'TimeoutError' || code === 'AbortError')
      return new ChannelError('network', `${name} gave no answer in time`);
    if (NEVER_SENT.has(code))
      return new ChannelError('network', `${name} cannot be reached: ${code}`, { certain: true, hint });
    return new ChannelError('network', `the connection to ${name} failed: ${code}`);
  }

  return {
    broken,

    async fetch(url, init) {
      try {
        return await fetch(url, { ...init, redirect: 'manual' });
      } catch (error) {
        throw broken(error);
      }
    },

    async json(response) {
      const text = await response.text().catch((error: unknown) => {
        throw broken(error);
      });
      try {
        return JSON.parse(text);
      } catch {
        throw new ChannelError('unavailable', `${name} gave an answer that is not JSON`);
      }
    },

    bytes: ({ body }) => piecesOf(body ?? [], broken),
  };
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = (error.cause ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : error.name;
}
