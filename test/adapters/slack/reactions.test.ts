import { describe, expect, it } from 'vitest';
import { emojiOf, nameOf } from '../../../adapters/slack/emoji.ts';
import { type PlatformMessageId, platformMessageId, type TurnId } from '../../../src/contract/index.ts';
import { textsIn } from '../../../src/texts/index.ts';
import { connectedSlack, DIRECT, inThread, soon } from './kit.ts';

describe('a reaction of ours', () => {
  it('is given, and was given before is as good', async () => {
    await using slack = await connectedSlack();
    const { ts } = slack.fake.say('<@U0BOT> hurray', { channel: 'C0GENERAL' });
    for (let i = 0; i < 2; i++) {
      await slack.adapter.react?.(inThread('C0GENERAL', ts), platformMessageId(ts), '❤', soon());
    }
    expect(slack.fake.reactions('C0GENERAL', ts)).toEqual(['❤️']);
  });

  it.each(['no emoji', '🧿', ':not-of-this-workspace:'])(
    'is refused where Slack has none: %s',
    async (emoji) => {
      await using slack = await connectedSlack();
      const message = platformMessageId(slack.fake.say('hi').ts);
      await expect(slack.adapter.react?.(DIRECT, message, emoji, soon())).rejects.toMatchObject({
        name: 'ChannelError',
        kind: 'rejected',
      });
      expect(slack.fake.requests.has('reactions.add')).toBe(emoji.startsWith(':'));
    },
  );

  it('is not heard by ourselves', async () => {
    await using slack = await connectedSlack();
    const message = platformMessageId(slack.fake.say('hi').ts);
    await slack.adapter.react?.(DIRECT, message, '👍', soon());
    slack.fake.say('next');
    await slack.host.until(() => slack.host.messages.some(({ text }) => text === 'next'), 'the next message');
    expect(slack.host.messages.map(({ text }) => text)).toEqual(['hi', 'next']);
  });
});

describe('names of emoji', () => {
  it.each([
    ['👍', '+1'],
    ['👍🏽', '+1::skin-tone-4'],
    ['❤️', 'heart'],
    ['✔️', 'heavy_check_mark'],
    ['3️⃣', 'three'],
    ['🔟', 'keycap_ten'],
    [':our-logo:', 'our-logo'],
  ])('%s is %s, both ways', (emoji, name) => {
    expect(nameOf(emoji)).toBe(name);
    expect(emojiOf(name)).toBe(emoji);
  });

  it('are known without the letter for colour, and never guessed', () => {
    expect(nameOf('❤')).toBe('heart');
    for (const none of ['', '👍👍', 'thumbs up', ':a b:', '🏻']) expect(nameOf(none)).toBeUndefined();
  });
});

describe('work', () => {
  const turn = 'turn' as TurnId;
  const none = '1.1' as PlatformMessageId;

  it('shows in a thread in the language of its people', async () => {
    await using slack = await connectedSlack();
    slack.host.language = 'zh';
    const work = new AbortController();
    slack.adapter.startTyping?.(inThread('C0GENERAL', '1.2').id, turn, work.signal, none);
    await slack.fake.until(() => slack.fake.statuses.length === 1, 'the status');
    work.abort();
    await slack.fake.until(() => slack.fake.statuses.length === 2, 'its end');
    expect(slack.fake.statuses[0]?.status).toBe(textsIn('zh').chat.isThinking);
  });

  it('shows in a thread until it ends', async () => {
    await using slack = await connectedSlack();
    const work = new AbortController();
    slack.adapter.startTyping?.(inThread('C0GENERAL', '1.2').id, turn, work.signal, none);
    await slack.fake.until(() => slack.fake.statuses.length === 1, 'the status');
    work.abort();
    await slack.fake.until(() => slack.fake.statuses.length === 2, 'its end');
    expect(slack.fake.statuses).toEqual([
      { channel: 'C0GENERAL', thread: '1.2', status: 'is thinking…' },
      { channel: 'C0GENERAL', thread: '1.2', status: '' },
    ]);
  });

  it('shows elsewhere by a pair of eyes, which a crash before may have left', async () => {
    await using slack = await connectedSlack();
    const { ts } = slack.fake.say('hi');
    slack.fake.react('D0ALICE', ts, 'eyes', { user: slack.fake.bot.user });
    const work = new AbortController();
    slack.adapter.startTyping?.(DIRECT.id, turn, work.signal, platformMessageId(ts));
    await slack.fake.until(() => slack.fake.requests.has('reactions.add'), 'the eyes');
    expect(slack.fake.reactions('D0ALICE', ts)).toEqual(['👀']);
    work.abort();
    await slack.fake.until(() => slack.fake.reactions('D0ALICE', ts).length === 0, 'their end');
  });

  it('shows by eyes where Slack shows no status, and takes them back though it is over at once', async () => {
    await using slack = await connectedSlack();
    const { ts } = slack.fake.say('<@U0BOT> hi', { channel: 'C0GENERAL' });
    slack.fake.fail('assistant.threads.setStatus', {
      kind: 'status',
      status: 200,
      body: { ok: false, error: 'access_denied' },
    });
    const work = new AbortController();
    slack.adapter.startTyping?.(inThread('C0GENERAL', ts).id, turn, work.signal, platformMessageId(ts));
    await slack.fake.until(() => slack.fake.requests.has('reactions.add'), 'the eyes');
    work.abort();
    await slack.fake.until(() => slack.fake.requests.has('reactions.remove'), 'their end');
    expect(slack.fake.reactions('C0GENERAL', ts)).toEqual([]);
  });

  it('is no matter when it cannot be shown', async () => {
    await using slack = await connectedSlack();
    slack.fake.fail('assistant.threads.setStatus', { kind: 'drop' });
    slack.fake.fail('reactions.add', { kind: 'drop' }, 2);
    const work = new AbortController();
    slack.adapter.startTyping?.(DIRECT.id, turn, work.signal, none);
    slack.adapter.startTyping?.(inThread('C0GENERAL', '1.2').id, turn, work.signal, none);
    await slack.fake.until(() => slack.fake.requests.get('reactions.add') === 2, 'both tries');
    work.abort();
    expect(slack.fake.requests.has('reactions.remove')).toBe(false);
  });
});
