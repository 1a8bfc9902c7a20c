import type {
  AgentError,
  AgentId,
  ChannelAdapter,
  HistoryEntry,
  InboundId,
  InboundMessage,
  Json,
  OutboundFile,
  RenderedText,
  SessionId,
  TurnId,
} from '../../contract/index.ts';
import { idTime, type Store } from '../../store/index.ts';
import { type Texts, textsIn } from '../../texts/index.ts';
import type { Channel } from '../channels/channel.ts';
import type { EventBus } from '../events.ts';
import type { TurnOptions } from '../options.ts';
import { type Answer, compose } from '../outbound/composer.ts';
import { isReplay } from '../outbound/dead-letter-queue.ts';
import type { Lanes } from '../outbound/lanes.ts';
import { insertOutgoing, type NewOutgoing, newOutgoing } from '../outbound/outbox.ts';
import type { Destination, Destinations } from '../people/destination.ts';
import type { Languages } from '../people/languages.ts';
import { type KeptArtifact, keepArtifacts } from './artifacts.ts';
import { isShownGrowing } from './previews.ts';
import type { LiveSession } from './session-manager.ts';
import type { RunResult } from './turn-runner.ts';
import type { Workspaces } from './workspaces.ts';

export interface AskedMessage {
  readonly id: InboundId;
  readonly message: InboundMessage;
}

/** A turn that has run. */
export interface CommittableTurn {
  readonly id: TurnId;
  readonly session: SessionId;
  readonly agent: AgentId;
  /** What it answers, oldest first: mostly one message, the parts of an album, or what was collected. */
  readonly asked: readonly AskedMessage[];
  /** What was handed to its agent since. */
  readonly taken: AskedMessage[];
  /** The last that was asked, which the answer belongs to. */
  readonly message: InboundMessage;
  readonly channel: Channel;
  /** Its adapter when the turn began; another one does not know what this one has shown. */
  readonly adapter: ChannelAdapter;
  /** The chat's row. */
  readonly chatRef: number;
  /** Where its answer goes, if not to that chat. */
  readonly elsewhere: Destination | undefined;
  readonly attempt: number;
  readonly startedAt: number;
}

/** Of a long answer, so much is said before its file; in UTF-16 units. */
const BEGINNING = 1_500;

const NOTHING: Answer = { text: '', files: [], choices: [], reaction: undefined, previewed: false };

/**
 * Ends turns: what was answered, the history and what is to be said are written in one transaction, and only then does
 * anything leave. The ids of what is said come from the turn, so that no re-run can say it a second time.
 */
export class TurnCommitter {
  readonly #store: Store;
  readonly #lanes: Lanes;
  readonly #events: EventBus;
  readonly #workspaces: Workspaces;
  readonly #languages: Languages;
  readonly #destinations: Destinations;
  readonly #redact: (text: string) => string;
  /** See TurnOptions. */
  readonly #options: TurnOptions;

  constructor(parts: {
    store: Store;
    lanes: Lanes;
    events: EventBus;
    workspaces: Workspaces;
    languages: Languages;
    destinations: Destinations;
    redact: (text: string) => string;
    options: TurnOptions;
  }) {
    this.#store = parts.store;
    this.#lanes = parts.lanes;
    this.#events = parts.events;
    this.#workspaces = parts.workspaces;
    this.#languages = parts.languages;
    this.#destinations = parts.destinations;
    this.#redact = parts.redact;
    this.#options = parts.options;
  }

