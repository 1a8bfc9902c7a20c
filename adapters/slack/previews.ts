import { createLatest, oneAtATime, unlessRejected } from '../../src/adapter-kit/index.ts';
import type { OutboundMessage, Preview } from '../../src/contract/index.ts';
import type { Session } from './api.ts';
import { waitFor } from './calls.ts';
import { toChannelError } from './errors.ts';
import { render } from './format.ts';
import { placeOf } from './places.ts';
import { post, takeAway, update } from './posting.ts';
import { type Trace, tracesOf, type Wanted } from './readback.ts';

/*
 * A preview is a message like others: posted once, and then edited until the answer itself is its text. It carries the
 * answer's id from the start, and what it is, a preview or the answer, is edited together with its text: so whatever was
 * lost, Slack can be asked what stands there, and one answer stays one message. Slack's own streams (chat.startStream)
 * cannot do that: they need a thread and a person to write to, nothing tells a broken one from an answer, and they
 * take Markdown of which it is not documented what calls nobody.
 */

/** For so long after a restart, in milliseconds, an answer may be one that was begun before it: its preview is looked for. */
const TAKE_OVER_MS = 600_000;

/** Of so many answers it is remembered where their previews stand. */
const MAX_REMEMBERED = 1_000;

/** More of it is to come. */
const UNFINISHED = ' …';

/** The preview of one answer, as far as this process knows. */
interface Known {
  ts: string | undefined;
  /** There may be a message that we do not know of. */
  doubtful: boolean;
  /** The answer itself is on its way: from now on no preview is shown. */
  over: boolean;
  /** One call to Slack after the other. */
  readonly inTurn: ReturnType<typeof oneAtATime>;
}

/** The message in whose place an answer comes, if there is one; `answered` when it is the answer already. */
export interface Standing {
  readonly ts: string | undefined;
  readonly answered: boolean;
}

export interface Previews {
  show(session: Session, preview: Preview, signal: AbortSignal): Promise<void>;
  /** Ends the preview of an answer. Once it has resolved, nothing can overtake the answer. */
  end(session: Session, answer: OutboundMessage, signal: AbortSignal): Promise<Standing>;
}

/** What is remembered outlives the connection: a call that was cut with it is in doubt. */
export function createPreviews(): Previews {
  const remembered = createLatest<Known>(MAX_REMEMBERED);
  const takeOverUntil = Date.now() + TAKE_OVER_MS;

  function begin(): Known {
    const doubtful = Date.now() < takeOverUntil;
    return { ts: undefined, doubtful, over: false, inTurn: oneAtATime() };
  }

  async function show(session: Session, preview: Preview, signal: AbortSignal): Promise<void> {
    const [body] = render(preview.text);
    if (body === undefined) return;
    const known = remembered.getOr(preview.first, begin);
    const show = () => put(session, preview, body.text + UNFINISHED, known, signal);
    await waitFor(known.inTurn(show), signal);
  }

  async function end(session: Session, answer: OutboundMessage, signal: AbortSignal): Promise<Standing> {
    const known = answer.previewLost ? remembered.getOr(answer.id, begin) : remembered.get(answer.id);
    if (!known) return { ts: undefined, answered: false };
    known.over = true;
    const settled = known.inTurn(async () => {});
    await waitFor(settled, signal);
    if (!known.doubtful && !answer.previewLost) return { ts: known.ts, answered: false };
    const traces = await look(session, answer, signal);
    const sent = traces.find(({ state }) => state === 'final');
    known.ts = sent?.ts ?? traces.at(-1)?.ts ?? known.ts;
    for (const { ts } of traces)
      if (ts !== known.ts) await takeAway(session.web, placeOf(answer.chat.id), ts, signal);
    known.doubtful = false;
    return { ts: known.ts, answered: sent !== undefined };
  }

  return { show, end };
}

async function put(
  session: Session,
  { chat, first, replyTo }: Preview,
  text: string,
  known: Known,
  signal: AbortSignal,
): Promise<void> {
  if (known.over || signal.aborted) return;
  if (known.ts === undefined && known.doubtful) {
    const traces = await look(session, { chat, id: first, replyTo }, signal, 1);
    known.ts = traces.at(-1)?.ts;
    known.over ||= traces.some(({ state }) => state === 'final');
    if (known.over) return;
  }
  const place = placeOf(chat.id);
  const content = { text, id: first, state: 'preview' as const };
  if (known.ts !== undefined) {
    await update(session.web, place, known.ts, content);
    return;
  }
  known.ts = await post(session.web, place, content).catch((error: unknown) => {
    known.doubtful = !toChannelError(error).certain;
    throw error;
  });
  known.doubtful = known.ts === undefined;
}

/** Where we may not read, nothing is found. */
async function look(
  session: Session,
  wanted: Wanted,
  signal: AbortSignal,
  maxPages?: number,
): Promise<Trace[]> {
  return (await unlessRejected(tracesOf(session, wanted, signal, maxPages))) ?? [];
}
