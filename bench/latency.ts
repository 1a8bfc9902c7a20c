import type { Agent, AgentId } from '../src/contract/index.ts';
import { inProcessAdapter, startGateway } from './in-process.ts';
import type { Figure } from './run.ts';
import { ms, quantile } from './statistics.ts';

/** What the gateway adds to an answer: from the platform's event to the adapter's send, less the agent's own time. */
export async function latency(): Promise<Figure[]> {
  const bare = await timerError();
  return [
    ...(await added('1 message/s', { perSecond: 1, seconds: 10, chats: 10, agentMs: 0 }, bare)),
    ...(await added('1,000 messages/s', { perSecond: 1_000, seconds: 10, chats: 1_000, agentMs: 0 }, bare)),
    ...(await added(
      '10,000 sessions at once, agent of 2 s',
      { perSecond: 5_000, seconds: 8, chats: 20_000, agentMs: 2_000 },
      bare,
    )),
  ];
}

interface Load {
  readonly perSecond: number;
  readonly seconds: number;
  readonly chats: number;
  readonly agentMs: number;
}

async function added(name: string, load: Load, bare: number): Promise<Figure[]> {
  const samples: number[] = [];
  const saidAt = new Map<string, number>();
  let finish = () => {};
  const total = load.perSecond * load.seconds;
  let arrived = 0;
  const platform = inProcessAdapter((message) => {
    // The answer carries the number of its question.
    const began = saidAt.get(message.body.text) ?? 0;
    saidAt.delete(message.body.text);
    samples.push(performance.now() - began);
    if (++arrived === total) finish();
  });
  const hub = await startGateway(agentOf(load.agentMs), platform.adapter, load.chats);
  // Every chat is known before the clock runs: what is measured is a running service.
  const all = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const say = (number: number) => {
    saidAt.set(String(number), performance.now());
    void platform.say(number, `chat ${number % load.chats}`);
  };
  await atRate(load, say);
  await all;
  await hub.stop();
  const own = samples.slice(Math.floor(samples.length / 10)).map((sample) => sample - load.agentMs);
  const [p50, p99] = [quantile(own, 0.5), quantile(own, 0.99)];
  return [
    {
      what: `added latency, ${name}: p50`,
      value: ms(p50),
      beside: `a bare timer of Node is late by ${ms(bare)} (p99)`,
      ratio: '',
    },
    {
      what: `added latency, ${name}: p99`,
      value: ms(p99),
      beside: '',
      ratio: `${(p99 / bare).toFixed(1)} ×`,
    },
  ];
}

/** Calls `say` at the rate, evenly spread. */
export async function atRate(
  { perSecond, seconds }: Pick<Load, 'perSecond' | 'seconds'>,
  say: (number: number) => void,
): Promise<void> {
  const began = performance.now();
  const total = perSecond * seconds;
  for (let number = 0; number < total; ) {
    const due = Math.min(total, ((performance.now() - began) / 1000) * perSecond);
    while (number < due) say(number++);
    await new Promise((resolve) => (perSecond > 100 ? setImmediate(resolve) : setTimeout(resolve, 1)));
  }
}

/** Answers with the number of the message, after its time. */
export function agentOf(agentMs: number): Agent {
  return {
    id: 'default' as AgentId,
    historyTurns: 0,
    open: async () => ({
      async *run(turn) {
        if (agentMs > 0) await new Promise((resolve) => setTimeout(resolve, agentMs));
        yield { type: 'chunk', text: turn.messages[0]?.dedupeKey ?? '' };
        yield { type: 'done' };
      },
      async close() {},
    }),
  };
}

/** How late Node's own timers are on this machine, at the 99th percentile. */
async function timerError(): Promise<number> {
  const late: number[] = [];
  for (let n = 0; n < 200; n++) {
    const began = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 5));
    late.push(performance.now() - began - 5);
  }
  return quantile(late, 0.99);
}
