import type { WebClient } from '@slack/web-api';
import { unseen } from '../../src/adapter-kit/index.ts';
import { type OutboundMessage, platformMessageId, type SendReceipt } from '../../src/contract/index.ts';
import type { Session } from './api.ts';
import { waitFor } from './calls.ts';
import { codeOf } from './errors.ts';
import { type Place, placeOf } from './places.ts';
import { type Content, post, takeAway, update } from './posting.ts';
import type { Previews } from './previews.ts';
import { share } from './upload.ts';

/** Stands before a message that may have been sent before. */
const repeatedMark = (sentAgain: string) => `↻ _${sentAgain}_\n\n`;

/** Why a preview can never become the answer: somebody deleted it, or nobody may edit it (any more). */
const UNEDITABLE: ReadonlySet<unknown> = new Set([
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
]);

/** One attempt to send a message; in the place of its preview, if there is one. */
export async function send(
  session: Session,
  previews: Previews,
  message: OutboundMessage,
  sentAgain: string | undefined,
  signal: AbortSignal,
): Promise<SendReceipt> {
  const { web } = session;
  const { id, chat, body, files, choices } = message;
  const place = placeOf(chat.id);
  const text = sentAgain === undefined ? body.text : repeatedMark(sentAgain) + body.text;
  const content: Content = { text, id, state: 'final', choices };
  const { ts, answered } = await unseen(previews.end(session, message, signal));
  if (ts !== undefined) {
    if (answered || (files === undefined && (await became(web, place, ts, content, signal)))) {
      return { platformId: platformMessageId(ts) };
    }
    await unseen(takeAway(web, place, ts, signal));
  }
  if (files !== undefined) {
    await share(web, place, text, files, signal);
    return {};
  }
  const posted = await waitFor(post(web, place, content), signal);
  return posted === undefined ? {} : { platformId: platformMessageId(posted) };
}

/** Edits a preview into the answer; false if it cannot be edited. */
async function became(
  web: WebClient,
  place: Place,
  ts: string,
  content: Content,
  signal: AbortSignal,
): Promise<boolean> {
  const updating = update(web, place, ts, content).then(
    () => true,
    (error: unknown) => {
      if (UNEDITABLE.has(codeOf(error))) return false;
      throw error;
    },
  );
  return waitFor(updating, signal);
}
