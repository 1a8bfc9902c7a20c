import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { ChannelError, type ChannelHttp, errorText } from '../../src/contract/index.ts';
import { toSignal } from './client.ts';
import { toChannelError } from './errors.ts';
import type { WebhookOptions } from './index.ts';
import { type Inlet, receive } from './receive.ts';
import { SUBSCRIBED } from './updates.ts';

/** The server has a limit of its own; Telegram's updates stay far below ours. */
const MAX_BODY_BYTES = 1_000_000;

const update = z.looseObject({ update_id: z.int() });

/**
 * Lets Telegram call us with each update, one after the other in each chat. It is never told to stop that: what happens
 * while we are away waits for up to a day, and Telegram calls until it is answered.
 */
export async function openWebhook(inlet: Inlet, options: WebhookOptions): Promise<void> {
  const { api, host, signal } = inlet;
  const path = `/channels/${host.channel}/webhook`;
  host.serve(answering(inlet, path, options.secret_token));
  try {
    await api.setWebhook(
      options.webhook_url + path,
      { secret_token: options.secret_token, allowed_updates: SUBSCRIBED, drop_pending_updates: false },
      toSignal(signal),
    );
  } catch (error) {
    const refusal = toChannelError('setWebhook', error);
    if (refusal.kind !== 'rejected') throw refusal;
    throw new ChannelError('rejected', refusal.message, {
      hint: 'check `webhook_url`: Telegram must be able to reach it, on port 443, 80, 88 or 8443',
    });
  }
}

/**
 * Takes updates from whoever knows the secret. Telegram signs nothing and tells no time, so it is the secret that proves
 * the caller, and the update's id by which a replay is recognised, in the gateway's inbox. Answers 200 once the update is
 * on disk; Telegram delivers it again after any other answer.
 */
function answering(inlet: Inlet, path: string, secret: string): ChannelHttp {
  const { host, signal } = inlet;
  return { audience: 'public', fetch };

  async function fetch(request: Request): Promise<Response> {
    if (new URL(request.url).pathname !== path) return answer(404);
    if (request.method !== 'POST') return answer(405);
    if (!isSame(request.headers.get('x-telegram-bot-api-secret-token') ?? '', secret)) return answer(401);
    if (!isJson(request.headers.get('content-type'))) return answer(415);
    if ((request.headers.get('content-encoding') ?? 'identity') !== 'identity') return answer(415);
    const body = await readBody(request);
    if (body === undefined) return answer(413);
    const { data } = update.safeParse(parseJson(body));
    if (data === undefined) return answer(400);
    if (signal.aborted) return answer(503);
    try {
      await receive(inlet, [data]);
      return answer(200);
    } catch (error) {
      host.log.warn('an update could not be stored; Telegram delivers it again', {
        error: errorText(error),
      });
      return answer(503);
    }
  }
}

function answer(status: number): Response {
  return new Response(null, { status });
}

/** In constant time, whatever the lengths. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function isJson(contentType: string | null): boolean {
  return contentType?.split(';', 1)[0]?.trim().toLowerCase() === 'application/json';
}

/** `undefined` when it is too large. */
async function readBody(request: Request): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
