import { z } from 'zod';
import { bare, isSame, parseJson, webhookAt, webhookPath } from '../../src/adapter-kit/index.ts';
import { ChannelError, type ChannelHttp, errorText } from '../../src/contract/index.ts';
import { toSignal } from './client.ts';
import { toChannelError } from './errors.ts';
import type { WebhookOptions } from './index.ts';
import { type Inlet, receive } from './receive.ts';
import { SUBSCRIBED } from './updates.ts';

const update = z.looseObject({ update_id: z.int() });

/**
 * Lets Telegram call us with each update, one after the other in each chat. It is never told to stop that: what happens
 * while we are away waits for up to a day, and Telegram calls until it is answered.
 */
export async function openWebhook(inlet: Inlet, options: WebhookOptions): Promise<void> {
  const { api, host, signal } = inlet;
  const path = webhookPath(host.channel);
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
  return webhookAt({
    path,
    mayCall: (headers) => isSame(headers.get('x-telegram-bot-api-secret-token') ?? '', secret),
    async answer({ body }) {
      const { data } = update.safeParse(parseJson(body.toString('utf8')));
      if (data === undefined) return bare(400);
      if (signal.aborted) return bare(503);
      try {
        await receive(inlet, [data]);
        return bare(200);
      } catch (error) {
        host.log.warn('an update could not be stored; Telegram delivers it again', {
          error: errorText(error),
        });
        return bare(503);
      }
    },
  });
}
