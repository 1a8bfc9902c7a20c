import type { AgentId, ChannelId, ChatId, Language, OutboundId, SessionId } from '../contract/index.ts';
import type { Conversation, LedgerView, Waiting } from '../store/index.ts';
import type { ChannelStatus } from './gateway.ts';
import type { DeadLetterQueue } from './outbound/dead-letter-queue.ts';
import type { People } from './people/people.ts';

/** What people can have the gateway do: by a command in a chat, or by one in a terminal. */
export interface Operations {
  readonly people: People;
  readonly deadLetters: DeadLetterQueue;
  readonly ledger: LedgerView;
  /** Who can answer. */
  readonly agents: ReadonlySet<AgentId>;
  /** How each channel is. */
  channels(): Map<ChannelId, ChannelStatus>;
  /** Connects a channel anew, without waiting for it; false if there is none of this name. */
  restart(channel: ChannelId): boolean;
  /** How much waits at this moment. */
  waiting(): Waiting;
  /** Who answers in a conversation, and how many of its messages are not answered yet. */
  conversation(session: SessionId): { readonly agent: AgentId | undefined; readonly waiting: number };
  /** What is talked about of late, the latest first. */
  conversations(limit: number): readonly Conversation[];
  /** How many conversations have an agent that lives. */
  live(): number;
  /** Ends what is being answered in a conversation; false if there is nothing. */
  stop(session: SessionId): boolean;
  /** What was said in a conversation is no longer remembered. */
  beginAnew(session: SessionId): Promise<void>;
  /** Answers anew what was asked last in a conversation; false if there is nothing. */
  retry(session: SessionId): Promise<boolean>;
  /** Of each person whom we hear, the direct chat in which they wrote last. */
  recipients(): readonly { readonly channel: ChannelId; readonly chat: ChatId }[];
  /** Says the same to all of them, in one transaction. Resolves with how many they are. */
  broadcast(markdown: string): Promise<number>;
  /** Says something that no turn has asked for. Resolves once it is on disk; with no ids if there is no such channel. */
  say(
    channel: ChannelId,
    chat: ChatId,
    markdown: string | ((language: Language) => string),
  ): Promise<readonly OutboundId[]>;
}
