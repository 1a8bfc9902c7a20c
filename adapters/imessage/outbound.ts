import { basename } from 'node:path';
import { z } from 'zod';
import { blobOf } from '../../src/adapter-kit/index.ts';
import {
  ChannelError,
  type OutboundFile,
  type OutboundMessage,
  platformMessageId,
  type SendReceipt,
} from '../../src/contract/index.ts';
import type { BlueBubbles, ServerInfo } from './bluebubbles.ts';
import { notDelivered } from './errors.ts';
import { repeatedMark } from './format.ts';

/**
 * What a shell would take for a command. BlueBubbles puts the id of a chat into one as it is (`sendMessage` in scripts.ts),
 * and whoever sends an SMS can choose what they are called.
 */
const UNSAFE = /["$`\\\r\n]/;

const sentMessage = z.object({ guid: z.string(), error: z.int().nullish() });

/** `tempGuid` is our id: while an attempt is under way, the server refuses a second one. */
export async function send(
  server: BlueBubbles,
  { privateApi }: ServerInfo,
  { id, chat, body, replyTo, files }: OutboundMessage,
  sentAgain: string | undefined,
  signal: AbortSignal,
): Promise<SendReceipt> {
  if (UNSAFE.test(chat.id)) throw new ChannelError('rejected', 'this chat has an id that is not safe to use');
  const common = {
    chatGuid: chat.id,
    tempGuid: id,
    method: privateApi ? 'private-api' : 'apple-script',
    ...(privateApi && replyTo !== undefined && { selectedMessageGuid: replyTo }),
  };
  const text = (sentAgain === undefined ? '' : repeatedMark(sentAgain)) + body.text;
  let sent: unknown;
  if (files === undefined) {
    sent = await server.send('text', { ...common, message: text }, signal);
  } else {
    // BlueBubbles saves the file under this name on the Mac, and would follow a path.
    const form = await formOf({ ...common, name: basename(files[0].name) }, files[0]);
    // A file shows no text, so that it may be there already is said before it.
    if (sentAgain !== undefined) {
      const note = { ...common, tempGuid: `${id}-note`, message: text.trimEnd() };
      await server.send('text', note, signal);
    }
    sent = await server.send('attachment', form, signal);
  }
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
  form.set('attachment', await blobOf(file), file.name);
  return form;
}
