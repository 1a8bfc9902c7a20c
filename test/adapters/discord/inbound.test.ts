import { describe, expect, it } from 'vitest';
import { normalize } from '../../../adapters/discord/inbound.ts';
import type { InboundMessage } from '../../../src/contract/index.ts';
import {
  ALICE,
  BOT,
  COMMANDED,
  DIRECT,
  DIRECT_MESSAGE,
  event,
  GROUP,
  GROUP_MESSAGE,
  ME,
  PRESSED,
  SERVER,
} from './payloads.ts';

const BOB = { id: '1440000000000000003', username: 'bob', global_name: null };

function read(d: object, t = 'MESSAGE_CREATE', more: object = {}): InboundMessage | undefined {
  return normalize(event(t, d, more));
}

describe('a message', () => {
  it('in a direct chat', () => {
    expect(read(DIRECT_MESSAGE)).toEqual({
      dedupeKey: DIRECT_MESSAGE.id,
      chat: { id: DIRECT, kind: 'direct' },
      sender: { id: ALICE.id, name: 'Alice' },
      platformId: DIRECT_MESSAGE.id,
      sentAt: Date.UTC(2026, 10, 21, 9, 30, 0, 123),
      text: 'Good morning',
      addressed: true,
    });
  });

  it('in a server, or a thread of one', () => {
    expect(read(GROUP_MESSAGE)).toMatchObject({ chat: { id: GROUP, kind: 'group' }, addressed: false });
  });

  it.each([
    ['the name in this server', { member: { nick: 'Ali' } }, 'Ali'],
    ['the display name', { member: { nick: null } }, 'Alice'],
    ['the user name', { author: BOB }, 'bob'],
  ])('shows its sender by %s', (_, more, name) => {
    expect(read({ ...GROUP_MESSAGE, ...more })?.sender.name).toBe(name);
  });

  it.each([
    ['at the beginning', `<@${ME}>, what is up?`, 'what is up?'],
    ['at the end', `what is up <@!${ME}>`, 'what is up'],
    ['in the middle, where it is part of the sentence', `ask <@${ME}> now`, 'ask @gateway-bot now'],
    ['twice, once to call', `<@${ME}> who is <@${ME}>?`, 'who is @gateway-bot?'],
    ['alone', `<@${ME}>`, ''],
  ])('that mentions us %s', (_, content, text) => {
    const message = read({ ...GROUP_MESSAGE, content, mentions: [BOT] });
    expect(message).toMatchObject({ text, addressed: true });
  });

  it('that mentions others keeps their names, and does not address us', () => {
    const content = `<@${BOB.id}> look <a:party:1440000000000000040> at <#${GROUP}>, @everyone`;
    const message = read({ ...GROUP_MESSAGE, content, mentions: [BOB], mention_everyone: true });
    expect(message).toMatchObject({ text: `@bob look :party: at <#${GROUP}>, @everyone`, addressed: false });
  });

  it.each([
    ['us', BOT, true],
    ['somebody else', BOB, false],
  ])('that replies to %s', (_, author, addressed) => {
    const referenced_message = { ...GROUP_MESSAGE, id: '1440000000000000099', content: 'before', author };
    const reply = {
      ...GROUP_MESSAGE,
      type: 19,
      message_reference: { type: 0, message_id: '1440000000000000099', channel_id: GROUP },
      referenced_message,
    };
    expect(read(reply)).toMatchObject({
      addressed,
      replyTo: { platformId: '1440000000000000099', text: 'before', sender: { id: author.id } },
    });
  });

  it('that replies to one that is gone', () => {
    const message_reference = { type: 0, message_id: '1440000000000000099', channel_id: GROUP };
    const reply = { ...GROUP_MESSAGE, type: 19, message_reference, referenced_message: null };
    expect(read(reply)?.replyTo).toEqual({ platformId: '1440000000000000099' });
  });

  it('that is forwarded: these are not the words of the person', () => {
    const picture = {
      id: '1',
      filename: 'a.png',
      content_type: 'image/png',
      size: 1,
      url: 'https://cdn.discordapp.com/a',
    };
    const forward = {
      ...DIRECT_MESSAGE,
      content: '',
      message_reference: { type: 1, message_id: '1440000000000000099', channel_id: GROUP },
      message_snapshots: [{ message: { content: '/admin now', attachments: [picture] } }],
    };
    const message = read(forward);
    expect(message).toMatchObject({ text: '/admin now', forwarded: true });
    expect(message).not.toHaveProperty('replyTo');
    expect(message?.attachments).toHaveLength(1);
  });

  it('with files and stickers', () => {
    const file = (content_type: string | undefined, filename: string) => ({
      id: '1440000000000000050',
      filename,
      ...(content_type && { content_type }),
      size: 3,
      url: `https://cdn.discordapp.com/attachments/1/2/${filename}?ex=1&is=2&hm=3`,
      proxy_url: 'https://media.discordapp.net/attachments/1/2/x',
    });
    const attachments = [
      file('image/png', 'a.png'),
      file('audio/ogg', 'voice-message.ogg'),
      file('video/mp4', 'c.mp4'),
      file('application/pdf', 'd.pdf'),
      file(undefined, 'e'),
    ];
    const sticker_items = [{ id: '1440000000000000060', name: 'wave', format_type: 1 }];
    const message = read({ ...DIRECT_MESSAGE, content: '', attachments, sticker_items });
    expect(message?.attachments?.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'image a.png',
      'audio voice-message.ogg',
      'video c.mp4',
      'file d.pdf',
      'file e',
      'sticker wave',
    ]);
    expect(message?.attachments?.[0]).toEqual({
      kind: 'image',
      name: 'a.png',
      mime: 'image/png',
      bytes: 3,
      ref: attachments[0]?.url,
    });
  });

  it.each([
    ['of our own', { author: BOT }],
    ['that tells of a new member', { type: 7 }],
    ['that tells of a new thread', { type: 18 }],
  ])('%s is none for us', (_, more) => {
    expect(read({ ...GROUP_MESSAGE, ...more, content: `<@${ME}>`, mentions: [BOT] })).toBeUndefined();
  });

  it.each([
    ['another bot', { author: { ...BOB, bot: true } }],
    ['a webhook', { webhook_id: '1440000000000000030' }],
  ])('of %s says so', (_, more) => {
    expect(read({ ...GROUP_MESSAGE, ...more })?.sender.bot).toBe(true);
  });

  it.each([
    ['without its author', { author: undefined }],
    ['with an id that is none', { id: 'x/../y' }],
    ['with a time that is none', { timestamp: 'noon' }],
  ])('%s cannot be read', (_, more) => {
    expect(() => read({ ...DIRECT_MESSAGE, ...more })).toThrow();
  });
});

