import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type AgentEvent, ChannelError, type Preview } from '../../src/contract/index.ts';
import { ChannelRateLimiter } from '../../src/gateway/channels/rate-limiter.ts';
import { emptyFolder } from '../kit/folder.ts';
import { agentOf, ScriptedChannel, TestGateway } from './harness.ts';

/** Says a word, and goes on when it is told to. */
function growing() {
  const steps: PromiseWithResolvers<void>[] = [Promise.withResolvers(), Promise.withResolvers()];
  const agent = agentOf(async function* (): AsyncIterable<AgentEvent> {
    for (const [index, step] of steps.entries()) {
      yield { type: 'chunk', text: `word${index} ` };
      await step.promise;
    }
    yield { type: 'done' };
  });
  return { agent, goOn: (index: number) => steps[index]?.resolve() };
}

function streaming(onPreview: (preview: Preview) => Promise<void>) {
  return new ScriptedChannel('a', 'none', {
    capabilities: { streaming: { everyMs: 1, spendsLimit: false, directOnly: true } },
    methods: { stream: onPreview },
  });
}

test('an answer is shown while it grows, and the message that follows has the id of the preview', async () => {
  using folder = emptyFolder();
  const { agent, goOn } = growing();
  const shown: string[] = [];
  let first: string | undefined;
  const channel = streaming(async (preview) => {
    shown.push(preview.text);
    first = preview.first;
    goOn(shown.length - 1);
  });
  const hub = await new TestGateway(folder.path, [channel], agent).start();
  await channel.say('ann', 'go');
  await hub.until('outbound.sent');
  expect(shown).toEqual(['word0 ', 'word0 word1 ']);
  expect(channel.arrived.map(({ id }) => id)).toEqual([first]);
  await hub.stop();
});

test('an answer that is interrupted while it is seen growing is ended where it is', async () => {
  using folder = emptyFolder();
  const { agent } = growing();
  let first: string | undefined;
  const seen = Promise.withResolvers<void>();
  const channel = streaming(async (preview) => {
    first ??= preview.first;
    seen.resolve();
  });
  const hub = await new TestGateway(folder.path, [channel], agent, { whileBusy: 'interrupt' }).start();
  await channel.say('ann', 'go');
  await seen.promise;
  await channel.say('ann', 'no, wait');
  await hub.until('outbound.sent');
  expect(channel.arrived[0]).toMatchObject({
    id: first,
    body: { text: 'word0 \n\n_Interrupted by the next message._' },
  });
  await hub.stop();
});

test('a preview that fails costs nothing but the preview', async () => {
  using folder = emptyFolder();
  const { agent, goOn } = growing();
  let tried = 0;
  const channel = streaming(async () => {
    tried += 1;
    goOn(0);
    goOn(1);
    throw new ChannelError('rate_limited', 'too many', { retryAfterMs: 60_000 });
  });
  const hub = await new TestGateway(folder.path, [channel], agent).start();
  await channel.say('ann', 'go');
  await hub.until('outbound.sent');
  await channel.say('ann', 'again');
  await hub.until('outbound.sent', 2);
  expect(channel.textsIn('ann')).toEqual(['word0 word1 ', 'word0 word1 ']);
  expect(tried, 'after that, the channel shows none for a while').toBe(1);
  await hub.stop();
});

test('no preview where a channel shows none in groups', async () => {
  using folder = emptyFolder();
  const { agent, goOn } = growing();
  const channel = streaming(async () => expect.unreachable('a preview in a group'));
  const hub = await new TestGateway(folder.path, [channel], agent).start();
  goOn(0);
  await channel.say('g', 'go', { chat: { id: 'g' as never, kind: 'group' } });
  await hub.until('turn.started');
  await sleep(20); // gives a preview that must not be the time to come
  goOn(1);
  await hub.until('outbound.sent');
  await hub.stop();
});

test('previews take only what answers leave over', () => {
  const limiter = new ChannelRateLimiter({
    channel: { burst: 4, perSecond: 1 },
    direct: { burst: 3, perSecond: 1 },
  });
  const now = 1_000_000;
  expect(limiter.tryTakeSpare(1, 'direct', now)).toBe(true);
  expect(limiter.tryTakeSpare(1, 'direct', now), 'one of the chat and half of the channel remain').toBe(true);
  expect(limiter.tryTakeSpare(1, 'direct', now)).toBe(false);
  expect(limiter.tryTakeSpare(2, 'direct', now), 'the channel has only half left').toBe(false);
  expect(limiter.reserve(1, 'direct', now), 'the answer itself does not wait').toBe(0);
});
