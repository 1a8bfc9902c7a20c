/**
 * Ids as distinct types: a ChatId cannot be handed where a SenderId is due.
 * Ids that a platform makes are opaque to everyone but the adapter that made them; nobody else parses them.
 */
declare const brand: unique symbol;
type Brand<Name extends string> = string & { readonly [brand]: Name };

/** The key of a channel in the config, e.g. `telegram` or `work-bot`. Made by the owner; `[a-z0-9][a-z0-9_-]*`. */
export type ChannelId = Brand<'ChannelId'>;
/** A chat on one channel. Made by the adapter; a thread of a group is a chat of its own. */
export type ChatId = Brand<'ChatId'>;
/** Who wrote, on one channel. Made by the adapter from the platform's stable id, never from a name. */
export type SenderId = Brand<'SenderId'>;
/** What the platform calls one message; unique within its chat. Made by the adapter; used for replies. */
export type PlatformMessageId = Brand<'PlatformMessageId'>;
/** The key of an agent in the config, e.g. `default`. */
export type AgentId = Brand<'AgentId'>;
/** One person. Made by the gateway. */
export type UserId = Brand<'UserId'>;
/** One continuous conversation with one agent. Made by the gateway. */
export type SessionId = Brand<'SessionId'>;
/** One inbound message: 16 characters, see {@link newInboundId}. Made by the gateway. */
export type InboundId = Brand<'InboundId'>;
/** One turn; the id of the first inbound message it answers, so that a re-run of it has the same id. */
export type TurnId = Brand<'TurnId'>;
/**
 * One outgoing message, `<turn>-<n>`: its idempotency id on every attempt and after every restart.
 * At most 25 characters of `[0-9a-z-]`, which is what Discord's nonce (the shortest of all platforms' keys) takes.
 */
export type OutboundId = Brand<'OutboundId'>;

export const channelId = (id: string): ChannelId => id as ChannelId;
export const chatId = (id: string): ChatId => id as ChatId;
export const senderId = (id: string): SenderId => id as SenderId;
export const platformMessageId = (id: string): PlatformMessageId => id as PlatformMessageId;
