import {
  type Attributes,
  type Context,
  type Span,
  type SpanOptions,
  type SpanStatus,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { afterEach, expect, test } from 'vitest';
import type { Turn } from '../../src/contract/index.ts';
import { EventBus } from '../../src/gateway/index.ts';
import { traceEvents } from '../../src/telemetry/tracing.ts';
import { agentOf, failed, ScriptedChannel, TestGateway } from '../gateway/harness.ts';
import { emptyFolder } from '../kit/folder.ts';

/** What an SDK would export. */
interface Recorded {
  readonly name: string;
  readonly parent: string | undefined;
  readonly attributes: Attributes;
  status: SpanStatus | undefined;
  ended: boolean;
}

/** A tracer provider in memory, as much of one as the API asks for. */
class Recorder {
  readonly spans: Recorded[] = [];

  getTracer(): Tracer {
    const startSpan = (name: string, options: SpanOptions = {}, context?: Context) =>
      this.#span(name, options, context);
    return { startSpan, startActiveSpan: () => expect.unreachable('spans have their parents told') };
  }

  /** `name outcome` of each span below its parent's. */
  get tree(): string[] {
    return this.spans.map(({ name, parent, attributes, status, ended }) => {
      const error = status === undefined ? '' : `: ${status.message}`;
      const outcome = ended ? `${attributes['openclaw.outcome']}${error}` : 'open';
      return `${parent === undefined ? '' : `${this.spans[Number(parent)]?.name} > `}${name} ${outcome}`;
    });
  }

  #span(name: string, { attributes = {} }: SpanOptions, context: Context | undefined): Span {
    const id = String(this.spans.length);
    const parent = context && trace.getSpan(context)?.spanContext().spanId;
    const recorded: Recorded = {
      name,
      parent,
      attributes: { ...attributes },
      status: undefined,
      ended: false,
    };
    this.spans.push(recorded);
    const span = {
      spanContext: () => ({ traceId: '1', spanId: id, traceFlags: 1 }),
      setAttribute(key: string, value: string) {
        recorded.attributes[key] = value;
        return span;
      },
      setStatus(status: SpanStatus) {
        recorded.status = status;
        return span;
      },
      end() {
        expect(recorded.ended, `${name} ends once`).toBe(false);
        recorded.ended = true;
      },
    };
    return span as unknown as Span;
  }
}

afterEach(() => trace.disable());

test('a message is a trace: its arrival, the runs of the agent, and the attempts to send', async () => {
  const recorder = new Recorder();
  trace.setGlobalTracerProvider(recorder);
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const troubles = [failed('rate_limited', true), failed('network', false)];
  channel.onSend = async (message) => {
    const trouble = troubles.shift();
    if (trouble !== undefined) throw trouble;
    return channel.accept(message);
  };
  let runs = 0;
  const agent = agentOf((turn: Turn) => {
    runs += 1;
    if (runs === 1) throw new Error('no model');
    return `re: ${turn.messages[0]?.text}`;
  });
  const hub = new TestGateway(folder.path, [channel], agent, { retryDelays: [1, 1, 1, 1] });
  traceEvents(hub.gateway.events);
  await hub.start();
  await channel.say('chat of Ada', 'a secret plan', { sender: { id: 'u7' as never, name: 'Ada' } });
  await hub.until('outbound.sent');
  await hub.stop();

  expect(recorder.tree).toEqual([
    'inbound committed',
    'inbound > turn retried: the agent threw: no model',
    'inbound > turn committed',
    'turn > attempt retried: rate_limited trouble',
    'turn > attempt unknown: network trouble',
    'turn > attempt sent',
  ]);
  const [inbound, , turn, attempt] = recorder.spans;
  expect(inbound?.attributes).toMatchObject({
    'openclaw.channel': 'a',
    'openclaw.message': expect.any(String),
  });
  expect(turn?.attributes).toMatchObject({ 'openclaw.agent': 'default', 'openclaw.attempt': 2 });
  expect(attempt?.attributes['openclaw.message']).toBe(`${turn?.attributes['openclaw.turn']}-0`);
  const all = JSON.stringify(recorder.spans);
  for (const personal of ['Ada', 'secret plan', 'u7']) expect(all).not.toContain(personal);
});

test('the parts of an album end with their turn, and a failure is told', async () => {
  const recorder = new Recorder();
  trace.setGlobalTracerProvider(recorder);
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const agent = agentOf(() => Promise.reject(new Error('no model')));
  const hub = new TestGateway(folder.path, [channel], agent, {
    turns: { maxAttempts: 1, timeout: 60_000, maxMessages: 10 },
  });
  traceEvents(hub.gateway.events);
  await hub.start();
  for (const text of ['one', 'two']) await channel.say('c', text, { album: 'al' });
  await hub.until('outbound.sent');
  await hub.stop();
  expect(recorder.tree.sort()).toEqual([
    'inbound > turn failed: the agent threw: no model',
    'inbound failed: the agent threw: no model',
    'inbound failed: the agent threw: no model',
    'turn > attempt sent',
  ]);
});

test('without an SDK nothing is subscribed', () => {
  const events = new EventBus();
  events.on = () => expect.unreachable('there is nobody to tell');
  traceEvents(events);
});
