import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { ChannelLog } from '../../src/contract/index.ts';
import type { Self } from './api.ts';
import { readPlace } from './conversation.ts';
import { toChannelError } from './errors.ts';
import type { Envelope } from './events.ts';
import type { Gap } from './gaps.ts';
import { type Place, placeOf } from './places.ts';

/** The most that is fetched of one conversation; if more was said meanwhile, the log tells. */
const MAX_PAGES = 25;

const fetched = z.looseObject({ ts: z.string(), latest_reply: z.string().optional() });
type Fetched = z.output<typeof fetched>;

/**
 * What was said in a gap, as the events that Slack would have sent, oldest first; of a conversation also what was said under
 * it in threads that are new. Slack repeats an event for some minutes only. Edits, deletions and reactions are not in its
 * history. Rejects when Slack cannot be asked.
 */
export async function missedIn(
  web: WebClient,
  self: Self,
  { chat, since }: Gap,
  log: ChannelLog,
): Promise<Envelope[]> {
  const place = placeOf(chat);
  const events: Envelope[] = [];
  for (const message of await saidAfter(place, since)) {
    events.push(asEvent(message, place, self));
    if (place.thread !== undefined || message.latest_reply === undefined) continue;
    const under = { channel: place.channel, thread: message.ts };
    const replies = await saidAfter(under, message.ts);
    events.push(...replies.map((reply) => asEvent(reply, under, self)));
  }
  return events;

  async function saidAfter(place: Place, mark: string): Promise<Fetched[]> {
    try {
      const { messages, complete } = await readPlace(web, place, mark, MAX_PAGES);
      if (!complete) log.warn('more was said than is fetched', { conversation: place.channel });
      return messages.map((message) => fetched.parse(message)).filter(({ ts }) => ts > mark);
    } catch (thrown) {
      const error = toChannelError(thrown);
      if (error.kind !== 'rejected') throw error;
      const { message: reason, hint } = error;
      log.warn('what was missed cannot be fetched', { conversation: place.channel, reason, hint });
      return [];
    }
  }
}

function asEvent(message: Fetched, { channel }: Place, { user, app }: Self): Envelope {
  return {
    type: 'event_callback',
    api_app_id: app,
    event_id: `${channel}/${message.ts}`,
    authorizations: [{ user_id: user }],
    event: { ...message, type: 'message', channel },
  };
}
