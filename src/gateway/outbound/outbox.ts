import {
  type ChannelAdapter,
  type ChannelCapabilities,
  ChannelError,
  type ChannelId,
  type Chat,
  type OutboundId,
  type OutboundMessage,
  platformMessageId,
  type SendReceipt,
} from '../../contract/index.ts';
import type { DeadKind, OpenOutboxRow, OutboxContent, Store } from '../../store/index.ts';
import type { Channel } from '../channels/channel.ts';
import type { EventBus } from '../events.ts';
import { asButtons } from '../inbound/choices.ts';
import { within } from '../timing.ts';
import { dedupeOf, RETRY_DELAYS_MS, type Verdict, verdictOn } from './delivery-policy.ts';

/** The longest that one attempt to send may take, in milliseconds. */
const SEND_TIMEOUT_MS = 60_000;
/** The longest wait after an attempt that our own end has cut off: it says nothing against the message or the platform. */
const AFTER_OUR_END_MS = 2_000;

/**
 * One outgoing message on its way. It is always in one of these states, each on disk before the next step:
 *
 * - `pending`: to be sent, not before its time.
 * - `sending`: an attempt is under way; after a kill, nobody knows whether it arrived.
 * - `unknown`: an attempt ended without our knowing whether it arrived; about to be resolved.
 *
 * It leaves the outbox as `sent` or `dead`.
 */
export interface Outgoing {
  readonly id: OutboundId;
  /** The chat's row. */
  readonly chatRef: number;
  readonly chat: Chat;
  /** What is said; read from the store when it is due if absent. */
  content?: OutboxContent;
  state: 'pending' | 'sending' | 'unknown';
  attempts: number;
  /** Those before its schedule of retries last began anew. */
  readonly attemptsBefore: number;
  possiblyRepeated: boolean;
  /** Epoch milliseconds. */
  notBefore: number;
  /** When the first attempt of unknown outcome began. */
  doubtAt: number | undefined;
  /** When it is too late to be sent. */
  readonly expiresAt: number | undefined;
  /** When it was put into the outbox. */
  readonly createdAt: number;
  /** An earlier process, or another adapter, may have left a preview of it. */
  previewLost: boolean;
}

/** Why a message is given up. */
interface End {
  readonly kind: DeadKind;
  readonly reason: string;
  readonly hint?: string | undefined;
}

/** What is to be said anew, as it is put into the outbox and onto its lane. */
export type NewOutgoing = Outgoing & { readonly content: OutboxContent; readonly expiresAt: number };

/**
 * The `index`-th message of a turn. `sending`: it was claimed (see Lanes), and its first attempt begins as soon as it is on disk.
 */
export function newOutgoing(
  index: number,
  parts: Pick<NewOutgoing, 'chatRef' | 'chat' | 'content' | 'expiresAt' | 'previewLost'> & {
    sending: boolean;
  },
): NewOutgoing {
  const { sending, ...rest } = parts;
  return {
    ...rest,
    id: `${parts.content.turn}-${index.toString(36)}` as OutboundId,
    state: sending ? 'sending' : 'pending',
    attempts: sending ? 1 : 0,
    attemptsBefore: 0,
    possiblyRepeated: false,
    notBefore: 0,
    doubtAt: undefined,
    createdAt: Date.now(),
  };
}

/** Puts it into the store; to be called within a write. */
export function insertOutgoing(
  store: Store,
  { id, chatRef, content, state, expiresAt, createdAt }: NewOutgoing,
): void {
  store.outbox.insert({
    id,
    chat: chatRef,
    content,
    state: state === 'sending' ? 'sending' : 'pending',
    createdAt,
    expiresAt,
  });
}

/** Only the first message of an answer takes the place of a preview. */
export function mayHavePreview(id: OutboundId): boolean {
  return id.endsWith('-0');
}

/** A message of an earlier time, as the store has it. */
export function outgoingOf(row: OpenOutboxRow, chat: Chat): Outgoing {
  const { seq: _, chat: chatRef, ...rest } = row;
  return { ...rest, chatRef, chat, previewLost: mayHavePreview(row.id) };
}

/** Carries one message from `pending` to `sent` or `dead`, one attempt at a time. The only owner of retries. */
export class Outbox {
  readonly #store: Store;
  readonly #events: EventBus;
  readonly #redact: (text: string) => string;
  readonly #retryDelays: readonly number[];

  constructor(
    store: Store,
    events: EventBus,
    redact: (text: string) => string,
    retryDelays: readonly number[] = RETRY_DELAYS_MS,
  ) {
    this.#store = store;
    this.#events = events;
    this.#redact = redact;
    this.#retryDelays = retryDelays;
  }

