import { describe, expect, it } from 'vitest';
import { normalize } from '../../../adapters/slack/inbound.ts';
import {
  buried,
  call,
  callback,
  command,
  deleted,
  direct,
  edited,
  inChannel,
  joined,
  mention,
  oldBot,
  otherBot,
  own,
  photo,
  press,
  reaction,
  reply,
  shared,
  unfurled,
} from './payloads.ts';

const read = (event: Record<string, unknown>) => normalize(callback(event));
const textOf = (text: string) => read({ ...direct, text })?.text;

describe('what people say', () => {
  it('in a direct chat is for us', () => {
    expect(read(direct)).toEqual({
      dedupeKey: 'D0ALICE/1700000001.000200',
      chat: { id: 'D0ALICE', kind: 'direct' },
      sender: { id: 'U0ALICE' },
      platformId: '1700000001.000200',
      sentAt: 1_700_000_001_000,
      text: 'Good morning & welcome',
      addressed: true,
    });
  });

  it('in a channel is for others, unless they call us', () => {
    expect(read(inChannel)).toMatchObject({ chat: { id: 'C0GENERAL', kind: 'group' }, addressed: false });
    expect(read(call)).toMatchObject({
      chat: { id: 'C0GENERAL:1700000001.000200', kind: 'group', parent: 'C0GENERAL' },
      text: 'what is new?',
      addressed: true,
    });
  });

  it('is one message, though the mention in it is an event of its own', () => {
    expect(read(mention)).toEqual(read(call));
  });

  it('in a thread is a chat of its own, and for us if we began it', () => {
    expect(read(reply)).toMatchObject({
      chat: { id: 'C0GENERAL:1700000005.000100', kind: 'group' },
      replyTo: { platformId: '1700000005.000100', sender: { id: 'U0BOB' } },
      addressed: false,
    });
    expect(read({ ...reply, parent_user_id: 'U0BOT' })).toMatchObject({ addressed: true });
    expect(read({ ...reply, text: '<@U0BOT> you?' })).toMatchObject({
      chat: { id: 'C0GENERAL:1700000005.000100' },
      text: 'you?',
      addressed: true,
    });
  });

  it('stays where it is when a thread grows under it', () => {
    expect(read({ ...inChannel, thread_ts: inChannel.ts })).toEqual(read(inChannel));
  });

  it('in a group of people is no direct chat', () => {
    expect(read({ ...inChannel, channel: 'C0GROUP', channel_type: 'mpim' })?.chat.kind).toBe('group');
  });

  it('brings files, described', () => {
    const gone = { id: 'F0GONE', mode: 'tombstone' };
    const event = {
      ...direct,
      subtype: 'file_share',
      files: [photo, { id: 'F0X', mimetype: 'text/csv' }, gone],
    };
    expect(read(event)?.attachments).toEqual([
      { kind: 'image', name: 'cat.png', mime: 'image/png', bytes: 1234, ref: 'F0PHOTO' },
      { kind: 'file', mime: 'text/csv', ref: 'F0X' },
      { kind: 'file' },
    ]);
  });
});

describe('texts are as they were typed', () => {
  it.each([
    ['a &lt;b&gt; &amp;amp; c', 'a <b> &amp; c'],
    ['<https://example.org/?a=1&amp;b=2>', 'https://example.org/?a=1&b=2'],
    ['<http://example.org|example.org>', 'example.org'],
    ['<https://example.org/|example.org>', 'example.org'],
    ['<mailto:a@example.org|a@example.org>', 'a@example.org'],
    ['<https://example.org|the page>', '[the page](https://example.org)'],
    ['<@U0BOB> and <@U0EVE|eve>', '@U0BOB and @eve'],
    ['<#C0X|general> <#C0Y>', '#general #C0Y'],
    ['<!here> <!subteam^S1|@team> <!date^1^{date}|today>', '@here @team today'],
    ['&lt;!channel&gt;', '<!channel>'],
  ])('%s', (mrkdwn, typed) => expect(textOf(mrkdwn)).toBe(typed));

  it.each([
    ['<@U0BOT> hello', 'hello'],
    ['<@U0BOT>: hello', 'hello'],
    ['<@U0BOT|bot>, hello', 'hello'],
    ['hello <@U0BOT>', 'hello'],
    ['ask <@U0BOT> to dance', 'ask @U0BOT to dance'],
    ['<@U0BOT> is <@U0BOT> here?', 'is @U0BOT here?'],
    ['<@U0BOTHER> hello', '@U0BOTHER hello'],
  ])('without the mention that only called us: %s', (mrkdwn, typed) => {
    expect(textOf(mrkdwn)).toBe(typed);
  });
});

describe('what people change', () => {
  it('an edit', () => {
    expect(read(edited)).toMatchObject({
      dedupeKey: 'D0ALICE/1700000001.000200/edited/1700000020.000000',
      text: 'Good evening',
      change: { kind: 'edit', of: '1700000001.000200' },
      sender: { id: 'U0ALICE' },
    });
  });

  it('a deletion, also of the first message of a thread', () => {
    for (const event of [deleted, buried]) {
      expect(read(event)).toMatchObject({
        text: '',
        change: { kind: 'deletion', of: '1700000001.000200' },
        sender: { id: 'U0ALICE' },
        sentAt: 1_700_000_020_000,
      });
    }
  });

  it('a reaction', () => {
    expect(read(reaction)).toMatchObject({
      text: '👍🏻',
      addressed: true,
      change: { kind: 'reaction', of: '1700000001.000200' },
    });
    expect(read({ ...reaction, reaction: 'heart' })?.text).toBe('❤️');
    expect(read({ ...reaction, reaction: 'our-logo' })?.text).toBe(':our-logo:');
    expect(read({ ...reaction, item_user: 'U0BOB' })?.addressed).toBe(false);
    expect(read({ ...reaction, type: 'reaction_removed' })?.change?.kind).toBe('reaction_removed');
  });
});

