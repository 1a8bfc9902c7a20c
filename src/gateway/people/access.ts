import type { InboundMessage } from '../../contract/index.ts';
import type { AccessOptions, GroupOptions } from '../options.ts';
import type { Person } from './identity-resolver.ts';

/** Why a message is not answered. Kept with it in the ledger. */
export type IgnoredReason =
  | TurnedAway
  | 'noted'
  | 'too_late'
  | 'much_too_late'
  | 'command_too_late'
  | 'from_bot'
  | 'loop'
  | 'too_many'
  | 'not_addressed'
  | 'empty';

/** Why somebody is not heard at all. */
const TURNED_AWAY = [
  'not_paired',
  'denied',
  'sender_not_allowed',
  'direct_chats_disabled',
  'group_not_allowed',
  'groups_disabled',
] as const;
export type TurnedAway = (typeof TURNED_AWAY)[number];

/** Such messages cost nothing: they are counted, and only the first ones of a sender are kept. */
export function isTurnedAway(reason: IgnoredReason | undefined): reason is TurnedAway {
  return (TURNED_AWAY as readonly (string | undefined)[]).includes(reason);
}

/**
 * Whether a message is for us, decided from its ids and flags alone, never from names or words.
 * Returns the reason to ignore it, or `undefined` to answer.
 */
export function reasonToIgnore(
  message: InboundMessage,
  access: AccessOptions,
  person: Person | undefined,
  now: number,
): IgnoredReason | undefined {
  const isNamed = access.allowFrom.includes(message.sender.id);
  const isChange = message.change !== undefined;
  if (message.sender.bot === true && !isNamed) return 'from_bot';
  if (person?.identity.standing === 'denied') return 'denied';
  const isDirect = message.chat.kind === 'direct';
  const group = isDirect ? undefined : groupOf(message, access);
  const away = isDirect
    ? directRefusal(isLetIn(isNamed, person), access)
    : groupRefusal(message, isLetIn(isNamed, person), group, access);
  if (away !== undefined) return away;
  const mustAddress = !isDirect && (group?.requireMention ?? access.requireMention);
  if (mustAddress && !message.addressed && !isChange) return 'not_addressed';
  // A button is pressed now, however old its question is.
  const age = message.choice === undefined ? now - message.sentAt : 0;
  if (age > access.noteWithin) return 'much_too_late';
  // Not answered by itself: the agent hears of it with the next message of the chat.
  if (isChange) return 'noted';
  if (age > access.answerWithin) return 'too_late';
  if (message.text.trim() === '' && (message.attachments ?? []).length === 0) return 'empty';
  return undefined;
}

/** Whether what they write in a direct chat is heard. */
export function isHeardDirectly(person: Person, access: AccessOptions): boolean {
  const { sender, standing } = person.identity;
  if (standing === 'denied') return false;
  return directRefusal(isLetIn(access.allowFrom.includes(sender), person), access) === undefined;
}

/** Whether the owner or an admin has let this very sender in. */
function isLetIn(isNamed: boolean, person: Person | undefined): boolean {
  return isNamed || person?.identity.standing === 'approved' || person?.isAdmin === true;
}

function directRefusal(letIn: boolean, { dmPolicy }: AccessOptions): TurnedAway | undefined {
  if (dmPolicy === 'disabled') return 'direct_chats_disabled';
  if (dmPolicy === 'open' || letIn) return undefined;
  return dmPolicy === 'pairing' ? 'not_paired' : 'sender_not_allowed';
}

function groupRefusal(
  { sender }: InboundMessage,
  letIn: boolean,
  group: GroupOptions | undefined,
  { groupPolicy, dmPolicy, allowFrom }: AccessOptions,
): TurnedAway | undefined {
  if (groupPolicy === 'disabled') return 'groups_disabled';
  if (group !== undefined) {
    const isOpen = group.allowFrom.length === 0 || group.allowFrom.includes(sender.id);
    return isOpen || letIn ? undefined : 'sender_not_allowed';
  }
  if (groupPolicy === 'allowlist') return 'group_not_allowed';
  // Where anybody may write directly, anybody may call us in a group.
  const anybody = groupPolicy === 'open' || dmPolicy === 'open' || dmPolicy === 'disabled';
  return letIn || (anybody && allowFrom.length === 0) ? undefined : 'sender_not_allowed';
}

/** What the owner said of this group; a thread is as the group that it is in. */
function groupOf({ chat }: InboundMessage, { groups }: AccessOptions): GroupOptions | undefined {
  return groups.get(chat.id) ?? (chat.parent === undefined ? undefined : groups.get(chat.parent));
}