  /**
   * The agent answered, a person stopped it, or the message `by` took the place of what it was asked. `previewed`: something
   * was shown already. Rejects only when the store closes.
   */
  async commit(
    turn: CommittableTurn,
    live: LiveSession | undefined,
    result: RunResult,
    { previewed, by }: { previewed: boolean; by: InboundId | undefined },
  ): Promise<void> {
    const cancelled = result.outcome !== 'done';
    const ending = by !== undefined ? 'interrupted' : cancelled ? 'stopped' : undefined;
    const { answer, problems } = await this.#answerOf(turn, result, ending, previewed);
    const said = historyOf(result.text, answer, by !== undefined);
    const answered = turn.taken.length === 0 ? turn.asked : [...turn.asked, ...turn.taken];
    const history: HistoryEntry[] = [
      ...answered.map(({ message }) => questionOf(message)),
      ...(said === '' ? [] : [{ role: 'assistant' as const, text: said }]),
    ];
    // A preview that an earlier run may have left must be ended by an answer.
    const mayLinger = isPreviewLost(turn) && isShownGrowing(turn.channel.adapter, turn.message.chat);
    const isSilent = by !== undefined && isEmpty(result.text, answer) && !previewed && !mayLinger;
    const out = await this.#end(turn, isSilent ? NOTHING : answer, (endedAt) => {
      for (const { id } of answered) {
        if (by !== undefined) this.#store.inbox.end(id, 'superseded', `by ${by}`, turn.id, endedAt);
        else this.#store.inbox.end(id, 'answered', cancelled ? 'stopped' : undefined, turn.id, endedAt);
      }
      const state = cancelled ? 'cancelled' : 'committed';
      this.#insertTurn(turn, state, undefined, history, [...result.data, ...problems], endedAt);
      if (result.state !== undefined) this.#store.sessions.saveState(turn.session, result.state, turn.id);
    });
    if (live !== undefined) {
      if (!cancelled) live.lastTurn = turn.id;
      live.fresh = false;
      live.history = remembered([...live.history, ...history], live.agent.historyTurns);
    }
    this.#events.emit('turn.ended', {
      ...about(turn),
      outcome: by !== undefined ? 'superseded' : cancelled ? 'cancelled' : 'committed',
      sender: turn.message.sender.id,
      messages: answered.length,
      out,
      ms: Date.now() - turn.startedAt,
      cameAt: idTime(turn.id),
    });
  }

  /** The agent failed for good: the message becomes a dead letter, and the person gets one honest sentence, once. */
  async fail(turn: CommittableTurn, error: AgentError, data: readonly Json[]): Promise<void> {
    const reason = this.#redact(error.message);
    const notice = isReplay(turn.message) ? NOTHING : { ...NOTHING, text: this.#textsFor(turn).failed };
    await this.#end(turn, notice, (endedAt) => {
      for (const { id } of turn.asked) this.#store.inbox.end(id, 'dead', reason, turn.id, endedAt);
      this.#insertTurn(turn, 'failed', reason, [], data, endedAt);
    });
    this.#events.emit('turn.failed', this.#failure(turn, error));
  }

  /** The agent failed, and the turn will be run again. */
  reportRetry(turn: CommittableTurn, error: AgentError, inMs: number): void {
    this.#events.emit('turn.retry', { ...this.#failure(turn, error), inMs });
  }

  /** What the agent said, with its files on disk; and what is wrong with those that are not. */
  async #answerOf(
    turn: CommittableTurn,
    { text, artifacts, choices, reaction }: RunResult,
    ending: 'stopped' | 'interrupted' | undefined,
    previewed: boolean,
  ): Promise<{ answer: Answer; problems: Json[] }> {
    const { id, session, channel } = turn;
    const isLong = text.length > this.#options.maxMessages * channel.adapter.capabilities.textLimit;
    const asFile = isLong && channel.adapter.capabilities.files !== undefined;
    const made = asFile ? [{ name: 'answer.md', content: Buffer.from(text) }, ...artifacts] : artifacts;
    const about = { session, turn: id, workspaces: this.#workspaces };
    const kept = made.length === 0 ? [] : await keepArtifacts(made, about);
    const texts = this.#textsFor(turn);
    const words = asFile ? [beginningOf(text), texts.wholeAnswer] : [text];
    if (ending !== undefined) words.push(texts[ending]);
    return {
      answer: {
        text: words.filter((part) => part.trim() !== '').join('\n\n'),
        files: kept.flatMap((one) => ('file' in one ? [one.file] : [])),
        choices: ending === undefined ? choices : [],
        reaction,
        previewed,
      },
      problems: kept.flatMap((one) => ('file' in one ? [] : [this.#problem(one)])),
    };
  }

  #problem({ name, problem }: Exclude<KeptArtifact, { file: OutboundFile }>): Json {
    return { name: 'artifact not kept', value: { file: name, reason: this.#redact(problem) } };
  }

  /** Resolves with how many messages the answer has. */
  async #end(turn: CommittableTurn, answer: Answer, write: (endedAt: number) => void): Promise<number> {
    const to = this.#destinationOf(turn);
    const outgoing = this.#outgoing(turn, answer, to);
    const endedAt = Date.now();
    await this.#store.insist(() => {
      write(endedAt);
      for (const message of outgoing) insertOutgoing(this.#store, message);
    });
    this.#lanes.add(outgoing, to.channel);
    return outgoing.length;
  }

  #outgoing(turn: CommittableTurn, said: Answer, { chatRef, channel, chat }: Destination): NewOutgoing[] {
    const { message } = turn;
    const answer = chatRef === turn.chatRef ? said : { ...said, reaction: undefined };
    const render = (markdown: string) => this.#render(markdown, channel);
    const about = { turn: turn.id, message, words: this.#textsFor(turn) };
    const contents = compose(answer, about, channel.adapter.capabilities, render);
    const expiresAt = Date.now() + channel.options.expireAfter;
    return contents.map((content, index) => {
      const sending = index === 0 && this.#lanes.claim(chatRef, chat.kind, channel);
      const previewLost = index === 0 && isPreviewLost(turn);
      return newOutgoing(index, { chatRef, chat, content, expiresAt, previewLost, sending });
    });
  }

  /** Where the turn meant its answer to go, unless that is no longer a chat of the same person. */
  #destinationOf(turn: CommittableTurn): Destination {
    const here = { channel: turn.channel, chatRef: turn.chatRef, chat: turn.message.chat };
    const now = turn.elsewhere && this.#destinations.elsewhere(turn);
    return now !== undefined && now.chatRef === turn.elsewhere?.chatRef ? now : here;
  }

  /** For who is answered. */
  #textsFor({ channel, message }: CommittableTurn): Texts['chat'] {
    return textsIn(this.#languages.languageOf(channel.options.id, message.sender)).chat;
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
    state: 'committed' | 'cancelled' | 'failed',
    error: string | undefined,
    history: readonly HistoryEntry[],
    data: readonly Json[],
    endedAt: number,
  ): void {
    this.#store.turns.insert({
      id: turn.id,
      session: this.#store.inbox.sessionOf(turn.id as string as InboundId),
      agent: turn.agent,
      state,
      attempts: turn.attempt,
      history,
      data,
      startedAt: turn.startedAt,
      endedAt,
      ...(error !== undefined && { error }),
    });
  }

  #failure(turn: CommittableTurn, error: AgentError) {
    return {
      ...about(turn),
      attempt: turn.attempt,
      error: this.#redact(error.message),
      hint: error.hint,
    };
  }
}

