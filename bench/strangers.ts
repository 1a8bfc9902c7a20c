import { inProcessAdapter, startGateway } from './in-process.ts';
import { agentOf, atRate } from './latency.ts';
import type { Figure } from './run.ts';
import { ms, quantile } from './statistics.ts';

const KNOWN = 100;
const SECONDS = 8;
const PER_SECOND = 250;
const FLOOD = 10_000;

/** What those who are let in notice of a stranger who writes ten thousand messages meanwhile. */
export async function strangers(): Promise<Figure[]> {
  const alone = await answers(0);
  const flooded = await answers(FLOOD);
  return [
    {
      what: `answer while a stranger writes ${FLOOD.toLocaleString('en')} messages: p50`,
      value: ms(quantile(flooded, 0.5)),
      beside: `without the stranger: ${ms(quantile(alone, 0.5))}`,
      ratio: `${(quantile(flooded, 0.5) / quantile(alone, 0.5)).toFixed(1)} ×`,
    },
    {
      what: `answer while a stranger writes ${FLOOD.toLocaleString('en')} messages: p99`,
      value: ms(quantile(flooded, 0.99)),
      beside: `without the stranger: ${ms(quantile(alone, 0.99))}`,
      ratio: `${(quantile(flooded, 0.99) / quantile(alone, 0.99)).toFixed(1)} ×`,
    },
  ];
}

/** How long those who are let in wait for their answers, in milliseconds. */
async function answers(flood: number): Promise<number[]> {
  const saidAt = new Map<string, number>();
  const samples: number[] = [];
  const total = PER_SECOND * SECONDS;
  const all = Promise.withResolvers<void>();
  const platform = inProcessAdapter(({ chat, body }) => {
    if (chat.id === 'stranger') return;
    samples.push(performance.now() - (saidAt.get(body.text) ?? 0));
    if (samples.length === total) all.resolve();
  });
  const allowFrom = Array.from({ length: KNOWN }, (_, index) => `known ${index}`);
  const hub = await startGateway(agentOf(0), platform.adapter, KNOWN, {
    access: { dmPolicy: 'pairing', allowFrom },
  });
  await Promise.all([
    atRate({ perSecond: PER_SECOND, seconds: SECONDS }, (number) => {
      saidAt.set(String(number), performance.now());
      void platform.say(number, `known ${number % KNOWN}`);
    }),
    atRate({ perSecond: flood / SECONDS, seconds: flood === 0 ? 0 : SECONDS }, (number) => {
      void platform.say(total + number, 'stranger');
    }),
    all.promise,
  ]);
  await hub.stop();
  return samples.slice(Math.floor(samples.length / 10));
}
