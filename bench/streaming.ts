import { setTimeout as sleep } from 'node:timers/promises';
import type { Agent, AgentId, Preview } from '../src/contract/index.ts';
import { inProcessAdapter, startGateway } from './in-process.ts';
import type { Figure } from './run.ts';
import { ms, quantile } from './statistics.ts';

const CHATS = 200;
/** Each answer grows for so long, a word at a time. */
const ANSWER_MS = 15_000;
const WORD_MS = 100;

/** The platform's own limits: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this */
const PLATFORM = { channel: { burst: 30, perSecond: 30 }, chat: { burst: 3, perSecond: 1 } };
/** What the adapter declares stays a little below, as Telegram's does. */
const DECLARED = { channel: { burst: 15, perSecond: 28 }, direct: { burst: 3, perSecond: 0.95 } };

/** Two hundred answers grow at once on a platform that takes 30 messages a second, previews among them. */
export async function streaming(): Promise<Figure[]> {
  const platform = meter();
  const readyAt = new Map<string, number>();
  const delays: number[] = [];
  const all = Promise.withResolvers<void>();
  const previews = new Map<string, number>();
  const far = inProcessAdapter(
    ({ chat, turn }) => {
      platform.count(chat.id);
      delays.push(performance.now() - (readyAt.get(turn) ?? 0));
      if (delays.length === CHATS) all.resolve();
    },
    {
      rateLimits: DECLARED,
      stream: async ({ chat }: Preview) => {
        platform.count(chat.id);
        previews.set(chat.id, (previews.get(chat.id) ?? 0) + 1);
        await sleep(20); // the platform's own answer
      },
    },
  );
  const hub = await startGateway(talker(readyAt), far.adapter, CHATS);
  for (let number = 0; number < CHATS; number += 1) void far.say(number, `chat ${number}`);
  await all.promise;
  await hub.stop();
  // The limit itself makes the last of so many answers wait: all of them at once take this long.
  const unavoidable = ((CHATS - DECLARED.channel.burst) / DECLARED.channel.perSecond) * 1000;
  const shown = [...previews.values()];
  return [
    {
      what: `${CHATS} answers growing at once: refused as too fast`,
      value: `${platform.refused} of ${platform.counted}`,
      beside: 'a platform of 30/s, and 1/s a chat',
      ratio: '',
    },
    {
      what: `${CHATS} answers growing at once: final answer late, p50`,
      value: ms(quantile(delays, 0.5)),
      beside: `the pace alone makes the last one wait ${ms(unavoidable)}`,
      ratio: '',
    },
    {
      what: `${CHATS} answers growing at once: final answer late, p99`,
      value: ms(quantile(delays, 0.99)),
      beside: '',
      ratio: `${(quantile(delays, 0.99) / unavoidable).toFixed(2)} ×`,
    },
    {
      what: `${CHATS} answers growing at once: previews a chat, fewest and most`,
      value: `${Math.min(...shown, CHATS - shown.length === 0 ? 1e9 : 0)} and ${Math.max(...shown)}`,
      beside: '',
      ratio: '',
    },
  ];
}

/** Counts what a platform with these limits would have refused. */
function meter() {
  const spent = new Map<string, { tokens: number; at: number }>();
  const take = (key: string, { burst, perSecond }: { burst: number; perSecond: number }): boolean => {
    const now = performance.now();
    const bucket = spent.get(key) ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    spent.set(key, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  };
  const result = {
    counted: 0,
    refused: 0,
    count(chat: string) {
      result.counted += 1;
      const fits = [take('', PLATFORM.channel), take(chat, PLATFORM.chat)];
      if (fits.includes(false)) result.refused += 1;
    },
  };
  return result;
}

function talker(readyAt: Map<string, number>): Agent {
  return {
    id: 'default' as AgentId,
    historyTurns: 0,
    open: async () => ({
      async *run(turn) {
        for (let passed = 0; passed < ANSWER_MS; passed += WORD_MS) {
          yield { type: 'chunk', text: 'word ' };
          await sleep(WORD_MS);
        }
        readyAt.set(turn.id, performance.now());
        yield { type: 'done' };
      },
      async close() {},
    }),
  };
}