function about({ id, session, agent, channel }: CommittableTurn) {
  return { turn: id, session, agent, channel: channel.options.id };
}

function isPreviewLost({ attempt, adapter, channel }: CommittableTurn): boolean {
  return attempt > 1 || adapter !== channel.adapter;
}

/** A turn adds a question and, mostly, an answer. */
function remembered(history: readonly HistoryEntry[], turns: number): readonly HistoryEntry[] {
  return turns === 0 ? [] : history.slice(-2 * turns);
}

function questionOf({ chat, sender, text, attachments = [] }: InboundMessage): HistoryEntry {
  const files = attachments.map(({ kind }) => `[Attached: ${kind}]`);
  return {
    role: 'user',
    text: [text, ...files].filter((line) => line !== '').join('\n'),
    ...(chat.kind === 'group' && sender.name !== undefined && { speaker: sender.name }),
  };
}

/** The answer as it is remembered: a file by its name, a question with its options, and where it was broken off. */
function historyOf(text: string, { files, choices }: Answer, interrupted: boolean): string {
  return [
    text,
    ...files.map(({ name }) => `[Sent: ${name}]`),
    ...choices.map((label) => `- ${label}`),
    ...(interrupted ? ['[Interrupted by the next message]'] : []),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function isEmpty(text: string, { files, reaction }: Answer): boolean {
  return text.trim() === '' && files.length === 0 && reaction === undefined;
}

/** Its first paragraphs. */
function beginningOf(text: string): string {
  const end = text.lastIndexOf('\n\n', BEGINNING);
  return text.slice(0, end > 0 ? end : BEGINNING).toWellFormed();
}
