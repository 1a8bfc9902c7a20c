import { AgentError, type ChannelId } from '../contract/index.ts';
import type { Store } from '../store/index.ts';
import type { Channel } from './channels/channel.ts';
import type { CommandRunner } from './inbound/command-runner.ts';
import type { Lanes } from './outbound/lanes.ts';
import { type Outbox, outgoingOf } from './outbound/outbox.ts';
import type { Waiting } from './turns/session-queue.ts';
import type { TurnScheduler } from './turns/turn-scheduler.ts';

/** Rows read at once, so that a long backlog is never in memory as a whole. */
const PAGE = 1000;
/** A message whose turn was begun this often (and oftener than failures alone explain) is what kills the process. */
const FATAL_ATTEMPTS = 5;
/** From here on it is suspected, and so is every other that was there each time. */
const SUSPECT_ATTEMPTS = 3;

/**
 * Takes up what the previous process left: outgoing messages without a receipt are sent, inbound ones without an answer
 * are answered. What belongs to a channel that is not enabled now stays on disk for the day it is.
 * Returns how many of each there were.
 */
export async function recover(parts: {
  store: Store;
  channels: ReadonlyMap<ChannelId, Channel>;
  outbox: Outbox;
  lanes: Lanes;
  turns: TurnScheduler;
  commands: CommandRunner;
  /** Runs of one turn before the gateway gives up on it. */
  maxAttempts: number;
}): Promise<{ inbound: number; outbound: number }> {
  const outbound = await recoverOutbox(parts);
  const inbound = await recoverInbox(parts);
  return { inbound, outbound };
}

async function recoverOutbox({
  store,
  channels,
  outbox,
  lanes,
}: {
  store: Store;
  channels: ReadonlyMap<ChannelId, Channel>;
  outbox: Outbox;
  lanes: Lanes;
}): Promise<number> {
  let count = 0;
  for (
    let rows = store.outbox.open(0, PAGE);
    rows.length > 0;
    rows = store.outbox.open(rows.at(-1)?.seq ?? 0, PAGE)
  ) {
    const found = rows.flatMap((row) => {
      const chat = store.chats.get(row.chat);
      const channel = chat && channels.get(chat.channel);
      if (chat === undefined || channel === undefined) return [];
      return [{ row, channel, message: outgoingOf(row, chat.chat) }];
    });
    // At once, so that they share a commit.
    await Promise.all(
      found
        .filter(({ row }) => row.state === 'sending')
        .map(({ channel, message }) => outbox.interrupted(message, channel.options.id)),
    );
    for (const { message, channel } of found) lanes.add([message], channel);
    count += found.length;
  }
  return count;
}

async function recoverInbox({
  store,
  channels,
  turns,
  commands,
  maxAttempts,
}: {
  store: Store;
  channels: ReadonlyMap<ChannelId, Channel>;
  turns: TurnScheduler;
  commands: CommandRunner;
  maxAttempts: number;
}): Promise<number> {
  const fatal = Math.max(FATAL_ATTEMPTS, maxAttempts);
  let count = 0;
  for (
    let rows = store.inbox.open(undefined, PAGE);
    rows.length > 0;
    rows = store.inbox.open(rows.at(-1)?.id, PAGE)
  ) {
    for (const { id, channel: channelId, chat, session, attempts, isCommand } of rows) {
      const channel = channels.get(channelId);
      if (channel === undefined) continue;
      if (isCommand && attempts < fatal) {
        await store.insist(() => store.inbox.claim(id));
        commands.run({ id, channel, chatRef: chat, session, message: store.inbox.message(id) });
        count += 1;
        continue;
      }
      const waiting: Waiting = {
        id,
        channel,
        chatRef: chat,
        message: undefined,
        attempts,
        claimed: false,
        suspect: attempts >= SUSPECT_ATTEMPTS,
      };
      if (attempts < fatal) turns.add(session, waiting);
      else await turns.giveUp(session, waiting, killer(attempts));
      count += 1;
    }
  }
  return count;
}

function killer(attempts: number): AgentError {
  return new AgentError(`the gateway ended ${attempts} times while this was being answered`, {
    temporary: false,
  });
}
