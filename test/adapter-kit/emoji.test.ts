import { expect, test } from 'vitest';
import { bareEmoji, emojiNames, oneEmoji } from '../../src/adapter-kit/index.ts';

test.each([
  ['👍', '👍'],
  ['👍🏽', '👍'],
  ['❤️', '❤'],
  ['☹\uFE0E', '☹'],
  ['👨‍💻', '👨‍💻'],
  ['3️⃣', '3⃣'],
])('%s says what %s says', (emoji, bare) => expect(bareEmoji(emoji)).toBe(bare));

test('one emoji, as a picture', () => {
  for (const emoji of ['👍🏽', '❤️', '👨‍💻', '🇫🇷']) expect(oneEmoji(emoji)).toBe(emoji);
  expect(oneEmoji('❤')).toBe('❤️');
});

test.each(['', 'a', '1', '👍👍', '👍 ', ':tada:'])('%o is not one', (text) => {
  expect(oneEmoji(text)).toBeUndefined();
});

test('names, of which the first counts', () => {
  const { nameOf, emojiOf } = emojiNames('❤️ heart  ✅ DONE\n✅ LGTM');
  expect([nameOf('❤'), nameOf('❤️'), nameOf('✅'), nameOf('👍'), nameOf('🏻')]).toEqual([
    'heart',
    'heart',
    'DONE',
    undefined,
    undefined,
  ]);
  expect([emojiOf('heart'), emojiOf('LGTM'), emojiOf('none')]).toEqual(['❤️', '✅', undefined]);
});
