import {
  type Attachment,
  type InboundMessage,
  platformMessageId,
  type Sender,
  senderId,
} from '../../src/contract/index.ts';
import {
  changeEvent,
  deletionEvent,
  envelope,
  messageEvent,
  reactionEvent,
  type Said,
  type SlackFile,
  type Where,
} from './events.ts';
import { toChatId } from './places.ts';
import { asTyped, mentions } from './written.ts';

/** Reads one kind of event. `bot` is our own user id, by which Slack says whom the event is for. */
type Reader = (event: unknown, bot: string | undefined) => InboundMessage | undefined;

/** By type, and by subtype where there is one. What is not here (somebody joined, a topic changed) is no message. */
const READERS: ReadonlyMap<string, Reader> = new Map([
  ['message', readMessage],
  ['message/file_share', readMessage],
  ['message/thread_broadcast', readMessage],
  ['message/me_message', readMessage],
  ['app_mention', readMessage],
  ['message/message_changed', readChange],
  ['message/message_deleted', readDeletion],
  ['reaction_added', (event, bot) => readReaction('reaction', event, bot)],
  ['reaction_removed', (event, bot) => readReaction('reaction_removed', event, bot)],
]);

/** Throws on an event of a kind that we read, but cannot. */
export function normalize(raw: unknown): InboundMessage | undefined {
  const { data } = envelope.safeParse(raw);
  if (data === undefined) return undefined;
  const { type, subtype } = data.event;
  const read = READERS.get(subtype === undefined ? type : `${type}/${subtype}`);
  return read?.(data.event, data.authorizations?.[0]?.user_id);
}

/** A message and the mention in it come as two events, and are one and the same to us: the key is the message's. */
function readMessage(event: unknown, bot: string | undefined): InboundMessage | undefined {
  const message = messageEvent.parse(event);
  const about = aboutSaid(message, message, bot);
  if (about === undefined) return undefined;
  const { thread_ts, parent_user_id, files } = message;
  const inThread = thread_ts !== undefined && thread_ts !== message.ts;
  return {
    ...about,
    dedupeKey: `${message.channel}/${message.ts}`,
    sentAt: milliseconds(message.ts),
    text: asTyped(message.text ?? '', bot),
    ...(inThread && {
      replyTo: {
        platformId: platformMessageId(thread_ts),
        ...(parent_user_id !== undefined && { sender: sender(parent_user_id) }),
      },
    }),
    ...(files && files.length > 0 && { attachments: files.map(attachment) }),
  };
}

/** Slack also says "changed" when it adds a preview, or when the first message of a thread is deleted. */
function readChange(event: unknown, bot: string | undefined): InboundMessage | undefined {
  const { message, previous_message: before, event_ts, ...where } = changeEvent.parse(event);
  if (message.subtype === 'tombstone') return before && deletion(where, before, message.ts, event_ts, bot);
  if (message.edited === undefined || message.text === before?.text) return undefined;
  const about = aboutSaid(where, message, bot);
  if (about === undefined) return undefined;
  return {
    ...about,
    dedupeKey: `${where.channel}/${message.ts}/edited/${message.edited.ts}`,
    sentAt: milliseconds(message.edited.ts),
    text: asTyped(message.text ?? '', bot),
    change: { kind: 'edit', of: platformMessageId(message.ts) },
  };
}

function readDeletion(event: unknown, bot: string | undefined): InboundMessage | undefined {
  const { deleted_ts, event_ts, previous_message, ...where } = deletionEvent.parse(event);
  return previous_message && deletion(where, previous_message, deleted_ts, event_ts, bot);
}

function deletion(
  where: Where,
  before: Said,
  of: string,
  at: string,
  bot: string | undefined,
): InboundMessage | undefined {
  const about = aboutSaid(where, before, bot);
  if (about === undefined) return undefined;
  return {
    ...about,
    dedupeKey: `${where.channel}/${of}/deleted`,
    sentAt: milliseconds(at),
    text: '',
    change: { kind: 'deletion', of: platformMessageId(of) },
  };
}

/** Slack tells on which message, but not in which thread that stands. */
function readReaction(
  kind: 'reaction' | 'reaction_removed',
  event: unknown,
  bot: string | undefined,
): InboundMessage | undefined {
  const { user, reaction, item, item_user, event_ts } = reactionEvent.parse(event);
  const { channel, ts } = item;
  if (item.type !== 'message' || channel === undefined || ts === undefined || user === bot) return undefined;
  const direct = isDirect({ channel });
  return {
    dedupeKey: `${channel}/${ts}/${kind}/${reaction}/${user}/${event_ts}`,
    chat: { id: toChatId({ channel }), kind: direct ? 'direct' : 'group' },
    sender: sender(user),
    platformId: platformMessageId(ts),
    sentAt: milliseconds(event_ts),
    text: `:${reaction}:`,
    addressed: direct || (bot !== undefined && item_user === bot),
    change: { kind, of: platformMessageId(ts) },
  };
}

type About = Pick<InboundMessage, 'chat' | 'sender' | 'platformId' | 'addressed'>;

/** Undefined for what a bot said, ourselves included: two bots must not talk to each other for ever. */
function aboutSaid(where: Where, said: Said, bot: string | undefined): About | undefined {
  if (said.bot_id || said.user === undefined || said.user === bot) return undefined;
  const direct = isDirect(where);
  const called =
    bot !== undefined && (mentions(said.text ?? '', bot) || (isReply(said) && said.parent_user_id === bot));
  return {
    chat: {
      id: toChatId({ channel: where.channel, thread: threadOf(said, called && !direct) }),
      kind: direct ? 'direct' : 'group',
    },
    sender: sender(said.user),
    platformId: platformMessageId(said.ts),
    addressed: direct || called,
  };
}

/** Who calls us in a group gets the answer in a thread under the call: that thread is the chat from the start. */
function threadOf(said: Said, called: boolean): string | undefined {
  if (isReply(said)) return said.thread_ts;
  return called ? said.ts : undefined;
}

function isReply({ ts, thread_ts }: Said): boolean {
  return thread_ts !== undefined && thread_ts !== ts;
}

/** The events of mentions and reactions don't tell the type; direct chats begin with a D. */
function isDirect({ channel, channel_type }: Where): boolean {
  return channel_type === undefined ? channel.startsWith('D') : channel_type === 'im';
}

function sender(user: string): Sender {
  return { id: senderId(user) };
}

/** A `ts` is the time in seconds, made unique by its fraction. */
function milliseconds(ts: string): number {
  return Math.floor(Number(ts) * 1000);
}

function attachment({ id, name, mimetype, size, mode }: SlackFile): Attachment {
  const kind = mimetype?.split('/', 1)[0];
  return {
    kind: kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'file',
    ...(name && { name }),
    ...(mimetype && { mime: mimetype }),
    ...(typeof size === 'number' && { bytes: size }),
    ...(mode !== 'tombstone' && mode !== 'hidden_by_limit' && { ref: id }),
  };
}