describe('what is not for us', () => {
  it.each([
    ['our own message', own],
    ['what our app says under another name', { ...oldBot, app_id: 'A0APP' }],
    ['somebody who joined', joined],
    ['a preview that Slack added', unfurled],
    ['an edit by us', { ...edited, message: { ...own, edited: { ts: '1700000020.000000' } } }],
    ['our own reaction', { ...reaction, user: 'U0BOT' }],
    ['an unknown event', { type: 'team_join', user: { id: 'U0NEW' } }],
  ])('%s', (_what, event) => expect(read(event)).toBeUndefined());
});

describe('what other bots say', () => {
  it('is told as theirs', () => {
    expect(read(otherBot)).toMatchObject({ sender: { id: 'U0OTHERBOT', bot: true }, addressed: true });
    expect(read(oldBot)).toMatchObject({ sender: { id: 'B0HOOK', name: 'hook', bot: true } });
    expect(read({ ...direct, user: 'USLACKBOT' })?.sender).toEqual({ id: 'USLACKBOT', bot: true });
    expect(read(direct)?.sender.bot).toBeUndefined();
  });

  it('may be our own when nobody says who we are', () => {
    expect(normalize({ ...callback(otherBot), authorizations: undefined })).toBeUndefined();
  });
});

describe('what people press', () => {
  it('is a choice', () => {
    expect(normalize(press)).toEqual({
      dedupeKey: 'C0GENERAL/1700000001.000200/chosen/U0ALICE/1700000040.000600',
      chat: { id: 'C0GENERAL:1700000000.000100', kind: 'group', parent: 'C0GENERAL' },
      sender: { id: 'U0ALICE' },
      platformId: '1700000001.000200',
      sentAt: 1_700_000_040_000,
      text: 'Yes, <please> & *now*',
      addressed: true,
      choice: { of: '1700000001.000200' },
    });
  });

  it('is none at a button that is not for choosing', () => {
    const [action] = press.actions;
    expect(normalize({ ...press, actions: [{ ...action, block_id: 'other' }] })).toBeUndefined();
  });
});

it('throws on a message that it cannot read', () => {
  expect(() => read({ ...direct, ts: 'yesterday' })).toThrow();
});

describe('a command', () => {
  const given = (line: object) => normalize({ ...command, ...line });

  it('is a message that says it', () => {
    expect(given({})).toEqual({
      dedupeKey: 'command/13345224609.738474920.8088930838d88f008e0',
      chat: { id: 'D0ALICE', kind: 'direct' },
      sender: { id: 'U0ALICE' },
      platformId: 'command/13345224609.738474920.8088930838d88f008e0',
      sentAt: 1_700_000_050_000,
      text: '/status',
      addressed: true,
    });
  });

  it('in a channel is for us, in the channel itself', () => {
    expect(given({ channel_id: 'C0GENERAL' })).toMatchObject({
      chat: { id: 'C0GENERAL', kind: 'group' },
      addressed: true,
    });
  });

  it.each([
    ['by ours, with words', '/openclaw', ' link  K7Q2 ', '/link  K7Q2'],
    ['by ours, with a slash or a bang of its own', '/openclaw', '/status', '/status'],
    ['by ours, with a bang', '/openclaw', '!status', '/status'],
    ['by ours alone: help', '/openclaw', '', '/help'],
    ['by its own name', '/restart-channel', 'slack', '/restart-channel slack'],
    ['by its own name alone', '/status', '', '/status'],
    ['with signs that Slack escapes', '/openclaw', 'link &lt;@U0BOB|bob&gt;', '/link <@U0BOB|bob>'],
    ['about a person', '/openclaw', 'link <@U0BOB|bob>', '/link @bob'],
  ])('%s', (_, name, text, expected) => {
    expect(given({ command: name, text })?.text).toBe(expected);
  });

  it('with a bang is typed like any message, also after a mention of us', () => {
    expect(textOf('!status now')).toBe('!status now');
    expect(read({ ...call, text: '<@U0BOT> !status' })).toMatchObject({ text: '!status', addressed: true });
    expect(read({ ...call, text: '<@U0BOT>: /status' })).toMatchObject({ text: '/status', addressed: true });
  });
});

describe('what is passed on', () => {
  it('without a word is not the words of its sender', () => {
    const attachments = [{ ...shared, files: [photo] }];
    const message = read({ ...direct, text: '', attachments });
    expect(message).toMatchObject({
      text: '/approve <all>',
      forwarded: true,
      attachments: [{ ref: photo.id }],
    });
    expect(message).not.toHaveProperty('replyTo');
  });

  it('with a word stands beside it', () => {
    const message = read({ ...direct, text: 'look', attachments: [shared] });
    expect(message).toMatchObject({
      text: 'look',
      replyTo: { platformId: shared.ts, text: '/approve <all>', sender: { id: 'U0BOB' } },
    });
    expect(message).not.toHaveProperty('forwarded');
  });

  it('is not the preview of a page', () => {
    const preview = {
      title: '/approve',
      text: '/approve all',
      from_url: 'https://example.org',
      ts: shared.ts,
    };
    const message = read({ ...direct, text: 'https://example.org', attachments: [preview] });
    expect(message?.text).toBe('https://example.org');
    expect(message).not.toHaveProperty('replyTo');
  });
});

it('names of files and of bots are not what was said', () => {
  const files = [{ ...photo, name: '/reset all', title: '/reset' }];
  expect(read({ ...direct, text: '', subtype: 'file_share', files, username: '/stop' })?.text).toBe('');
});
