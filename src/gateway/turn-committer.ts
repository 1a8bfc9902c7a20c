import type {
  AgentError,
  HistoryEntry,
  InboundId,
  InboundMessage,
  Json,
  OutboundId,
  RenderedText,
  SessionId,
  TurnId,
} from '../contract/index.ts';
import type { Store } from '../store/index.ts';
import type { Channel } from './channel.ts';
import type { EventBus } from './events.ts';
import type { Lanes } from './lanes.ts';
import { notices } from './notices.ts';
import type { Outgoing } from './outbox.ts';
import type { LiveSession } from './session-manager.ts';
import type { RunResult } from './turn-runner.ts';

/** A turn that has run. */
export interface CommittableTurn {
  readonly id: TurnId;
  readonly session: SessionId;
  readonly message: InboundMessage;
  readonly inbound: InboundId;
  readonly channel: Channel;
  /** The chat's row. */
  readonly chatRef: number;
  readonly attempt: number;
  readonly startedAt: number;
}

/**
 * Ends turns: what was answered, the history and what is to be said are written in one transaction, and only then does
 * anything leave. The ids of what is said come from the turn, so that no re-run can say it a second time.
 */
export class TurnCommitter {
  readonly #store: Store;
  readonly #lanes: Lanes;
  readonly #events: EventBus;
  readonly #redact: (text: string) => string;

  constructor(store: Store, lanes: Lanes, events: EventBus, redact: (text: string) => string) {
    this.#store = store;
    this.#lanes = lanes;
    this.#events = events;
    this.#redact = redact;
  }

  /** The agent answered, or a person stopped it. Rejects only when the store closes. */
  async commit(turn: CommittableTurn, live: LiveSession, result: RunResult): Promise<void> {
    const cancelled = result.outcome === 'stopped';
    const answer = cancelled ? `${result.text}\n\n${notices.stopped}`.trim() : result.text;
    const history: HistoryEntry[] = [
      questionOf(turn.message),
      ...(result.text === '' ? [] : [{ role: 'assistant' as const, text: result.text }]),
    ];
    const outcome = cancelled ? 'cancelled' : 'committed';
    await this.#end(turn, answer, (endedAt) => {
      this.#store.inbox.end(turn.inbound, 'answered', cancelled ? 'stopped' : undefined, turn.id, endedAt);
      this.#insertTurn(turn, live, outcome, undefined, history, result.data, endedAt);
      if (result.state !== undefined) this.#store.sessions.saveState(turn.session, result.state);
    });
    live.lastTurn = turn.id;
    live.fresh = false;
    live.history = remembered([...live.history, ...history], live.agent.historyTurns);
    this.#events.emit('turn.ended', {
      turn: turn.id,
      session: turn.session,
      agent: live.agent.id,
      outcome,
      messages: 1,
      ms: Date.now() - turn.startedAt,
    });
  }

  /** The agent failed for good: the message becomes a dead letter, and the person gets one honest sentence. */
  async fail(
    turn: CommittableTurn,
    live: LiveSession | undefined,
    error: AgentError,
    data: readonly Json[],
  ): Promise<void> {
    const reason = this.#redact(error.message);
    await this.#end(turn, notices.failed, (endedAt) => {
      this.#store.inbox.end(turn.inbound, 'dead', reason, turn.id, endedAt);
      this.#insertTurn(turn, live, 'failed', reason, [], data, endedAt);
    });
    this.#events.emit('turn.failed', this.#failure(turn, live, error));
  }

  /** The agent failed, and the turn will be run again. */
  reportRetry(turn: CommittableTurn, live: LiveSession | undefined, error: AgentError, inMs: number): void {
    this.#events.emit('turn.retry', { ...this.#failure(turn, live, error), inMs });
  }

  async #end(turn: CommittableTurn, answer: string, write: (endedAt: number) => void): Promise<void> {
    const outgoing = this.#outgoing(turn, answer);
    const endedAt = Date.now();
    await this.#store.insist(() => {
      write(endedAt);
      for (const message of outgoing) {
        this.#store.outbox.insert({
          id: message.id,
          turn: turn.id,
          chat: turn.chatRef,
          body: message.content.body,
          replyTo: message.content.replyTo,
          state: message.state === 'sending' ? 'sending' : 'pending',
          createdAt: endedAt,
        });
      }
    });
    this.#lanes.add(outgoing, turn.channel);
  }

  #outgoing(turn: CommittableTurn, answer: string): (Outgoing & Required<Pick<Outgoing, 'content'>>)[] {
    const { chat, platformId } = turn.message;
    const parts = answer.trim() === '' ? [] : this.#render(answer, turn.channel);
    return parts.map((body, index) => {
      const sending = index === 0 && this.#lanes.claim(turn.chatRef, chat.kind, turn.channel);
      return {
        id: `${turn.id}-${index.toString(36)}` as OutboundId,
        chatRef: turn.chatRef,
        chat,
        content: {
          turn: turn.id,
          body,
          // In a group the answer points at its question; between two people that would only be noise.
          replyTo: chat.kind === 'group' && index === 0 ? platformId : undefined,
        },
        state: sending ? 'sending' : 'pending',
        attempts: sending ? 1 : 0,
        possiblyRepeated: false,
        notBefore: 0,
      };
    });
  }

  /** An adapter that cannot render costs the markup, not the answer. */
  #render(answer: string, { adapter, options }: Channel): readonly RenderedText[] {
    try {
      return adapter.render(answer);
    } catch (error) {
      this.#events.emit('internal.error', { where: `rendering for channel ${options.id}`, error });
      const limit = Math.floor(adapter.capabilities.textLimit / 4); // a UTF-16 unit is at most 3 bytes
      return answer.match(new RegExp(`[^]{1,${limit}}`, 'gu'))?.map((text) => ({ text })) ?? [];
    }
  }

  #insertTurn(
    turn: CommittableTurn,
    live: LiveSession | undefined,
    state: 'committed' | 'cancelled' | 'failed',
    error: string | undefined,
    history: readonly HistoryEntry[],
    data: readonly Json[],
    endedAt: number,
  ): void {
    this.#store.turns.insert({
      id: turn.id,
      session: turn.session,
      agent: live?.agent.id ?? turn.channel.options.agent,
      state,
      attempts: turn.attempt,
      history,
      data,
      startedAt: turn.startedAt,
      endedAt,
      ...(error !== undefined && { error }),
    });
  }

  #failure(turn: CommittableTurn, live: LiveSession | undefined, error: AgentError) {
    return {
      turn: turn.id,
      session: turn.session,
      agent: live?.agent.id ?? turn.channel.options.agent,
      attempt: turn.attempt,
      error: this.#redact(error.message),
      hint: error.hint,
    };
  }
}

/** A turn adds a question and, mostly, an answer. */
function remembered(history: readonly HistoryEntry[], turns: number): readonly HistoryEntry[] {
  return turns === 0 ? [] : history.slice(-2 * turns);
}

function questionOf({ chat, sender, text }: InboundMessage): HistoryEntry {
  return {
    role: 'user',
    text,
    ...(chat.kind === 'group' && sender.name !== undefined && { speaker: sender.name }),
  };
}
