import type { ChannelId, InboundId, SessionId, TurnId } from '../../contract/index.ts';
import { AGAIN, idText, type Store } from '../../store/index.ts';
import type { Channel } from '../channels/channel.ts';
import type { Waiting } from './session-queue.ts';

/**
 * Writes down that what a session was asked last is asked again: as new messages, whose dedupe keys say of what; the turn that
 * answered it is no longer remembered, and a dead letter that is asked again waits no more. Resolves to what is to be
 * answered; nothing if there is no such turn, or where its channel is off.
 */
export function askAgain(
  store: Store,
  channels: ReadonlyMap<ChannelId, Channel>,
  session: SessionId,
): Promise<readonly Waiting[]> {
  return store.insist(() => {
    const turn = store.turns.latestOf(session);
    const asked = turn === undefined ? [] : store.inbox.ofTurn(turn);
    const again: Waiting[] = [];
    for (const { id: asOf, channel: channelId, chat, message, isDead } of asked) {
      const channel = channels.get(channelId);
      if (channel === undefined) continue;
      const id = idText<InboundId>(store.ids.next());
      const dedupeKey = `${AGAIN} ${asOf}`;
      const copy = { ...message, dedupeKey };
      const isNew = store.inbox.insert({
        ...{ id, channel: channelId, dedupeKey, chat, session, message: JSON.stringify(copy) },
        ...{ state: 'queued', reason: undefined, receivedAt: Date.now() },
      });
      if (!isNew) continue;
      if (isDead) store.deadLetters.resolve({ direction: 'in', id: asOf }, 'asked again');
      again.push({ id, channel, chatRef: chat, message: copy, attempts: 0, claimed: false });
    }
    const [first] = again;
    if (turn !== undefined && first !== undefined) store.turns.replace(turn, first.id as string as TurnId);
    return again;
  });
}
