import { AgentError, errorText, type InboundMessage, type Turn, type TurnId } from '../../contract/index.ts';
import { StorageFault, type Store } from '../../store/index.ts';
import type { EventBus } from '../events.ts';
import type { TurnOptions } from '../options.ts';
import type { Destinations } from '../people/destination.ts';
import type { Languages } from '../people/languages.ts';
import { backoff } from '../timing.ts';
import type { Attachments } from './attachments.ts';
import { growingAnswer } from './previews.ts';
import type { LiveSession, SessionManager } from './session-manager.ts';
import type { SessionQueue, Waiting } from './session-queue.ts';
import type { StopSwitch } from './stop-switch.ts';
import type { AskedMessage, CommittableTurn, TurnCommitter } from './turn-committer.ts';
import { TurnInput } from './turn-input.ts';
import { type RunResult, runAgent } from './turn-runner.ts';
import type { Workspaces } from './workspaces.ts';

const RETRY_BACKOFF = { base: 2_000, cap: 60_000 };

/** How it went, for who decides what comes next. */
export interface Driven {
  /** Whether the agent answered (or refused for a reason of this message), could not answer at this time, or was not asked. */
  readonly agent: 'answered' | 'failed' | 'unasked';
  /** The turn is to be run again after so many milliseconds. */
  readonly againInMs?: number;
}

/** One of the messages that a turn answers, with its text at hand. */
interface Asked {
  readonly waiting: Waiting;
  readonly message: InboundMessage;
}

/** Carries out one turn: claims what it answers, gets the runtime, runs the agent, and has its end written down. */
export class TurnDriver {
  readonly #store: Store;
  readonly #sessions: SessionManager;
  readonly #committer: TurnCommitter;
  readonly #input: TurnInput;
  readonly #workspaces: Workspaces;
  readonly #languages: Languages;
  readonly #destinations: Destinations;
  readonly #events: EventBus;
  readonly #options: TurnOptions;

  constructor(parts: {
    store: Store;
    sessions: SessionManager;
    committer: TurnCommitter;
    attachments: Attachments;
    workspaces: Workspaces;
    languages: Languages;
    destinations: Destinations;
    events: EventBus;
    options: TurnOptions;
  }) {
    this.#store = parts.store;
    this.#sessions = parts.sessions;
    this.#committer = parts.committer;
    this.#input = new TurnInput(parts.store, parts.attachments);
    this.#workspaces = parts.workspaces;
    this.#languages = parts.languages;
    this.#destinations = parts.destinations;
    this.#events = parts.events;
    this.#options = parts.options;
  }

  /** Something was noted in this chat: its next turn is told. */
  note(chatRef: number): void {
    this.#input.note(chatRef);
  }

  /** Runs what is first in a session once; `stop` ends it. Rejects when the store closes. */
  async drive(queue: SessionQueue, stop: StopSwitch): Promise<Driven> {
    const asked = await this.#gather(queue);
    await this.#claim(queue.asked, 'insist');
    const turn = this.#turnOf(queue, asked);
    const { successor } = queue;
    if (successor !== undefined) stop.stop('superseded', successor.id);
    const live = await this.#checkout(turn);
    let reusable = false;
    try {
      const { result, previewed } = await this.#run(queue, turn, live, stop);
      reusable = result.reusable;
      queue.stop = undefined;
      return await this.#settle(queue, turn, live, { stop, result, previewed });
    } finally {
      if (live instanceof AgentError) this.#sessions.discard(turn.session, undefined);
      else if (reusable) this.#sessions.checkin(live);
      else this.#sessions.discard(turn.session, live);
    }
  }

