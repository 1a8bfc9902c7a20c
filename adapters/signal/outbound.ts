import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import {
  ChannelError,
  type OutboundFile,
  type OutboundMessage,
  type SendReceipt,
} from '../../src/contract/index.ts';
import type { Daemon } from './daemon.ts';
import { REPEATED, toStyledText } from './format.ts';
import { decodeRef, encodeRef, recipientOf } from './ids.ts';
import type { SignalOptions } from './index.ts';

const sendAnswer = z.object({ timestamp: z.number() });

export async function send(
  daemon: Daemon,
  { account }: SignalOptions,
  { chat, body, replyTo, file, possiblyRepeated }: OutboundMessage,
  signal: AbortSignal,
): Promise<SendReceipt> {
  const quoted = replyTo && decodeRef(replyTo);
  const answer = await daemon.call(
    'send',
    {
      ...recipientOf(chat.id),
      ...toStyledText(possiblyRepeated ? REPEATED + body.text : body.text),
      ...(quoted && {
        quoteTimestamp: quoted.timestamp,
        quoteAuthor: quoted.author === 'me' ? account : quoted.author,
      }),
      ...(file && { attachment: [await dataUri(file)] }),
    },
    signal,
  );
  const receipt = sendAnswer.safeParse(answer);
  if (!receipt.success)
    throw new ChannelError('unavailable', 'signal-cli did not say whether it sent the message');
  return { platformId: encodeRef({ timestamp: receipt.data.timestamp, author: 'me' }) };
}

/** The file itself and not its path: the daemon may run as another user, or on another machine. */
async function dataUri({ path, name, mime }: OutboundFile): Promise<string> {
  let content: Buffer;
  try {
    content = await readFile(path);
  } catch (error) {
    throw new ChannelError('rejected', `the file ${name} cannot be read`, { cause: error });
  }
  return `data:${mime};filename=${encodeURIComponent(name)};base64,${content.toString('base64')}`;
}
