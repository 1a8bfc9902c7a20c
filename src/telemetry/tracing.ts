import {
  type Attributes,
  type Context,
  ProxyTracerProvider,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { LRUCache } from 'lru-cache';
import type { EventBus } from '../gateway/index.ts';

const NAME = 'openclaw-gateway';
/** Spans that are open are remembered up to this number, and so is whose answer an attempt to send belongs to. */
const REMEMBERED = 10_000;

/**
 * Tells OpenTelemetry of each message: a span from its arrival to the end of its turn, and within it one for each run of the
 * agent and each attempt to send. Where no SDK is registered (by who starts the process, with `--import`), nothing is
 * subscribed, and nothing costs. Attributes are ids and names from the config, never what people said or are called.
 */
export function traceEvents(events: EventBus): void {
  const tracer = registeredTracer();
  if (tracer !== undefined) new Traces(tracer).listen(events);
}

function registeredTracer(): Tracer | undefined {
  const provider = trace.getTracerProvider();
  return provider instanceof ProxyTracerProvider
    ? provider.getDelegateTracer(NAME)
    : provider.getTracer(NAME);
}

/** One run of an agent, and the messages that it answers. */
interface Run {
  readonly span: Span;
  readonly messages: readonly string[];
}

class Traces {
  readonly #tracer: Tracer;
  /** By the id of the message. One that is forgotten ends. */
  readonly #inbound = openSpans();
  readonly #attempts = openSpans();
  /** By the id of the turn. */
  readonly #runs = new Map<string, Run>();
  readonly #answers = new LRUCache<string, Context>({ max: REMEMBERED });

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  listen(events: EventBus): void {
    events.on('inbound.queued', ({ id, channel, session }) => {
      const attributes = about({ message: id, channel, session });
      this.#inbound.set(
        id,
        this.#tracer.startSpan('inbound', { kind: SpanKind.CONSUMER, attributes }, ROOT_CONTEXT),
      );
    });
    events.on('turn.started', ({ turn, session, agent, channel, attempt, messages }) => {
      const attributes = about({ turn, session, agent, channel, attempt });
      const span = this.#tracer.startSpan('turn', { attributes }, within(this.#inbound.get(turn)));
      this.#runs.set(turn, { span, messages });
      this.#answers.set(turn, within(span));
    });
    events.on('command.ended', ({ id }) => this.#ended(id, 'command'));
    events.on('turn.ended', ({ turn, outcome }) => this.#ended(turn, outcome));
    events.on('turn.failed', ({ turn, error }) => this.#ended(turn, 'failed', error));
    events.on('turn.retry', ({ turn, error }) => end(this.#take(turn)?.span, 'retried', error));

    events.on('outbound.sending', ({ id, channel, attempt }) => {
      const attributes = about({ message: id, channel, attempt });
      const parent = this.#answers.get(id.slice(0, id.indexOf('-'))) ?? ROOT_CONTEXT;
      this.#attempts.set(
        id,
        this.#tracer.startSpan('attempt', { kind: SpanKind.PRODUCER, attributes }, parent),
      );
    });
    const attempted = (id: string, outcome: string, error?: string) => {
      end(this.#attempts.get(id), outcome, error);
      this.#attempts.delete(id);
    };
    events.on('outbound.sent', ({ id }) => attempted(id, 'sent'));
    events.on('outbound.unknown', ({ id, error }) => attempted(id, 'unknown', error));
    events.on('outbound.retry', ({ id, error }) => attempted(id, 'retried', error));
    events.on('outbound.dead', ({ id, reason }) => attempted(id, 'given up', reason));
  }

  #ended(turn: string, outcome: string, error?: string): void {
    const run = this.#take(turn);
    end(run?.span, outcome, error);
    for (const message of run?.messages ?? [turn]) {
      end(this.#inbound.get(message), outcome, error);
      this.#inbound.delete(message);
    }
  }

  #take(turn: string): Run | undefined {
    const run = this.#runs.get(turn);
    this.#runs.delete(turn);
    return run;
  }
}

function openSpans() {
  return new LRUCache<string, Span>({
    max: REMEMBERED,
    dispose: (span, _, why) => {
      if (why === 'evict') span.end();
    },
  });
}

function within(span: Span | undefined): Context {
  return span === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, span);
}

function about(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`openclaw.${name}`, value]));
}

function end(span: Span | undefined, outcome: string, error?: string): void {
  if (span === undefined) return;
  span.setAttribute('openclaw.outcome', outcome);
  if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
  span.end();
}
