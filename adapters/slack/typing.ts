import type { WebClient } from '@slack/web-api';
import type { ChatId, PlatformMessageId } from '../../src/contract/index.ts';
import { placeOf } from './places.ts';
import { addReaction } from './reactions.ts';

/** Slack takes the status away after two minutes, or when we say something. */
const AGAIN_AFTER_MS = 100_000;

/** `status` behind the app's name, under a thread; where Slack shows no such thing, a pair of eyes at the message. */
export function showWork(
  web: WebClient,
  chat: ChatId,
  status: string,
  message: PlatformMessageId,
  until: AbortSignal,
): void {
  const { channel, thread } = placeOf(chat);
  if (until.aborted) return;
  const showing = thread === undefined ? Promise.reject() : showStatus(web, channel, thread, status, until);
  showing.catch(() => showEyes(web, channel, message, until)).catch(() => {});
}

async function showStatus(
  web: WebClient,
  channel: string,
  thread: string,
  working: string,
  until: AbortSignal,
): Promise<void> {
  const show = (status: string) =>
    web.assistant.threads.setStatus({ channel_id: channel, thread_ts: thread, status });
  await show(working);
  const again = setInterval(() => show(working).catch(() => {}), AGAIN_AFTER_MS);
  again.unref();
  whenOver(until, () => {
    clearInterval(again);
    show('').catch(() => {});
  });
}

async function showEyes(
  web: WebClient,
  channel: string,
  timestamp: string,
  until: AbortSignal,
): Promise<void> {
  if (until.aborted) return;
  await addReaction(web, channel, timestamp, 'eyes');
  whenOver(until, () => void web.reactions.remove({ channel, timestamp, name: 'eyes' }).catch(() => {}));
}

function whenOver(until: AbortSignal, end: () => void): void {
  if (until.aborted) end();
  else until.addEventListener('abort', end, { once: true });
}
