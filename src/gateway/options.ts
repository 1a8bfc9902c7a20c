import type { Agent, AgentId, ChannelAdapter, ChannelId, Language, RateLimits } from '../contract/index.ts';
import type { Retention } from './housekeeper.ts';
import type { ChatCommand } from './inbound/commands.ts';
import type { Operations } from './operations.ts';
import type { NoticePace, OwnerAddress } from './outbound/owner-notices.ts';

/** What a gateway is made of. Durations are milliseconds. */
export interface GatewayOptions {
  /** The folder of the database and of the channels' own files. */
  readonly dataDir: string;
  readonly channels: readonly ChannelOptions[];
  readonly agents: ReadonlyMap<AgentId, Agent>;
  /** What people can have it do by a message. */
  readonly commands: (operations: Operations) => readonly ChatCommand[];
  readonly sessions: SessionOptions;
  readonly turns: TurnOptions;
  readonly attachments: AttachmentOptions;
  readonly reconnect: BackoffOptions;
  readonly retention: Retention;
  /** Pairs of channels on which the same phone number or e-mail address makes us ask whether it is the same person. */
  readonly proposeLinks: readonly (readonly [ChannelId, ChannelId])[];
  /** What is spoken with people whose own language nobody knows. */
  readonly language: Language;
  /** Where the owner is told of what needs a person, in order of preference. */
  readonly owner: readonly OwnerAddress[];
  /** When the owner is told; by default within seconds, and then at most every ten minutes. */
  readonly ownerNotices?: NoticePace;
  /** The waits between attempts to send one message, in milliseconds; by default a schedule that reaches a day. */
  readonly retryDelays?: readonly number[];
  /** Takes secrets out of a text before it is stored or observed. */
  readonly redact: (text: string) => string;
}

export interface ChannelOptions {
  readonly id: ChannelId;
  readonly adapter: ChannelAdapter;
  /** Who answers on this channel. */
  readonly agent: AgentId;
  /** Who answers instead, by the id of a chat or of a sender. */
  readonly agentFor: ReadonlyMap<string, AgentId>;
  readonly access: AccessOptions;
  /** See SessionQueue. */
  readonly whileBusy: WhileBusy;
  /** With `collect`: the pause in which nothing more comes, in milliseconds. */
  readonly collectFor: number;
  readonly context: ContextOptions;
  /** What to do with a message when nobody can tell whether it arrived. */
  readonly onUnknown: 'resend' | 'hold';
  /** An answer that could not be sent for this long (milliseconds) is not worth sending any more. */
  readonly expireAfter: number;
  /** Replaces the adapter's own limits, one by one. */
  readonly rateLimits: Partial<RateLimits>;
}

/**
 * What happens to a message that comes while a turn of its conversation is under way, in the same chat:
 *
 * - `followup`: it is answered next, by itself.
 * - `collect`: it waits until nothing more comes for a while, and is answered together with what has come till then.
 * - `steer`: it is handed to the running turn, if its agent asks for more (see Turn.more); otherwise as `followup`.
 * - `interrupt`: the turn ends where it is, and this message takes its place.
 */
export type WhileBusy = 'followup' | 'collect' | 'steer' | 'interrupt';

/** How much of what was said in a group, but not to us, the agent is told with the next turn there: the latest. */
export interface ContextOptions {
  readonly messages: number;
  /** In UTF-16 units, of all these messages together. */
  readonly characters: number;
}

/** What is fetched of the files that people send. */
export interface AttachmentOptions {
  /** Of one file. */
  readonly maxBytes: number;
  /** Of one message. */
  readonly maxFiles: number;
  /** Media types, as `image/*` or `application/pdf`. */
  readonly types: readonly string[];
}

export interface AccessOptions {
  /** Who is heard in direct chats: whom an admin let in, whom the config names, everybody, or nobody. */
  readonly dmPolicy: 'pairing' | 'allowlist' | 'open' | 'disabled';
  /** Sender ids that are heard; once there is one, only they are where `open` would let everybody in a group. */
  readonly allowFrom: readonly string[];
  /** Which groups we speak in: `known`, any in which somebody calls us whom we hear directly; `allowlist`, those in `groups`. */
  readonly groupPolicy: 'known' | 'allowlist' | 'open' | 'disabled';
  readonly groups: ReadonlyMap<string, GroupOptions>;
  /** In groups only what is addressed to us is answered. */
  readonly requireMention: boolean;
  /** Whether strangers hear how they can be let in; otherwise they hear nothing. */
  readonly tellStrangers: boolean;
  /** An older message is not answered any more, but the agent is told of it with the next one. Milliseconds. */
  readonly answerWithin: number;
  /** An even older one is ignored. Milliseconds. */
  readonly noteWithin: number;
  /** So many answers in a row, each of which was answered within seconds, are taken for a loop of two bots. */
  readonly loopLimit: number;
}

/** One group, by its id. */
export interface GroupOptions {
  /** Absent: as in all groups of the channel. */
  readonly requireMention: boolean | undefined;
  /** Who is heard there; empty: everybody. */
  readonly allowFrom: readonly string[];
}

export interface SessionOptions {
  /** How many agent runtimes live at once; also how many turns run at once. */
  readonly maxLive: number;
  /** A runtime without a turn for this long is let go. */
  readonly idleTimeout: number;
  /** So many messages of one conversation may wait; more are ignored, with a reason. */
  readonly maxWaiting: number;
  readonly reset?: ResetOptions;
}

/** When a conversation begins anew, with nothing remembered, at the next message. */
export interface ResetOptions {
  /** After so many milliseconds of silence. */
  readonly idle?: number;
  /** Once a day, at this local time; in minutes after midnight. */
  readonly daily?: number;
}

export interface TurnOptions {
  /** Runs of one turn before the gateway gives up on it. */
  readonly maxAttempts: number;
  /** The longest that one run may take. */
  readonly timeout: number;
  /** An answer that would take more messages than this is sent as a file, where the channel takes files. */
  readonly maxMessages: number;
}

export interface BackoffOptions {
  readonly base: number;
  readonly cap: number;
}
