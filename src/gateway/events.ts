import type {
  AgentId,
  ChannelError,
  ChannelId,
  ChatId,
  InboundId,
  LoginStep,
  OutboundId,
  SenderId,
  SessionId,
  TurnId,
} from '../contract/index.ts';
import type { DeadKind, StorageFault } from '../store/index.ts';
import type { ChannelState } from './channels/channel-health-monitor.ts';

/** Everything that can be observed of the gateway. Nothing in it holds a message's text. */
export interface GatewayEvents {
  'gateway.ready': { channels: number; backlog: { inbound: number; outbound: number } };
  'gateway.stopping': Record<never, never>;
  'inbound.queued': { id: InboundId; channel: ChannelId; chat: ChatId; session: SessionId };
  'inbound.ignored': {
    id: InboundId;
    channel: ChannelId;
    chat: ChatId;
    sender: SenderId;
    reason: string;
    /** Nobody has let the sender in. */
    turnedAway: boolean;
    /** It has a row of its own; otherwise it is only counted. */
    kept: boolean;
  };
  /** Somebody whom nobody has let in wants to be; the code is for the owner's eyes. */
  'stranger.asks': { channel: ChannelId; sender: SenderId; name: string | undefined; code: string };
  'command.ended': { id: InboundId; channel: ChannelId; sender: SenderId; command: string };
  'inbound.duplicate': { channel: ChannelId; dedupeKey: string };
  'inbound.unreadable': { channel: ChannelId; dedupeKey: string; error: string };
  /** `messages`: what it answers; the first one's id is the turn's. */
  'turn.started': TurnAbout & { attempt: number; messages: readonly InboundId[] };
  'turn.ended': TurnAbout & {
    outcome: 'committed' | 'cancelled' | 'superseded';
    /** Who wrote what it answers. */
    sender: SenderId;
    /** How many messages it answers, and how many the answer has. */
    messages: number;
    out: number;
    /** How long it ran. */
    ms: number;
    /** When the first of the messages came; epoch milliseconds. */
    cameAt: number;
  };
  'turn.retry': TurnAbout & { attempt: number; error: string; hint: string | undefined; inMs: number };
  'turn.failed': TurnAbout & { attempt: number; error: string; hint: string | undefined };
  /** A conversation begins anew: what was said before is no longer remembered. */
  'session.began_anew': { session: SessionId };
  /** An agent failed so often in a row that it is left alone for a while; what it is to answer waits. */
  'agent.resting': { agent: AgentId; failures: number; inMs: number };
  'agent.recovered': { agent: AgentId };
  /** An attempt begins. */
  'outbound.sending': { id: OutboundId; channel: ChannelId; chat: ChatId; attempt: number };
  'outbound.sent': {
    id: OutboundId;
    channel: ChannelId;
    chat: ChatId;
    /** The chat's row. */
    chatRef: number;
    attempt: number;
  };
  'outbound.retry': {
    id: OutboundId;
    channel: ChannelId;
    chat: ChatId;
    attempt: number;
    error: string;
    hint: string | undefined;
    inMs: number;
  };
  'outbound.unknown': { id: OutboundId; channel: ChannelId; chat: ChatId; attempt: number; error: string };
  'outbound.dead': {
    id: OutboundId;
    channel: ChannelId;
    chat: ChatId;
    /** The chat's row. */
    chatRef: number;
    kind: DeadKind;
    reason: string;
    hint: string | undefined;
  };
  /** Dead letters of a channel are tried again, because it is back or because somebody asked for it. */
  'dead_letters.replayed': { count: number };
  'channel.state': {
    channel: ChannelId;
    state: ChannelState;
    error?: ChannelError;
    /** Milliseconds until the next attempt to connect. */
    inMs?: number;
    failures?: number;
    /** With `needs_login`: holds secrets, and is for the eyes of the owner only. */
    login?: LoginStep;
  };
  'channel.log': {
    channel: ChannelId;
    level: 'debug' | 'info' | 'warn';
    message: string;
    fields: Record<string, unknown> | undefined;
  };
  'store.fault': { fault: StorageFault };
  'store.recovered': Record<never, never>;
  /** The disk of the data folder became nearly full, or is so no more. */
  disk: { low: boolean; freeBytes: number };
  /** A mistake of ours that was caught before it could do harm. */
  'internal.error': { where: string; error: unknown };
}

interface TurnAbout {
  readonly turn: TurnId;
  readonly session: SessionId;
  readonly agent: AgentId;
  readonly channel: ChannelId;
}

type Listener<Name extends keyof GatewayEvents> = (event: GatewayEvents[Name]) => void;

/** The only way to observe the gateway. An observer that throws is reported once and harms nobody. */
export class EventBus {
  readonly #listeners = new Map<keyof GatewayEvents, Set<Listener<never>>>();

  /** Returns the function that ends the subscription. */
  on<Name extends keyof GatewayEvents>(name: Name, listener: Listener<Name>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  emit<Name extends keyof GatewayEvents>(name: Name, event: GatewayEvents[Name]): void {
    const listeners = this.#listeners.get(name);
    if (listeners === undefined) return;
    for (const listener of listeners) {
      try {
        (listener as Listener<Name>)(event);
      } catch (error) {
        if (name !== 'internal.error') this.emit('internal.error', { where: `observer of ${name}`, error });
      }
    }
  }
}
