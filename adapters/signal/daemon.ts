import { createParser } from 'eventsource-parser';
import { within } from '../../src/adapter-kit/index.ts';
import { ChannelError, type OutboundFile } from '../../src/contract/index.ts';
import { base64Field } from './base64-field.ts';
import { fromRpcError, fromStatus, SIGNAL_CLI } from './errors.ts';
import type { SignalOptions } from './index.ts';
import { requestBody } from './request-body.ts';

/** How long to wait for the daemon, in milliseconds. */
export interface Patience {
  /** For the answer to a call. Below the minute that the gateway gives a send. */
  readonly callMs: number;
  /** For a received file, whole. */
  readonly downloadMs: number;
  /** For the next byte of the event stream: signal-cli writes a comment every 15 s (HttpServerHandler.java). */
  readonly silenceMs: number;
}

export const PATIENCE: Patience = { callMs: 55_000, downloadMs: 300_000, silenceMs: 45_000 };

/** How long to go on reading when we are to stop. */
const LAST_EVENTS_MS = 100;

/** The HTTP daemon of signal-cli, for one account. All of it rejects with ChannelErrors, and retries nothing. */
export interface Daemon {
  /** Calls a method of its JSON-RPC interface: https://github.com/AsamK/signal-cli/blob/master/man/signal-cli-jsonrpc.5.adoc */
  call(
    method: string,
    params: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
    files?: readonly OutboundFile[],
  ): Promise<unknown>;
  /**
   * Subscribes to what the account receives: the events as they come, those that came at once together. Throws when the
   * stream ends; when `signal` aborts that is a moment later.
   */
  events(signal: AbortSignal): Promise<AsyncIterable<readonly string[]>>;
  /** The content of a received file. */
  attachment(id: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}

export function openDaemon({ http_url, account }: SignalOptions, patience: Patience): Daemon {
  const root = `${http_url.replace(/\/+$/, '')}/api/v1`;

  async function post(
    method: string,
    params: object,
    signal: AbortSignal,
    files: readonly OutboundFile[] = [],
  ): Promise<Response> {
    return request(`${root}/rpc`, signal, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: await requestBody(method, { account, ...params }, files, signal),
      duplex: 'half',
    });
  }

  return {
    async call(method, params, signal, files) {
      const inTime = within(patience.callMs, signal);
      const response = await post(method, params, inTime, files);
      const answer = Object(await SIGNAL_CLI.json(response));
      if (answer.error !== undefined) throw fromRpcError(answer.error);
      return answer.result;
    },

    async events(signal) {
      const url = `${root}/events?account=${encodeURIComponent(account)}`;
      const end = new AbortController();
      const stop = () => end.abort();
      const heard = watch(patience.silenceMs, end);
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop);
      let response: Response;
      try {
        // Some versions send even the head of the answer with the first comment only.
        response = await request(url, end.signal, { headers: { accept: 'text/event-stream' } });
      } finally {
        heard();
        signal.removeEventListener('abort', stop);
      }
      // What is on its way to us is not at the daemon any more: it is read before we hang up.
      signal.addEventListener('abort', () => setTimeout(stop, LAST_EVENTS_MS), { once: true });
      return readEvents(bodyOf(response), () => watch(patience.silenceMs, end));
    },

    async attachment(id, signal) {
      const inTime = within(patience.downloadMs, signal);
      const response = await post('getAttachment', { id }, inTime);
      return base64Field(bodyOf(response), 'data');
    },
  };
}

async function request(url: string, signal: AbortSignal, init: RequestInit): Promise<Response> {
  const response = await SIGNAL_CLI.fetch(url, { ...init, signal });
  if (response.status === 200) return response;
  await response.body?.cancel();
  throw fromStatus(response.status);
}

async function* readEvents(
  body: ReadableStream<Uint8Array>,
  expectByte: () => () => void,
): AsyncGenerator<readonly string[]> {
  const came: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => came.push(data) });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const heard = expectByte();
      const { value, done } = await reader.read().finally(heard);
      if (done) throw new ChannelError('network', 'signal-cli ended the stream of events');
      parser.feed(decoder.decode(value, { stream: true }));
      if (came.length > 0) yield came.splice(0);
    }
  } catch (error) {
    throw SIGNAL_CLI.broken(error);
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** Aborts `end` when the returned function is not called within `ms`. */
function watch(ms: number, end: AbortController): () => void {
  const timer = setTimeout(() => {
    end.abort(new ChannelError('network', `nothing heard from signal-cli for ${ms / 1000} s`));
  }, ms);
  return () => clearTimeout(timer);
}

function bodyOf(response: Response): ReadableStream<Uint8Array> {
  if (response.body === null) throw new ChannelError('unavailable', 'signal-cli gave an empty answer');
  return response.body;
}
