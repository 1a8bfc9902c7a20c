import {
  type Attachment,
  type InboundMessage,
  platformMessageId,
  type Sender,
  senderId,
} from '../../src/contract/index.ts';
import { isCommand, readCommand } from './commands.ts';
import { emojiOf } from './emoji.ts';
import {
  CHOICES,
  changeEvent,
  deletionEvent,
  envelope,
  messageEvent,
  pressEvent,
  reactionEvent,
  type Said,
  type SlackFile,
  type Where,
} from './events.ts';
import { isDirect, toChat } from './places.ts';
import { sharedIn } from './shared.ts';
import { asTyped, mentions } from './written.ts';

/** Our own user, by which Slack says whom an event is for; and our app. */
interface Us {
  readonly bot: string | undefined;
  readonly app: string | undefined;
}

/** Reads one kind of event. */
type Reader = (event: unknown, us: Us) => InboundMessage | undefined;

/** By type, and by subtype where there is one. What is not here (somebody joined, a topic changed) is no message. */
const READERS: ReadonlyMap<string, Reader> = new Map([
  ['message', readMessage],
  ['message/file_share', readMessage],
  ['message/thread_broadcast', readMessage],
  ['message/me_message', readMessage],
  ['message/bot_message', readMessage],
  ['app_mention', readMessage],
  ['message/message_changed', readChange],
  ['message/message_deleted', readDeletion],
  ['reaction_added', (event, us) => readReaction('reaction', event, us)],
  ['reaction_removed', (event, us) => readReaction('reaction_removed', event, us)],
]);

/** Throws on an event of a kind that we read, but cannot. */
export function normalize(raw: unknown): InboundMessage | undefined {
  if (pressed.safeParse(raw).success) return readPress(raw);
  if (isCommand(raw)) return readCommand(raw);
  const { data } = envelope.safeParse(raw);
  if (data === undefined) return undefined;
  const { type, subtype } = data.event;
  const read = READERS.get(subtype === undefined ? type : `${type}/${subtype}`);
  return read?.(data.event, { bot: data.authorizations?.[0]?.user_id, app: data.api_app_id });
}

/** A message and the mention in it come as two events, and are one and the same to us: the key is the message's. */
function readMessage(event: unknown, us: Us): InboundMessage | undefined {
  const message = messageEvent.parse(event);
  const about = aboutSaid(message, message, us);
  if (about === undefined) return undefined;
  const text = asTyped(message.text ?? '', us.bot);
  const shared = sharedIn(message);
  const forwarded = shared !== undefined && text === '';
  const replyTo = forwarded ? undefined : (shared?.message ?? answered(message));
  const files = [...(message.files ?? []), ...(shared?.files ?? [])];
  return {
    ...about,
    dedupeKey: `${message.channel}/${message.ts}`,
    sentAt: milliseconds(message.ts),
    text: forwarded ? shared.text : text,
    ...(replyTo !== undefined && { replyTo }),
    ...(forwarded && { forwarded }),
    ...(files.length > 0 && { attachments: files.map(attachment) }),
  };
}

/** In a thread, everything answers the message that the thread is under. */
function answered({ ts, thread_ts, parent_user_id }: Said): InboundMessage['replyTo'] {
  if (thread_ts === undefined || thread_ts === ts) return undefined;
  return {
    platformId: platformMessageId(thread_ts),
    ...(parent_user_id !== undefined && { sender: { id: senderId(parent_user_id) } }),
  };
}

/** Slack also says "changed" when it adds a preview, or when the first message of a thread is deleted. */
function readChange(event: unknown, us: Us): InboundMessage | undefined {
  const { message, previous_message: before, event_ts, ...where } = changeEvent.parse(event);
  if (message.subtype === 'tombstone') return before && deletion(where, before, message.ts, event_ts, us);
  if (message.edited === undefined || message.text === before?.text) return undefined;
  const about = aboutSaid(where, message, us);
  if (about === undefined) return undefined;
  return {
    ...about,
    dedupeKey: `${where.channel}/${message.ts}/edited/${message.edited.ts}`,
    sentAt: milliseconds(message.edited.ts),
    text: asTyped(message.text ?? '', us.bot),
    change: { kind: 'edit', of: platformMessageId(message.ts) },
  };
}

function readDeletion(event: unknown, us: Us): InboundMessage | undefined {
  const { deleted_ts, event_ts, previous_message, ...where } = deletionEvent.parse(event);
  return previous_message && deletion(where, previous_message, deleted_ts, event_ts, us);
}

function deletion(where: Where, before: Said, of: string, at: string, us: Us): InboundMessage | undefined {
  const about = aboutSaid(where, before, us);
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
  { bot }: Us,
): InboundMessage | undefined {
  const { user, reaction, item, item_user, event_ts } = reactionEvent.parse(event);
  const { channel, ts } = item;
  if (item.type !== 'message' || channel === undefined || ts === undefined || user === bot) return undefined;
  const direct = isDirect({ channel });
  return {
    dedupeKey: `${channel}/${ts}/${kind}/${reaction}/${user}/${event_ts}`,
    chat: toChat({ channel }),
    sender: { id: senderId(user) },
    platformId: platformMessageId(ts),
    sentAt: milliseconds(event_ts),
    text: emojiOf(reaction),
    addressed: direct || (bot !== undefined && item_user === bot),
    change: { kind, of: platformMessageId(ts) },
  };
}

const pressed = pressEvent.pick({ type: true });

/** A button under a message of ours. Buttons that are not for choosing are none of ours. */
function readPress(event: unknown): InboundMessage | undefined {
  const { user, channel, message, actions } = pressEvent.parse(event);
  const [{ block_id, value, action_ts }] = actions;
  if (block_id !== CHOICES) return undefined;
  const of = platformMessageId(message.ts);
  const thread = isReply(message) ? message.thread_ts : undefined;
  return {
    dedupeKey: `${channel.id}/${of}/chosen/${user.id}/${action_ts}`,
    chat: toChat({ channel: channel.id, thread }),
    sender: { id: senderId(user.id) },
    platformId: of,
    sentAt: milliseconds(action_ts),
    text: value,
    addressed: true,
    choice: { of },
  };
}

type About = Pick<InboundMessage, 'chat' | 'sender' | 'platformId' | 'addressed'>;

/** Undefined for what we said ourselves. Of a bot we must know that it is another one. */
function aboutSaid(where: Where, said: Said, { bot, app }: Us): About | undefined {
  const from = senderOf(said);
  if (from === undefined || said.user === bot || (app !== undefined && said.app_id === app)) return undefined;
  if (from.bot && bot === undefined) return undefined;
  const direct = isDirect(where);
  const called =
    bot !== undefined && (mentions(said.text ?? '', bot) || (isReply(said) && said.parent_user_id === bot));
  return {
    chat: toChat({ ...where, thread: threadOf(said, called && !direct) }),
    sender: from,
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

/** An incoming webhook has no user, only an id as a bot. */
function senderOf({ user, bot_id, subtype, username }: Said): Sender | undefined {
  const id = user ?? bot_id;
  if (id === undefined || id === null) return undefined;
  const bot = Boolean(bot_id) || subtype === 'bot_message' || user === 'USLACKBOT';
  return { id: senderId(id), ...(username && { name: username }), ...(bot && { bot }) };
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
