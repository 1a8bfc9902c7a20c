import type { REST } from '@discordjs/rest';
import { z } from 'zod';
import { showUntil } from '../../src/adapter-kit/index.ts';
import {
  ChannelError,
  type Chat,
  type ChatId,
  type OutboundMessage,
  type PlatformMessageId,
} from '../../src/contract/index.ts';
import { TYPING_EVERY_MS } from './capabilities.ts';
import { buttons } from './choices.ts';
import { toChannelError } from './errors.ts';
import { repeatedMark } from './format.ts';
import { uploads } from './uploads.ts';

/** Links show no preview: to make one, Discord would fetch whatever address an agent was talked into writing. */
const SUPPRESS_EMBEDS = 1 << 2;

const placed = z.object({
  id: z.string(),
  content: z.string().default(''),
  attachments: z.array(z.unknown()).default([]),
  components: z.array(z.unknown()).default([]),
});

export interface Putting {
  /** Discord's id of the message, where it stands already. */
  readonly place: string | undefined;
  /** Whether it tells the person whom it replies to, as Discord's own replies do. Nobody else is ever told. */
  readonly pings: boolean;
  /** The words of the mark, if an earlier attempt may have arrived. */
  readonly sentAgain?: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Makes a message stand in its chat once, as it is here, and returns Discord's id of it. With `enforce_nonce`, Discord
 * answers a second message of the same id with the first one, for a few minutes; if that one was a preview, it is edited.
 */
export async function put(
  rest: REST,
  message: OutboundMessage,
  { place, pings, sentAgain, signal }: Putting,
): Promise<string> {
  const { id, chat, replyTo } = message;
  const { text } = message.body;
  const path = `/channels/${chat.id}/messages` as const;
  try {
    const files = await uploads(message.files ?? []);
    const components = buttons(message.choices ?? []);
    const body = {
      content: text,
      flags: SUPPRESS_EMBEDS,
      allowed_mentions: { parse: [], replied_user: pings },
      components,
      attachments: files.map(({ name }, index) => ({ id: index, filename: name })),
    };
    const edit = (there: string) => rest.patch(`${path}/${there}`, { body, files, signal });

    if (place !== undefined) return read(await edit(place)).id;
    const marked = sentAgain === undefined ? text : repeatedMark(sentAgain) + text;
    const first = {
      ...body,
      content: marked,
      nonce: id,
      enforce_nonce: true,
      ...(replyTo !== undefined && {
        message_reference: { message_id: replyTo, fail_if_not_exists: false },
      }),
    };
    const there = read(await rest.post(path, { body: first, files, signal }));
    const isWhole =
      [text, marked].some((said) => said.trim() === there.content.trim()) &&
      there.attachments.length === files.length &&
      there.components.length === components.length;
    return isWhole ? there.id : read(await edit(there.id)).id;
  } catch (error) {
    throw toChannelError(error);
  }
}

function read(answer: unknown): z.infer<typeof placed> {
  const { data } = placed.safeParse(answer);
  if (data === undefined) throw new ChannelError('unavailable', 'Discord sent an unreadable answer');
  return data;
}

export async function react(
  rest: REST,
  chat: Chat,
  message: PlatformMessageId,
  emoji: string,
  signal: AbortSignal,
): Promise<void> {
  const name = encodeURIComponent(emoji.toWellFormed());
  try {
    await rest.put(`/channels/${chat.id}/messages/${message}/reactions/${name}/@me`, { signal });
  } catch (error) {
    throw toChannelError(error);
  }
}

export function keepTyping(rest: REST, chat: ChatId, until: AbortSignal): void {
  showUntil(until, TYPING_EVERY_MS, () =>
    rest.post(`/channels/${chat}/typing`, { signal: AbortSignal.any([until]) }),
  );
}
