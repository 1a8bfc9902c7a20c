import { unlessRejected } from '../../src/adapter-kit/index.ts';
import type { AdapterHost } from '../../src/contract/index.ts';
import type { Api } from './api.ts';
import type { Intake } from './intake.ts';
import { asEvent, type Item } from './items.ts';
import { fromChatId } from './names.ts';
import type { Mark } from './watermarks.ts';

/** Messages may reach us in another order than they were written in; to see one twice does no harm. */
const OVERLAP_MS = 2 * 60_000;

/** Chats asked about at the same time. Feishu takes 50 requests a second. */
const AT_ONCE = 5;

/**
 * Fetches what was said in the chats that we know while we were away, and stores it. Feishu pushes an event that nobody
 * took only four times, within about seven hours.
 */
export async function catchUp(api: Api, intake: Intake, app: string, host: AdapterHost): Promise<void> {
  const chats = [...intake.marks].map(([id, mark]) => ({ ...fromChatId(id), mark }));
  for (let at = 0; at < chats.length; at += AT_ONCE) {
    const found = await Promise.all(chats.slice(at, at + AT_ONCE).map(missedIn));
    for (const events of found) await intake.store(events);
  }

  async function missedIn(chat: { chat: string; thread?: string; mark: Mark }): Promise<unknown[]> {
    const since = chat.mark.at - OVERLAP_MS;
    const asked = chat.thread
      ? api.threadSince(chat.thread, since)
      : api.chatSince(chat.chat, since).then((items) => withNewThreads(items, since));
    const items = await unlessRejected(asked, ({ message: reason, hint }) => {
      const about = { chat: chat.chat, reason, hint };
      host.log.warn('what was said in a chat while we were away cannot be read', about);
    });
    return (items ?? [])
      .filter(({ deleted }) => !deleted)
      .map((item) => asEvent(item, chat.mark.kind === 'direct', app));
  }

  /** Of a thread the history of its chat shows only the beginning. */
  async function withNewThreads(items: readonly Item[], since: number): Promise<Item[]> {
    const all = await Promise.all(
      items.map((item) => (item.thread_id ? api.threadSince(item.thread_id, since) : [item])),
    );
    return all.flat();
  }
}