describe('a change', () => {
  const edited_timestamp = '2026-11-21T09:31:00.000000+00:00';

  it('of the text', () => {
    const message = read({ ...DIRECT_MESSAGE, content: 'Good evening', edited_timestamp }, 'MESSAGE_UPDATE');
    expect(message).toMatchObject({
      dedupeKey: `${DIRECT_MESSAGE.id}/edited/${edited_timestamp}`,
      text: 'Good evening',
      change: { kind: 'edit', of: DIRECT_MESSAGE.id },
    });
  });

  it('that only adds a preview is none', () => {
    expect(read({ ...DIRECT_MESSAGE, embeds: [{ type: 'link' }] }, 'MESSAGE_UPDATE')).toBeUndefined();
  });

  it.each([
    ['direct', { channel_id: DIRECT }, 'direct'],
    ['group', { channel_id: GROUP, guild_id: SERVER }, 'group'],
  ])('takes a message back in a %s chat', (_, where, kind) => {
    const author = { id: ALICE.id, name: 'Alice' };
    expect(read({ id: DIRECT_MESSAGE.id, ...where }, 'MESSAGE_DELETE', { author })).toMatchObject({
      dedupeKey: `${DIRECT_MESSAGE.id}/deleted`,
      chat: { id: where.channel_id, kind },
      sender: { id: ALICE.id },
      text: '',
      change: { kind: 'deletion', of: DIRECT_MESSAGE.id },
    });
  });

  const where = { channel_id: GROUP, guild_id: SERVER, message_id: DIRECT_MESSAGE.id, user_id: ALICE.id };
  const member = { nick: null, user: ALICE };

  it.each([
    ['thumbs up', { id: null, name: '👍' }, '👍'],
    ['an emoji of the server', { id: '1440000000000000040', name: 'party' }, ':party:'],
    ['an emoji that is gone', { id: '1440000000000000040', name: null }, '::'],
  ])('reacts with %s', (_, emoji, text) => {
    const body = { ...where, member, emoji, message_author_id: ME };
    expect(read(body, 'MESSAGE_REACTION_ADD')).toMatchObject({
      sender: { id: ALICE.id, name: 'Alice' },
      text,
      addressed: true,
      change: { kind: 'reaction', of: DIRECT_MESSAGE.id },
    });
  });

  it('takes a reaction back; the same one, given again, is another event', () => {
    const emoji = { id: null, name: '👍' };
    const events = ['MESSAGE_REACTION_ADD', 'MESSAGE_REACTION_REMOVE', 'MESSAGE_REACTION_ADD'].map((t) =>
      event(t, { ...where, emoji }),
    );
    const changes = events.map((each) => normalize(each));
    expect(changes.map((change) => change?.change?.kind)).toEqual([
      'reaction',
      'reaction_removed',
      'reaction',
    ]);
    expect(new Set(changes.map((change) => change?.dedupeKey)).size).toBe(3);
  });

  it('by us is none for us', () => {
    const body = { ...where, emoji: { id: null, name: '👍' }, user_id: ME };
    expect(read(body, 'MESSAGE_REACTION_ADD')).toBeUndefined();
  });

  it('by another bot says so', () => {
    const body = { ...where, emoji: { id: null, name: '👍' }, member: { user: { ...BOB, bot: true } } };
    expect(read(body, 'MESSAGE_REACTION_ADD')?.sender.bot).toBe(true);
    const author = { id: BOB.id, bot: true };
    expect(read(DIRECT_MESSAGE, 'MESSAGE_DELETE', { author })?.sender).toEqual({ id: BOB.id, bot: true });
  });
});

