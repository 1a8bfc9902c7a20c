import { openAsBlob } from 'node:fs';
import { z } from 'zod';
import {
  ChannelError,
  type OutboundFile,
  type OutboundMessage,
  platformMessageId,
  type SendReceipt,
} from '../../src/contract/index.ts';
import type { BlueBubbles, ServerInfo } from './bluebubbles.ts';
import { notDelivered } from './errors.ts';
import { REPEATED } from './format.ts';

const sentMessage = z.object({ guid: z.string(), error: z.int().nullish() });

/** `tempGuid` is our id: while an attempt is under way, the server refuses a second one. */
export async function send(
  server: BlueBubbles,
  { privateApi }: ServerInfo,
  { id, chat, body, replyTo, file, possiblyRepeated }: OutboundMessage,
  signal: AbortSignal,
): Promise<SendReceipt> {
  const common = {
    chatGuid: chat.id,
    tempGuid: id,
    method: privateApi ? 'private-api' : 'apple-script',
    ...(privateApi && replyTo !== undefined && { selectedMessageGuid: replyTo }),
  };
  const sent =
    file === undefined
      ? await server.send(
          'text',
          { ...common, message: possiblyRepeated ? REPEATED + body.text : body.text },
          signal,
        )
      : await server.send('attachment', await formOf({ ...common, name: file.name }, file), signal);
  const receipt = sentMessage.safeParse(sent);
  if (!receipt.success) {
    throw new ChannelError('unavailable', 'the BlueBubbles server did not say whether it sent the message');
  }
  if (receipt.data.error) throw notDelivered(receipt.data.error);
  return { platformId: platformMessageId(receipt.data.guid) };
}

async function formOf(fields: Readonly<Record<string, string>>, file: OutboundFile): Promise<FormData> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  try {
    form.set('attachment', await openAsBlob(file.path, { type: file.mime }), file.name);
  } catch (error) {
    throw new ChannelError('rejected', `the file ${file.name} cannot be read`, { cause: error });
  }
  return form;
}
