import { echo } from '../src/agents/echo/index.ts';
import { type Agent, AgentError, type AgentId } from '../src/contract/index.ts';
import { openLedger } from '../src/store/index.ts';
import { inProcessAdapter, startGateway } from './in-process.ts';
import type { Figure } from './run.ts';
import { bareMemory, residentMb } from './start-and-idle.ts';
import { ms, quantile } from './statistics.ts';

const SECONDS = 60;
const CHATS = 2_000;
const IN_FLIGHT = 500;
/** The first of it fills caches and is no slope. */
const WARM = 0.3;
const WAITING = 50_000;
const OFFERED_AT_ONCE = 100;

/** What a long time does to the memory, and what many messages do that come while nobody can answer them. */
export async function soak(): Promise<Figure[]> {
  return [...(await underLoad()), ...(await withoutModel())];
}

async function underLoad(): Promise<Figure[]> {
  let answered = 0;
  let wake = () => {};
  const platform = inProcessAdapter(() => {
    answered += 1;
    wake();
  });
  const agent = await echo.create('default' as AgentId, echo.options.parse({}));
  const hub = await startGateway(agent, platform.adapter, CHATS);
  const begin = residentMb(process.pid);
  const samples: { answered: number; mb: number }[] = [];
  const end = performance.now() + SECONDS * 1000;
  let said = 0;
  let sampledAt = 0;
  while (performance.now() < end) {
    while (said - answered < IN_FLIGHT) void platform.say(said, `chat ${said++ % CHATS}`);
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
    if (performance.now() - sampledAt > 250) {
      sampledAt = performance.now();
      samples.push({ answered, mb: residentMb(process.pid) });
    }
  }
  const total = answered;
  const last = samples.at(-1)?.mb ?? Number.NaN;
  await hub.stop();
  const slope = slopeOf(samples.slice(Math.floor(samples.length * WARM)));
  const idle = await bareMemory();
  return [
    {
      what: `soak, ${SECONDS} s of the full path: memory (RSS), begin and end`,
      value: `${begin.toFixed(0)} and ${last.toFixed(0)} MB`,
      beside: `an idle Node: ${idle.toFixed(0)} MB`,
      ratio: `${total.toLocaleString('en')} messages`,
    },
    {
      what: 'soak: growth of it once it is warm',
      value: `${(slope * 1e6).toFixed(1)} MB`,
      beside: 'for a million messages',
      ratio: '',
    },
  ];
}

async function withoutModel(): Promise<Figure[]> {
  let isDown = true;
  let answered = 0;
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const platform = inProcessAdapter(() => {});
  const agent = modelOf(() => isDown);
  const hub = await startGateway(agent, platform.adapter, CHATS, { maxAttempts: 1_000 });
  hub.gateway.events.on('outbound.sent', () => {
    if (++answered === WAITING) finish();
  });
  const begin = residentMb(process.pid);
  const acks: number[] = [];
  const offer = async (number: number) => {
    const began = performance.now();
    await platform.say(number, `chat ${number}`);
    acks.push(performance.now() - began);
  };
  for (let number = 0; number < WAITING; number += OFFERED_AT_ONCE) {
    await Promise.all(Array.from({ length: OFFERED_AT_ONCE }, (_, more) => offer(number + more)));
  }
  const waiting = residentMb(process.pid);
  isDown = false;
  await finished;
  const ledger = openLedger(hub.folder);
  const { in: came, contradictions } = ledger.audit();
  ledger.close();
  await hub.stop();
  const [p50, p99] = [quantile(acks, 0.5), quantile(acks, 0.99)];
  return [
    {
      what: `${WAITING.toLocaleString('en')} messages while the model is down: ack, p50 and p99`,
      value: `${ms(p50)} and ${ms(p99)}`,
      beside: `${OFFERED_AT_ONCE} offered at once`,
      ratio: '',
    },
    {
      what: 'the same: memory (RSS), before and with all of them waiting',
      value: `${begin.toFixed(0)} and ${waiting.toFixed(0)} MB`,
      beside: '',
      ratio: '',
    },
    {
      what: 'the same: answered once the model is back',
      value: `${came.answered} of ${WAITING}`,
      beside: contradictions.length === 0 ? 'the ledger balances' : contradictions.join('; '),
      ratio: '',
    },
  ];
}

/** A model that is down answers nobody, and says so at once. */
function modelOf(isDown: () => boolean): Agent {
  return {
    id: 'default' as AgentId,
    historyTurns: 0,
    open: async () => ({
      async *run() {
        if (isDown()) {
          yield {
            type: 'error',
            error: new AgentError('the model is overloaded', { temporary: true, retryAfterMs: 1_000 }),
          };
          return;
        }
        yield { type: 'chunk', text: 'an answer' };
        yield { type: 'done' };
      },
      async close() {},
    }),
  };
}

/** Of the line that fits best, in MB for each message. */
function slopeOf(samples: readonly { answered: number; mb: number }[]): number {
  const mean = (of: (sample: { answered: number; mb: number }) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const [x, y] = [mean(({ answered }) => answered), mean(({ mb }) => mb)];
  const along = mean(({ answered, mb }) => (answered - x) * (mb - y));
  return along / mean(({ answered }) => (answered - x) ** 2);
}
