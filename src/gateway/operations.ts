import type { AgentId, ChannelId, ChatId, OutboundId } from '../contract/index.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import type { ChannelStatus } from './gateway.ts';
import type { People } from './people.ts';

/** What people can have the gateway do: by a command in a chat, or by one in a terminal. */
export interface Operations {
  readonly people: People;
  readonly deadLetters: DeadLetterQueue;
  /** Who can answer. */
  readonly agents: ReadonlySet<AgentId>;
  /** How each channel is. */
  channels(): Map<ChannelId, ChannelStatus>;
  /** Says something that no turn has asked for. Resolves once it is on disk; with no ids if there is no such channel. */
  say(channel: ChannelId, chat: ChatId, markdown: string): Promise<readonly OutboundId[]>;
}