describe('a button', () => {
  it('in a direct chat', () => {
    expect(read(PRESSED, 'INTERACTION_CREATE')).toEqual({
      dedupeKey: PRESSED.id,
      chat: { id: DIRECT, kind: 'direct' },
      sender: { id: ALICE.id, name: 'Alice' },
      platformId: PRESSED.message.id,
      sentAt: expect.any(Number),
      text: 'No',
      addressed: true,
      choice: { of: PRESSED.message.id },
    });
  });

  it('tells the language of the app in which it was pressed', () => {
    const message = read({ ...PRESSED, locale: 'zh-CN' }, 'INTERACTION_CREATE');
    expect(message?.sender.language).toBe('zh-CN');
  });

  it('in a server, pressed by whoever it was', () => {
    const { user: _, ...pressed } = PRESSED;
    const member = { nick: 'Bobby', user: BOB };
    const message = read({ ...pressed, channel_id: GROUP, guild_id: SERVER, member }, 'INTERACTION_CREATE');
    expect(message).toMatchObject({
      chat: { id: GROUP, kind: 'group' },
      sender: { id: BOB.id, name: 'Bobby' },
      addressed: true,
    });
  });

  it.each([
    ['that is not there', { data: { custom_id: 'choice-7' } }],
    ['under no message', { message: undefined }],
    ['pressed by nobody', { user: undefined }],
  ])('%s cannot be read', (_, more) => {
    expect(() => read({ ...PRESSED, ...more }, 'INTERACTION_CREATE')).toThrow();
  });
});

describe('a command from the menu', () => {
  it('is a message like one that was typed', () => {
    expect(read(COMMANDED, 'INTERACTION_CREATE')).toEqual({
      dedupeKey: COMMANDED.id,
      chat: { id: DIRECT, kind: 'direct' },
      sender: { id: ALICE.id, name: 'Alice', language: 'zh-CN' },
      platformId: COMMANDED.id,
      sentAt: expect.any(Number),
      text: '/link K7Q2 9',
      addressed: true,
    });
  });

  it('in a server, without words, by whoever it was', () => {
    const { user: _, ...command } = COMMANDED;
    const data = { ...COMMANDED.data, options: undefined };
    const where = { channel_id: GROUP, guild_id: SERVER, member: { nick: null, user: BOB } };
    const message = read({ ...command, ...where, data }, 'INTERACTION_CREATE');
    expect(message).toMatchObject({
      text: '/link',
      chat: { id: GROUP, kind: 'group' },
      sender: { id: BOB.id },
      addressed: true,
    });
  });

  it('on a message or a person is none of ours', () => {
    const data = { name: 'ask', type: 3, target_id: ALICE.id };
    expect(read({ ...COMMANDED, data }, 'INTERACTION_CREATE')).toBeUndefined();
  });

  it('by nobody cannot be read', () => {
    expect(() => read({ ...COMMANDED, user: undefined }, 'INTERACTION_CREATE')).toThrow();
  });
});

it('a command after a mention of us is at the beginning', () => {
  const content = `<@${ME}> /status now`;
  expect(read({ ...GROUP_MESSAGE, content, mentions: [BOT] })).toMatchObject({
    text: '/status now',
    addressed: true,
  });
});

it('names, file names and quotes are not what was said', () => {
  const author = { ...ALICE, global_name: '/stop' };
  const attachments = [{ id: '1', filename: '/reset all', size: 1, url: 'https://cdn.discordapp.com/a' }];
  const referenced_message = { ...DIRECT_MESSAGE, content: '/help', author: BOB };
  const message_reference = { type: 0, message_id: DIRECT_MESSAGE.id };
  const more = { author, attachments, referenced_message, message_reference, type: 19 };
  expect(read({ ...DIRECT_MESSAGE, content: '', ...more })).toMatchObject({
    text: '',
    replyTo: { text: '/help' },
  });
});