  /** Ends a message that will not be run (again). */
  async giveUp(queue: SessionQueue, error: AgentError): Promise<void> {
    const asked = await this.#gather(queue);
    await this.#store.insist(() => {
      for (const { waiting } of asked) this.#store.inbox.take(waiting.id);
    });
    await this.#committer.fail(this.#turnOf(queue, asked), error, []);
  }

  /** The first message of a session, and those behind it that are answered together with it. */
  async #gather(queue: SessionQueue): Promise<[Asked, ...Asked[]]> {
    queue.putBackAsked();
    const first = queue.waiting.shift();
    if (first === undefined) throw new Error(`session ${queue.id} has nothing to answer`);
    queue.asked = [first];
    const head = await this.#read(first);
    const asked: [Asked, ...Asked[]] = [head];
    for (;;) {
      const next = queue.waiting.peek();
      if (next === undefined || next.chatRef !== first.chatRef) return asked;
      const joins = queue.joins(first, this.#options.maxAttempts);
      if (!joins && head.message.album === undefined) return asked;
      const part = await this.#read(next);
      if (!joins && part.message.album !== head.message.album) return asked;
      if (queue.waiting.peek() !== next) continue; // it was moved meanwhile
      queue.waiting.shift();
      queue.asked.push(next);
      asked.push(part);
    }
  }

  /** Rejects only when the store closes: see Outbox. */
  async #read(waiting: Waiting): Promise<Asked> {
    const message =
      waiting.message ?? (await this.#store.insist(() => this.#store.inbox.message(waiting.id)));
    return { waiting, message };
  }

  /** Counts the run that begins, on disk first; `how` as the store writes. */
  async #claim(asked: readonly Waiting[], how: 'write' | 'insist'): Promise<void> {
    const unclaimed = asked.filter(({ claimed }) => !claimed);
    if (unclaimed.length > 0) {
      await this.#store[how](() => {
        for (const { id } of unclaimed) this.#store.inbox.claim(id);
      });
    }
    for (const waiting of asked) {
      if (!waiting.claimed) waiting.attempts += 1;
      waiting.claimed = false;
    }
  }

  async #checkout({ session, id }: CommittableTurn): Promise<LiveSession | AgentError> {
    try {
      return await this.#sessions.checkout(session, id);
    } catch (error) {
      return error instanceof AgentError
        ? error
        : new AgentError(`the agent cannot be started: ${errorText(error)}`, {
            temporary: true,
            cause: error,
          });
    }
  }

  /** Runs the agent, if there is one and nobody has stopped it yet. `previewed`: its answer was shown while it grew. */
  async #run(
    queue: SessionQueue,
    turn: CommittableTurn,
    live: LiveSession | AgentError,
    stop: StopSwitch,
  ): Promise<{ result: RunResult; previewed: boolean }> {
    if (stop.why !== undefined || live instanceof AgentError) {
      return { result: notRun(live instanceof AgentError ? live : undefined, stop), previewed: false };
    }
    queue.typing ??= this.#startTyping(turn);
    const about = {
      turn: turn.id,
      chatRef: turn.chatRef,
      chat: turn.message.chat,
      ...(turn.message.chat.kind === 'group' && { replyTo: turn.message.platformId }),
    };
    const preview = turn.elsewhere === undefined ? growingAnswer(turn.channel, about) : undefined;
    const timer = setTimeout(() => stop.stop('timeout'), this.#options.timeout);
    const { id, session, agent, attempt } = turn;
    this.#events.emit('turn.started', {
      turn: id,
      session,
      agent,
      channel: turn.channel.options.id,
      attempt,
      messages: turn.asked.map(({ id: message }) => message),
    });
    try {
      const last = attempt >= this.#options.maxAttempts;
      const messages = await this.#input.gather(turn, live, last, stop);
      if (stop.why !== undefined) return { result: notRun(undefined, stop), previewed: false };
      const asked: Turn = {
        id,
        session,
        attempt,
        messages,
        history: live.history,
        language: this.#languages.languageOf(turn.channel.options.id, turn.message.sender),
        more: () => this.#more(queue, turn, stop),
        workspace: () => this.#workspaces.folderOf(session),
        get signal() {
          return stop.signal;
        },
      };
      const result = await runAgent(live, asked, stop, preview && ((text) => preview.show(text)));
      return { result, previewed: preview?.shown === true };
    } catch (thrown) {
      const error = thrown instanceof AgentError ? thrown : unexpected(thrown);
      return { result: notRun(error, stop), previewed: false };
    } finally {
      preview?.end();
      clearTimeout(timer);
    }
  }

  /** Hands what came meanwhile to the running turn, if that is what the owner wants. See Turn.more. */
  async #more(
    queue: SessionQueue,
    turn: CommittableTurn,
    stop: StopSwitch,
  ): Promise<readonly InboundMessage[]> {
    const isOver = () => queue.stop !== stop || stop.why !== undefined;
    const taken = isOver() ? [] : queue.takeMore();
    if (taken.length === 0) return [];
    try {
      await this.#claim(taken, 'write');
    } catch (error) {
      // The turn that runs is not to wait for room on the disk: they are answered later, by a turn of their own.
      if (!(error instanceof StorageFault)) throw error;
      queue.putBack((waiting) => taken.includes(waiting));
      return [];
    }
    const asked = (await Promise.all(taken.map((waiting) => this.#read(waiting)))).map(askedMessage);
    const messages = await this.#input.withFiles(
      asked,
      turn,
      turn.attempt >= this.#options.maxAttempts,
      stop,
    );
    if (isOver()) return []; // nobody listens any more: they are answered by a turn of their own
    turn.taken.push(...asked);
    return messages;
  }

  /** Shows that somebody is at work until the returned controller aborts. */
  #startTyping({ channel, message, id }: CommittableTurn): AbortController | undefined {
    if (channel.adapter.startTyping === undefined) return undefined;
    const ended = new AbortController();
    try {
      channel.adapter.startTyping(message.chat.id, id, ended.signal, message.platformId);
    } catch (error) {
      this.#events.emit('internal.error', { where: `adapter of channel ${channel.options.id}`, error });
    }
    return ended;
  }

  /** Writes down how a run has ended. */
  async #settle(
    queue: SessionQueue,
    turn: CommittableTurn,
    live: LiveSession | AgentError,
    { stop, result, previewed }: { stop: StopSwitch; result: RunResult; previewed: boolean },
  ): Promise<Driven> {
    const stopped = result.outcome === 'stopped';
    if (stopped && stop.why === 'shutdown') {
      await this.#park([...turn.asked, ...turn.taken]);
      return { agent: 'unasked' };
    }
    const error = stopped && stop.why === 'timeout' ? new TookTooLong(this.#options.timeout) : result.error;
    // What failed is not tried again once something else is asked in its place.
    const by = stopped ? stop.by : error?.temporary ? queue.successor?.id : undefined;
    if (error !== undefined && by === undefined) return await this.#failed(queue, turn, error, result.data);
    await this.#committer.commit(turn, live instanceof AgentError ? undefined : live, result, {
      previewed,
      by,
    });
    if (result.outcome !== 'done') this.#input.note(turn.chatRef); // what was noted is told to the next turn as well
    queue.putBack(({ id }) => !turn.taken.some((one) => one.id === id));
    return { agent: error !== undefined ? 'failed' : stopped ? 'unasked' : 'answered' };
  }

  async #failed(
    queue: SessionQueue,
    turn: CommittableTurn,
    error: AgentError,
    data: RunResult['data'],
  ): Promise<Driven> {
    if (turn.taken.length > 0) await this.#park(turn.taken);
    for (const { id } of turn.taken) {
      const waiting = queue.taken.find((one) => one.id === id);
      if (waiting !== undefined) waiting.attempts -= 1;
    }
    queue.putBack(() => true);
    this.#input.note(turn.chatRef); // what was noted is told to the next run, or the next turn, as well
    const agent = error.temporary || error instanceof TookTooLong ? 'failed' : 'answered';
    if (error.temporary && turn.attempt < this.#options.maxAttempts) {
      const againInMs = Math.max(backoff(turn.attempt, RETRY_BACKOFF), error.retryAfterMs ?? 0);
      this.#committer.reportRetry(turn, error, againInMs);
      return { agent, againInMs };
    }
    await this.#committer.fail(turn, error, data);
    return { agent };
  }

  #turnOf({ id: session, agent }: SessionQueue, asked: readonly [Asked, ...Asked[]]): CommittableTurn {
    const [{ waiting: first }] = asked;
    const { message } = asked.at(-1) ?? asked[0];
    return {
      id: first.id as string as TurnId,
      session,
      agent,
      asked: asked.map(askedMessage),
      taken: [],
      message,
      channel: first.channel,
      adapter: first.channel.adapter,
      chatRef: first.chatRef,
      elsewhere: this.#destinations.elsewhere({ ...first, message }),
      attempt: first.attempts,
      startedAt: Date.now(),
    };
  }

  /** Runs that we broke off, or that failed with somebody else's message, do not count. */
  async #park(asked: readonly AskedMessage[]): Promise<void> {
    await this.#store.insist(() => {
      for (const { id } of asked) this.#store.inbox.park(id);
    });
  }
}

function askedMessage({ waiting, message }: Asked): AskedMessage {
  return { id: waiting.id, message };
}

class TookTooLong extends AgentError {
  constructor(ms: number) {
    super(`the agent did not end within ${ms / 1000} s`, { temporary: false });
  }
}

function unexpected(thrown: unknown): AgentError {
  return new AgentError(`the turn could not be prepared: ${errorText(thrown)}`, {
    temporary: true,
    cause: thrown,
  });
}

/** A run that did not get as far as the agent: because of an error, or because it was stopped before. */
function notRun(error: AgentError | undefined, { why }: StopSwitch): RunResult {
  return {
    outcome: why !== undefined ? 'stopped' : 'failed',
    text: '',
    artifacts: [],
    choices: [],
    reaction: undefined,
    data: [],
    state: undefined,
    error: why !== undefined ? undefined : error,
    reusable: true,
  };
}
