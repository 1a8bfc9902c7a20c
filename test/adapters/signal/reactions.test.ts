import { describe, expect, it } from 'vitest';
import { type Chat, chatId, platformMessageId } from '../../../src/contract/index.ts';
import { groupInfo } from '../../platforms/signal.ts';
import { ALICE, bench, GROUP, outbound, soon } from './harness.ts';

const DIRECT: Chat = { id: chatId(ALICE.uuid), kind: 'direct' };
const IN_GROUP: Chat = { id: chatId(`group:${GROUP}`), kind: 'group' };

/** The adapter, and a message of a person that it has received. */
async function withMessage(more: Record<string, unknown> = {}) {
  const b = await bench();
  await b.adapter.start(b.host);
  const said = b.daemon.say(ALICE, 'Good news', more);
  await b.host.until(() => b.host.messages.length === 1, 'the message');
  const at = Number(said.envelope.timestamp);
  const ref = b.host.messages[0]?.platformId ?? platformMessageId('');
  const react = async (emoji: string, chat = DIRECT, message = ref) =>
    b.adapter.react?.(chat, message, emoji, soon());
  return Object.assign(b, { at, react, shown: () => b.daemon.reactions.get(at) });
}

describe('a reaction', () => {
  it('stands under what a person wrote, and the next one takes its place', async () => {
    await using b = await withMessage();
    await b.react('👍');
    expect(b.shown()).toBe('👍');
    await b.react('🎉');
    expect(b.shown()).toBe('🎉');
    expect(b.daemon.calls.at(-1)?.params).toMatchObject({
      recipient: [ALICE.uuid],
      targetAuthor: ALICE.uuid,
    });
  });

  it('stands under a message in a group', async () => {
    await using b = await withMessage(groupInfo(GROUP, 'Friends'));
    await b.react('👍', IN_GROUP);
    expect(b.shown()).toBe('👍');
    expect(b.daemon.calls.at(-1)?.params).toMatchObject({ groupId: GROUP, targetAuthor: ALICE.uuid });
  });

  it('stands under what we wrote', async () => {
    await using b = await withMessage();
    const { platformId } = await b.adapter.send(outbound('Hello'), soon());
    await b.react('✅', DIRECT, platformId);
    expect(b.daemon.reactions.get(b.daemon.seen[0]?.timestamp ?? 0)).toBe('✅');
  });

  it.each([
    ['❤', '❤️'],
    ['👍🏽', '👍🏽'],
    ['👨‍👩‍👧', '👨‍👩‍👧'],
    ['🇪🇺', '🇪🇺'],
  ])('is one whole emoji: %s', async (emoji, shown) => {
    await using b = await withMessage();
    await b.react(emoji);
    expect(b.shown()).toBe(shown);
  });

  it.each(['', 'ok', ':+1:', '👍👍', '👍 ', '1'])('of what is none is refused: %j', async (emoji) => {
    await using b = await withMessage();
    await expect(b.react(emoji)).rejects.toMatchObject({ kind: 'rejected', certain: true });
    expect(b.daemon.requests.get('sendReaction')).toBeUndefined();
  });

  it.each(['1', '', 'x:someone', '1700000000000:'])('to what is no message is refused: %j', async (ref) => {
    await using b = await withMessage();
    const reacting = b.react('👍', DIRECT, platformMessageId(ref));
    await expect(reacting).rejects.toMatchObject({ kind: 'rejected' });
    expect(b.daemon.requests.get('sendReaction')).toBeUndefined();
  });

  it('to a message that nobody has is shown nowhere', async () => {
    await using b = await withMessage();
    await b.react('👍', DIRECT, platformMessageId(`${b.at + 1}:${ALICE.uuid}`));
    expect(b.daemon.reactions.size).toBe(0);
  });

  it('fails as a message does', async () => {
    await using b = await withMessage();
    await expect(b.react('👍', { id: chatId('group:none'), kind: 'group' })).rejects.toMatchObject({
      kind: 'rejected',
    });
    b.daemon.refuse('sendReaction', { code: -5, message: 'Failed to send message due to rate limiting' });
    await expect(b.react('👍')).rejects.toMatchObject({ kind: 'rate_limited', retryAfterMs: 60_000 });
    b.daemon.fail('sendReaction', { kind: 'drop' });
    await expect(b.react('👍')).rejects.toMatchObject({ kind: 'network', certain: false });
    await b.adapter.stop();
    await expect(b.react('👍')).rejects.toMatchObject({ kind: 'network', certain: true });
    expect(b.shown()).toBeUndefined();
  });
});
