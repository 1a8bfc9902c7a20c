import { z } from 'zod';
import {
  ChannelError,
  type OutboundFile,
  type OutboundMessage,
  type SendReceipt,
} from '../../src/contract/index.ts';
import type { Daemon } from './daemon.ts';
import { repeatedMark, toStyledText } from './format.ts';
import { decodeRef, encodeRef, recipientOf } from './ids.ts';
import type { SignalOptions } from './index.ts';

const sendAnswer = z.object({ timestamp: z.number() });

export async function send(
  daemon: Daemon,
  { account }: SignalOptions,
  { chat, body, replyTo, files }: OutboundMessage,
  sentAgain: string | undefined,
  signal: AbortSignal,
): Promise<SendReceipt> {
  const quoted = replyTo && decodeRef(replyTo, account);
  const answer = await daemon.call(
    'send',
    {
      ...recipientOf(chat.id),
      ...toStyledText(sentAgain === undefined ? body.text : repeatedMark(sentAgain) + body.text),
      ...(quoted && { quoteTimestamp: quoted.timestamp, quoteAuthor: quoted.author }),
      // It holds for all files together; signal-cli before 0.14.2 does not know it.
      ...(files && { voiceNote: files.every(isVoice) }),
    },
    signal,
    files,
  );
  const receipt = sendAnswer.safeParse(answer);
  if (!receipt.success)
    throw new ChannelError('unavailable', 'signal-cli did not say whether it sent the message');
  return { platformId: encodeRef({ timestamp: receipt.data.timestamp, author: 'me' }) };
}

const isVoice = ({ kind, mime }: OutboundFile) => kind === 'audio' && mime.startsWith('audio/ogg');
