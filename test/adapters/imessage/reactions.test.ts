import { describe, expect, it } from 'vitest';
import { platformMessageId } from '../../../src/contract/index.ts';
import { ALICE, bench, outbound, soon } from './harness.ts';

/** The adapter, and a message of a person that it has received. */
async function withMessage({ privateApi = true } = {}) {
  const b = await bench();
  b.server.privateApi = privateApi;
  await b.adapter.start(b.host);
  const { guid } = b.server.say(ALICE, 'Good news');
  await b.host.until(() => b.host.messages.length === 1, 'the message');
  const react = async (emoji: string, to = guid) =>
    b.adapter.react?.(outbound('').chat, platformMessageId(to), emoji, soon());
  return Object.assign(b, { react, shown: () => b.server.tapbacks.get(guid) });
}

describe('a tapback', () => {
  it.each([
    ['❤️', '❤️'],
    ['❤', '❤️'],
    ['👍', '👍'],
    ['👍🏽', '👍'],
    ['👎', '👎'],
    ['😂', '😂'],
    ['‼️', '‼️'],
    ['‼', '‼️'],
    ['❓', '❓'],
  ])('can be %s', async (emoji, shown) => {
    await using b = await withMessage();
    await b.react(emoji);
    expect(b.shown()).toBe(shown);
  });

  it.each(['🎉', '', '👍👍', 'like', '?', '🏽'])('cannot be %j', async (emoji) => {
    await using b = await withMessage();
    await expect(b.react(emoji)).rejects.toMatchObject({
      kind: 'rejected',
      certain: true,
      hint: 'It has ❤️ 👍 👎 😂 ‼️ ❓',
    });
    expect(b.server.requests.get('message/react')).toBeUndefined();
  });

  it('takes the place of the one before, and is no message for us when it comes back', async () => {
    await using b = await withMessage();
    await b.react('👍');
    await b.react('😂');
    expect(b.shown()).toBe('😂');
    await b.polled();
    expect(b.texts()).toEqual(['Good news']);
    expect(b.host.unreadable).toEqual([]);
  });

  it('needs the Private API', async () => {
    await using b = await withMessage({ privateApi: false });
    await expect(b.react('👍')).rejects.toMatchObject({
      kind: 'rejected',
      hint: expect.stringContaining('Enable it'),
    });
    expect(b.server.requests.get('message/react')).toBeUndefined();
    b.server.privateApi = true;
    await b.react('👍');
    expect(b.shown()).toBe('👍');
  });

  it('is tried again later if the Private API is gone just now', async () => {
    await using b = await withMessage();
    b.server.helperConnected = false;
    await expect(b.react('👍')).rejects.toMatchObject({ kind: 'unavailable', certain: true });
  });

  it('fails as a message does', async () => {
    await using b = await withMessage();
    await expect(b.react('👍', 'gone')).rejects.toMatchObject({ kind: 'rejected' });
    b.server.fail('message/react', { kind: 'drop', when: 'after' });
    await expect(b.react('👍')).rejects.toMatchObject({ kind: 'network', certain: false });
    await b.adapter.stop();
    await expect(b.react('👍')).rejects.toMatchObject({ kind: 'network', certain: true });
  });
});
