import {
  ChannelError,
  type ChannelErrorKind,
  type OutboundMessage,
  platformMessageId,
  type SendReceipt,
} from '../../src/contract/index.ts';
import type { Connection, Line } from './connection.ts';

/** The id goes along: by it Linechat knows a message that it has accepted before. */
export async function send(
  connection: Connection,
  { id, chat, body, replyTo }: OutboundMessage,
  signal: AbortSignal,
): Promise<SendReceipt> {
  const answer = await connection.request(
    { op: 'send', id, chat: chat.id, text: body.text, replyTo },
    signal,
  );
  if (answer.op === 'failed') throw toChannelError(answer);
  return { platformId: platformMessageId(String(answer.messageId)) };
}

/** Temporary, unless it is known to be for good. */
const KINDS: Readonly<Record<string, ChannelErrorKind>> = {
  token_revoked: 'auth',
  too_fast: 'rate_limited',
  no_such_chat: 'rejected',
  too_long: 'rejected',
};

/** `failed` is Linechat's word that it did not accept the message, so all of these are certain. */
function toChannelError({ reason, retryAfterMs }: Line): ChannelError {
  return new ChannelError(KINDS[String(reason)] ?? 'unavailable', `Linechat says: ${String(reason)}`, {
    certain: true,
    ...(typeof retryAfterMs === 'number' && { retryAfterMs }),
  });
}
