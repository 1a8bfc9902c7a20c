import { readFile } from 'node:fs/promises';
import type { REST } from '@discordjs/rest';
import { z } from 'zod';
import {
  ChannelError,
  type ChatId,
  errorText,
  type OutboundFile,
  type OutboundMessage,
  platformMessageId,
  type SendReceipt,
} from '../../src/contract/index.ts';
import { TYPING_EVERY_MS } from './capabilities.ts';
import { toChannelError } from './errors.ts';

/** Links show no preview: to make one, Discord would fetch whatever address an agent was talked into writing. */
const SUPPRESS_EMBEDS = 1 << 2;

const created = z.object({ id: z.string() });

/** With `enforce_nonce`, Discord answers a second message of this id with the first one, for a few minutes. */
export async function send(rest: REST, message: OutboundMessage, signal: AbortSignal): Promise<SendReceipt> {
  const { id, chat, body, replyTo, file } = message;
  const files = file && [await upload(file)];
  try {
    const answer = await rest.post(`/channels/${chat.id}/messages`, {
      body: {
        content: body.text,
        nonce: id,
        enforce_nonce: true,
        flags: SUPPRESS_EMBEDS,
        // Nothing in a text can call anybody; whom we answer is told so, as Discord's own reply does.
        allowed_mentions: { parse: [], replied_user: true },
        ...(replyTo !== undefined && {
          message_reference: { message_id: replyTo, fail_if_not_exists: false },
        }),
      },
      signal,
      ...(files && { files }),
    });
    const { data } = created.safeParse(answer);
    if (data === undefined) throw new ChannelError('unavailable', 'Discord sent an unreadable answer');
    return { platformId: platformMessageId(data.id) };
  } catch (error) {
    throw toChannelError(error);
  }
}

async function upload({ path, name, mime }: OutboundFile) {
  try {
    return { name, contentType: mime, data: await readFile(path) };
  } catch (error) {
    throw new ChannelError('rejected', `the file ${name} cannot be read: ${errorText(error)}`);
  }
}

/** Best effort, until `until` aborts. */
export function keepTyping(rest: REST, chat: ChatId, until: AbortSignal): void {
  if (until.aborted) return;
  const show = () => {
    rest.post(`/channels/${chat}/typing`, { signal: AbortSignal.any([until]) }).catch(() => {});
  };
  const timer = setInterval(show, TYPING_EVERY_MS).unref();
  until.addEventListener('abort', () => clearInterval(timer), { once: true });
  show();
}
