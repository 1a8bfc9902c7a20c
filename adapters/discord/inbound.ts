import {
  type Attachment,
  type InboundMessage,
  platformMessageId,
  senderId,
} from '../../src/contract/index.ts';
import { timeOf } from './cursor.ts';
import { acted } from './interactions.ts';
import { chatOf, senderOf } from './who.ts';
import * as wire from './wire.ts';

/** https://discord.com/developers/docs/resources/message#message-object-message-types; all others are notices. */
const DEFAULT = 0;
const REPLY = 19;

/** https://discord.com/developers/docs/resources/message#message-reference-types */
const FORWARD = 1;

/** Reads a {@link wire.GatewayEvent}; throws on one that says something and cannot be read. */
export function normalize(raw: unknown): InboundMessage | undefined {
  const { data: event } = wire.event.safeParse(raw);
  switch (event?.t) {
    case 'MESSAGE_CREATE':
      return said(event);
    case 'MESSAGE_UPDATE':
      return edited(event);
    case 'MESSAGE_DELETE':
      return deleted(event);
    case 'MESSAGE_REACTION_ADD':
    case 'MESSAGE_REACTION_REMOVE':
      return reacted(event);
    case 'INTERACTION_CREATE':
      return acted(event);
    default:
      return undefined;
  }
}

function said({ d, me, parent }: wire.GatewayEvent): InboundMessage | undefined {
  const message = wire.message.parse(d);
  const isForPeople = message.type === DEFAULT || message.type === REPLY;
  if (!isForPeople || message.author.id === me) return undefined;
  const chat = chatOf(message, parent);
  const bot = message.author.bot || message.webhook_id !== undefined;
  const mentioned = message.mentions.some(({ id }) => id === me);
  const attachments = attachmentsOf(message);
  const forwarded = message.message_reference?.type === FORWARD;
  const content = forwarded ? (message.message_snapshots[0]?.message.content ?? '') : message.content;
  const replyTo = forwarded ? undefined : replyToOf(message);
  return {
    dedupeKey: message.id,
    chat,
    sender: senderOf({ ...message.author, bot }, message.member?.nick),
    platformId: platformMessageId(message.id),
    sentAt: Date.parse(message.timestamp),
    text: readable(withoutCall(content, me), message.mentions),
    addressed: chat.kind === 'direct' || mentioned || message.referenced_message?.author.id === me,
    ...(replyTo && { replyTo }),
    ...(forwarded && { forwarded }),
    ...(attachments.length > 0 && { attachments }),
  };
}

/** Discord also updates messages to add a preview or a pin: those are no edits, or ones that we have seen. */
function edited(event: wire.GatewayEvent): InboundMessage | undefined {
  const { edited_timestamp } = wire.message.parse(event.d);
  const message = edited_timestamp ? said(event) : undefined;
  return (
    message && {
      ...message,
      dedupeKey: `${message.platformId}/edited/${edited_timestamp}`,
      change: { kind: 'edit', of: message.platformId },
    }
  );
}

function deleted({ d, author, parent }: wire.GatewayEvent): InboundMessage | undefined {
  if (author === undefined) return undefined;
  const deletion = wire.deletion.parse(d);
  const id = platformMessageId(deletion.id);
  return {
    dedupeKey: `${id}/deleted`,
    chat: chatOf(deletion, parent),
    sender: { ...author, id: senderId(author.id) },
    platformId: id,
    sentAt: timeOf(deletion.id),
    text: '',
    addressed: deletion.guild_id === undefined,
    change: { kind: 'deletion', of: id },
  };
}

/** A reaction has no id, and the same one can come and go: the event's number tells one from the next. */
function reacted({ t, s, d, session, me, parent }: wire.GatewayEvent): InboundMessage | undefined {
  const { user_id, message_id, member, emoji, ...where } = wire.reaction.parse(d);
  if (user_id === me) return undefined;
  const id = platformMessageId(message_id);
  return {
    dedupeKey: `${session}/${s}`,
    chat: chatOf(where, parent),
    sender: member ? senderOf(member.user, member.nick) : { id: senderId(user_id) },
    platformId: id,
    sentAt: timeOf(message_id),
    text: emoji.id ? `:${emoji.name ?? ''}:` : (emoji.name ?? ''),
    addressed: where.guild_id === undefined || where.message_author_id === me,
    change: { kind: t === 'MESSAGE_REACTION_ADD' ? 'reaction' : 'reaction_removed', of: id },
  };
}

function replyToOf(message: wire.Message): InboundMessage['replyTo'] {
  const id = message.message_reference?.message_id;
  if (id === undefined) return undefined;
  const quoted = message.referenced_message;
  return {
    platformId: platformMessageId(id),
    ...(quoted && { text: quoted.content, sender: senderOf(quoted.author) }),
  };
}

function attachmentsOf({ attachments, sticker_items, message_snapshots }: wire.Message): Attachment[] {
  const forwarded = message_snapshots.flatMap((snapshot) => snapshot.message.attachments);
  return [
    ...[...attachments, ...forwarded].map(fileOf),
    ...sticker_items.map(({ name }): Attachment => ({ kind: 'sticker', name })),
  ];
}

function fileOf({ filename, content_type, size, url }: wire.FileOnMessage): Attachment {
  const kind = /^(image|audio|video)\//.exec(content_type ?? '')?.[1] as
    | 'image'
    | 'audio'
    | 'video'
    | undefined;
  return {
    kind: kind ?? 'file',
    name: filename,
    ...(content_type !== undefined && { mime: content_type }),
    bytes: size,
    ref: url,
  };
}

/** Our mention at the beginning or at the end only serves to call us; elsewhere it is part of what is said. */
function withoutCall(content: string, me: string): string {
  const mention = `<@!?${me}>`;
  return content.replace(new RegExp(`^\\s*${mention}[\\s,:]*|\\s*${mention}\\s*$`), '');
}

/** What people see: names for ids. */
function readable(text: string, mentions: readonly wire.User[]): string {
  const names = new Map(mentions.map((user) => [user.id, user.global_name ?? user.username]));
  return text
    .replace(/<@!?(\d+)>/g, (mention, id: string) => (names.has(id) ? `@${names.get(id)}` : mention))
    .replace(/<a?(:\w+:)\d+>/g, '$1');
}
