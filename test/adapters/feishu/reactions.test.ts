import { describe, expect, it } from 'vitest';
import { emojiOf } from '../../../adapters/feishu/reactions.ts';
import type { ChatId, TurnId } from '../../../src/contract/index.ts';
import { ALICE, openBench, toId } from './harness.ts';

async function openMessage() {
  const bench = await openBench();
  await bench.start();
  const message = bench.fake.world.add(bench.fake.world.alice, {});
  return Object.assign(bench, {
    message,
    under: () => bench.fake.world.reactions.under(message.id).map(({ emoji }) => emoji),
    async react(emoji: string) {
      await bench.adapter.react?.(ALICE, toId(message.id), emoji, AbortSignal.timeout(20_000));
    },
    startTyping(until: AbortSignal) {
      bench.adapter.startTyping?.(ALICE.id as ChatId, '1' as TurnId, until, toId(message.id));
    },
    asked: (operation: string) => bench.fake.requests.get(operation) ?? 0,
  });
}

describe('a reaction of ours', () => {
  it.each([
    ['👍', 'THUMBSUP'],
    ['👍🏽', 'THUMBSUP'],
    ['❤️', 'HEART'],
    ['❤', 'HEART'],
    ['👀', 'GLANCE'],
    ['✅', 'DONE'],
    ['👏', 'APPLAUSE'],
  ])('%s is %s', async (emoji, name) => {
    await using bench = await openMessage();
    await bench.react(emoji);
    await bench.react(emoji);
    expect(bench.under()).toEqual([name]);
  });

  it('is one that Feishu has, whichever we know', async () => {
    await using bench = await openMessage();
    const known =
      '👍👎👌❌💔🙏💪👊🤝👋🙌🙂😊😆😁😃😂🤣😉😍😘😛🤤😏🥳🤗🤔🤫🤐🫡🤦🤷😅😰😢😭😠😡😮😱😵🤒🤮🥱😴💀💩🤡🎉🔥💯🏆🎁🎂🍺☕🌹📌⏰📢💡💣🎵🫰✌☹';
    for (const emoji of known) await bench.react(emoji);
    expect(bench.under().map(emojiOf).join('')).toBe(known);
  });

  it('that Feishu does not have is refused', async () => {
    await using bench = await openMessage();
    for (const emoji of ['🦞', '', 'THUMBSUP', '__proto__']) {
      expect(await bench.failureOf(bench.react(emoji))).toMatchObject({ kind: 'rejected', certain: true });
    }
    expect(bench.asked('react')).toBe(0);
  });

  it('is told to nobody as one of a person', async () => {
    await using bench = await openMessage();
    await bench.react('👍');
    await bench.fake.until(() => bench.fake.events.every(({ acked }) => acked), 'the acks');
    expect(bench.fake.events).toHaveLength(1);
    expect(bench.host.offers).toBe(0);
    expect(bench.asked('message')).toBe(0);
  });

  it('to a message that is gone is refused', async () => {
    await using bench = await openMessage();
    bench.message.deleted = true;
    expect(await bench.failureOf(bench.react('👍'))).toMatchObject({ kind: 'rejected' });
  });
});

describe('a sign of work', () => {
  it('stands under the message for as long as there is work', async () => {
    await using bench = await openMessage();
    const work = new AbortController();
    bench.startTyping(work.signal);
    await bench.fake.until(() => bench.under().length === 1, 'the reaction');
    expect(bench.under()).toEqual(['Typing']);
    work.abort();
    await bench.fake.until(() => bench.under().length === 0, 'the end of it');
  });

  it('is taken back after a new connection, and after a run that was over at once', async () => {
    await using bench = await openMessage();
    const work = new AbortController();
    bench.startTyping(work.signal);
    await bench.fake.until(() => bench.under().length === 1, 'the reaction');
    await bench.adapter.stop();
    await bench.start();
    work.abort();
    await bench.fake.until(() => bench.under().length === 0, 'the end of it');
    const short = new AbortController();
    bench.startTyping(short.signal);
    short.abort();
    await bench.fake.until(() => bench.asked('unreact') === 2, 'the end of the second');
    expect(bench.under()).toEqual([]);
  });

  it('that cannot be shown is nothing to speak of', async () => {
    await using bench = await openMessage();
    bench.fake.fail('react', { kind: 'drop' });
    bench.startTyping(new AbortController().signal);
    await bench.fake.until(() => bench.asked('react') === 1, 'the attempt');
    bench.startTyping(AbortSignal.abort());
    await bench.send(bench.outbound('still here'));
    expect(bench.asked('react')).toBe(1);
  });
});
