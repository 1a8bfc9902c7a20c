import type { WebClient } from '@slack/web-api';
import type { ChatId } from '../../src/contract/index.ts';
import { placeOf } from './places.ts';

/** Slack takes the status away after two minutes, or when we say something. */
const AGAIN_AFTER_MS = 100_000;

/** "… is thinking", under a thread; elsewhere Slack shows no such thing. */
export function showTyping(web: WebClient, chat: ChatId, until: AbortSignal): void {
  const { channel, thread } = placeOf(chat);
  if (thread === undefined || until.aborted) return;
  const show = (status: string) => {
    web.assistant.threads.setStatus({ channel_id: channel, thread_ts: thread, status }).catch(() => {});
  };
  show('is thinking…');
  const again = setInterval(() => show('is thinking…'), AGAIN_AFTER_MS);
  again.unref();
  until.addEventListener(
    'abort',
    () => {
      clearInterval(again);
      show('');
    },
    { once: true },
  );
}