  /**
   * One attempt, with all its bookkeeping. True when the message has left the outbox; false when it is to be tried again
   * at `notBefore`. Rejects only when the store closes.
   */
  async attempt(message: Outgoing, channel: Channel): Promise<boolean> {
    if (message.state === 'unknown')
      return this.#resolve(message, channel, interrupted(), undefined, AFTER_OUR_END_MS);
    const content = await this.#contentOf(message);
    if (message.state === 'pending' && !(await this.#begin(message, content, channel))) return true;
    const startedAt = Date.now();
    this.#events.emit('outbound.sending', { ...about(message, channel), attempt: message.attempts });
    let receipt: SendReceipt;
    try {
      receipt = await this.#send(message, content, channel);
    } catch (thrown) {
      return this.#failed(message, channel, ChannelError.from(thrown), startedAt);
    }
    await this.#sent(message, channel, receipt);
    return true;
  }

  /** A message that a previous process was sending when it ended; its attempt began no sooner than it was made. */
  async interrupted(message: Outgoing, channelId: ChannelId): Promise<void> {
    const error = interrupted();
    const { createdAt } = message;
    message.doubtAt ??= createdAt;
    await this.#store.insist(() => {
      this.#store.outbox.unknown(message.id, createdAt);
      this.#store.failedAttempts.insert(message.id, message.attempts, 'unknown', error.message, Date.now());
    });
    message.state = 'unknown';
    this.#events.emit('outbound.unknown', {
      id: message.id,
      channel: channelId,
      chat: message.chat.id,
      attempt: message.attempts,
      error: error.message,
    });
  }

  /**
   * pending → sending; or dead, if it must not be sent any more: then false. That is decided when it is written, because a
   * full disk may delay the writing for hours.
   */
  async #begin(message: Outgoing, content: OutboxContent, channel: Channel): Promise<boolean> {
    const { repeats, end } = await this.#store.insist(() => {
      const now = Date.now();
      const repeats = this.#wouldRepeat(message, content, channel, now);
      const end = whyNot(message, repeats && channel.options.onUnknown === 'hold', now);
      if (end === undefined) this.#store.outbox.sending(message.id, repeats);
      else this.#store.outbox.dead(message.id, end.kind, end.reason, now);
      return { repeats, end };
    });
    if (end !== undefined) {
      this.#reportDead(message, channel, end);
      return false;
    }
    message.state = 'sending';
    message.attempts += 1;
    message.possiblyRepeated ||= repeats;
    return true;
  }

  /** An earlier attempt may have arrived, and nobody can tell, or not any more; and that is not on record yet. */
  #wouldRepeat(message: Outgoing, content: OutboxContent, { adapter }: Channel, now: number): boolean {
    const { doubtAt, possiblyRepeated } = message;
    return doubtAt !== undefined && !possiblyRepeated && dedupeFor(message, content, adapter, now) === 'none';
  }

  #send(message: Outgoing, content: OutboxContent, channel: Channel): Promise<SendReceipt> {
    const attempt = new AbortController();
    const { reaction, replyTo } = content;
    return within(
      SEND_TIMEOUT_MS,
      async () => {
        if (reaction === undefined)
          return channel.adapter.send(outboundOf(message, content, channel.adapter), attempt.signal);
        const target = replyTo ?? platformMessageId('');
        await channel.adapter.react?.(message.chat, target, reaction, attempt.signal);
        return {};
      },
      () => {
        attempt.abort();
        return new ChannelError('network', `no answer within ${SEND_TIMEOUT_MS / 1000} s`);
      },
    );
  }

  /** Rejects only when the store closes: a disk that cannot be read must not cost a message that is to be sent. */
  async #contentOf(message: Outgoing): Promise<OutboxContent> {
    return message.content ?? this.#store.insist(() => this.#store.outbox.content(message.id));
  }

  async #sent(message: Outgoing, channel: Channel, receipt: SendReceipt): Promise<void> {
    await this.#store.insist(() => this.#store.outbox.sent(message.id, receipt.platformId, Date.now()));
    this.#events.emit('outbound.sent', {
      ...about(message, channel),
      chatRef: message.chatRef,
      attempt: message.attempts,
    });
  }

  async #failed(
    message: Outgoing,
    channel: Channel,
    error: ChannelError,
    startedAt: number,
  ): Promise<boolean> {
    if (error.kind === 'auth') channel.health.credentialsRefused(error);
    if (error.retryAfterMs !== undefined) channel.limiter.refused(message.chatRef, error.retryAfterMs);
    const text = this.#redact(error.message);
    const record = () => {
      const outcome = error.certain ? 'refused' : 'unknown';
      this.#store.failedAttempts.insert(message.id, message.attempts, outcome, text, Date.now());
    };
    // Together with what follows from it: a kill in between would leave a doubt where there is none.
    if (error.certain) return this.#resolve(message, channel, error, record);
    await this.#store.insist(() => {
      record();
      this.#store.outbox.unknown(message.id, startedAt);
    });
    message.state = 'unknown';
    message.doubtAt ??= startedAt;
    this.#events.emit('outbound.unknown', {
      ...about(message, channel),
      attempt: message.attempts,
      error: text,
    });
    return this.#resolve(message, channel, error);
  }

  /** Decides what follows, and writes it down with what `alongside` writes. */
  async #resolve(
    message: Outgoing,
    channel: Channel,
    error: ChannelError,
    alongside: () => void = () => {},
    longestMs = Number.POSITIVE_INFINITY,
  ): Promise<boolean> {
    const dedupe = dedupeFor(message, await this.#contentOf(message), channel.adapter, Date.now());
    const verdict = this.#verdictOn(error, message, dedupe, channel);
    switch (verdict.next) {
      case 'dead':
        await this.#dead(message, channel, { ...verdict, hint: error.hint }, alongside);
        return true;
      case 'again':
        await this.#again(
          message,
          channel,
          error,
          { ...verdict, inMs: Math.min(verdict.inMs, longestMs) },
          alongside,
        );
        return false;
      case 'look':
        return this.#look(message, channel, error);
    }
  }

  #verdictOn(
    error: ChannelError,
    { attempts, attemptsBefore }: Outgoing,
    dedupe: ChannelCapabilities['dedupe'],
    { options }: Channel,
  ): Verdict {
    return verdictOn(error, attempts - attemptsBefore, dedupe, options.onUnknown, this.#retryDelays);
  }

  async #look(message: Outgoing, channel: Channel, error: ChannelError): Promise<boolean> {
    const content = await this.#contentOf(message);
    let found: SendReceipt | undefined;
    try {
      found = await channel.adapter.findSent?.(
        outboundOf(message, content, channel.adapter),
        AbortSignal.timeout(SEND_TIMEOUT_MS),
      );
    } catch (thrown) {
      const trouble = ChannelError.from(thrown);
      const later = this.#verdictOn(trouble, message, 'native', channel);
      message.notBefore = Date.now() + (later.next === 'again' ? later.inMs : SEND_TIMEOUT_MS);
      return false; // stays unknown, and is looked up again
    }
    if (found !== undefined) {
      await this.#sent(message, channel, found);
      return true;
    }
    const verdict = this.#verdictOn(error, message, 'native', channel);
    if (verdict.next === 'again') {
      await this.#again(message, channel, error, verdict);
      return false;
    }
    await this.#dead(
      message,
      channel,
      verdict.next === 'dead' ? verdict : { kind: 'held', reason: error.message },
    );
    return true;
  }

  async #again(
    message: Outgoing,
    channel: Channel,
    error: ChannelError,
    { inMs, repeats }: { inMs: number; repeats: boolean },
    alongside: () => void = () => {},
  ): Promise<void> {
    const notBefore = Date.now() + inMs;
    await this.#store.insist(() => {
      alongside();
      this.#store.outbox.again(message.id, notBefore, repeats);
    });
    message.state = 'pending';
    message.notBefore = notBefore;
    message.possiblyRepeated ||= repeats;
    this.#events.emit('outbound.retry', {
      ...about(message, channel),
      attempt: message.attempts,
      error: this.#redact(error.message),
      hint: error.hint,
      inMs,
    });
  }

  async #dead(
    message: Outgoing,
    channel: Channel,
    { kind, reason, hint }: End,
    alongside: () => void = () => {},
  ): Promise<void> {
    const end = { kind, reason: this.#redact(reason), hint };
    await this.#store.insist(() => {
      alongside();
      this.#store.outbox.dead(message.id, kind, end.reason, Date.now());
    });
    this.#reportDead(message, channel, end);
  }

  #reportDead(message: Outgoing, channel: Channel, { kind, reason, hint }: End): void {
    this.#events.emit('outbound.dead', {
      ...about(message, channel),
      chatRef: message.chatRef,
      kind,
      reason,
      hint,
    });
  }
}

/** Why a message that is due is not sent; `inDoubt`: it may have arrived, and its owner wants to decide. */
function whyNot(
  { expiresAt = Number.POSITIVE_INFINITY }: Outgoing,
  inDoubt: boolean,
  now: number,
): End | undefined {
  if (expiresAt < now) return { kind: 'expired', reason: 'it became too old to be sent' };
  return inDoubt ? { kind: 'held', reason: 'an earlier attempt may have arrived' } : undefined;
}

/** A message as its adapter gets it. */
function outboundOf(
  message: Outgoing,
  { reaction: _, choices = [], ...content }: OutboxContent,
  { capabilities }: ChannelAdapter,
): OutboundMessage {
  return {
    id: message.id,
    chat: message.chat,
    possiblyRepeated: message.possiblyRepeated,
    ...content,
    ...(asButtons(choices, capabilities) && { choices }),
    ...(message.previewLost && { previewLost: true }),
  };
}

/** How a second one can be prevented at this moment; a reaction is the same once or twice. */
function dedupeFor(
  { doubtAt }: Outgoing,
  { reaction }: OutboxContent,
  { capabilities }: ChannelAdapter,
  now: number,
): ChannelCapabilities['dedupe'] {
  return reaction === undefined ? dedupeOf(capabilities, doubtAt, now) : 'native';
}

function about(message: Outgoing, channel: Channel) {
  return { id: message.id, channel: channel.options.id, chat: message.chat.id };
}

function interrupted(): ChannelError {
  return new ChannelError('network', 'the gateway ended while it was sending', { certain: false });
}
