import { describe, expect, test } from 'vitest';
import { normalize } from '../../../adapters/telegram/inbound.ts';
import type { InboundMessage } from '../../../src/contract/index.ts';
import {
  ANN,
  BOB,
  BOT,
  CLAW,
  DOCUMENT,
  direct,
  GROUP,
  inGroup,
  OURS,
  PHOTO,
  PRESS,
  PRIVATE,
  TOPIC_OPENER,
  update,
} from './payloads.ts';

const read = (message: object, bot: typeof BOT | undefined = BOT): InboundMessage | undefined =>
  normalize(update({ message }), bot);

const entity = (type: string, offset: number, length: number, more: object = {}) => ({
  entities: [{ type, offset, length, ...more }],
});

test('a private message', () => {
  const raw = update({ message: direct({ text: 'Good morning' }) });
  expect(normalize(raw, BOT)).toEqual({
    dedupeKey: `${raw.update_id}`,
    chat: { id: '42', kind: 'direct' },
    sender: { id: '42', name: 'Ann Lee', language: 'en' },
    platformId: '1365',
    sentAt: 1_795_254_600_000,
    text: 'Good morning',
    addressed: true,
  });
});

test('a group message, and one in a topic, which is a chat of its own', () => {
  expect(read(inGroup({ text: 'hi all' }))).toMatchObject({
    chat: { id: '-1001234567890', kind: 'group', title: 'The team' },
    sender: { id: '42' },
    addressed: false,
  });
  const topic = { message_thread_id: 77, is_topic_message: true, reply_to_message: TOPIC_OPENER };
  const message = read(inGroup({ text: 'hi topic', ...topic }));
  expect(message?.chat).toMatchObject({ id: '-1001234567890/77', parent: '-1001234567890' });
  expect(message, 'what opened the topic is not answered').not.toHaveProperty('replyTo');
  expect(message?.addressed, 'although it was the bot that opened it').toBe(false);
});

test('a thread of replies in a group that is no forum is no chat of its own', () => {
  expect(read(inGroup({ text: 'hi', message_thread_id: 55 }))?.chat.id).toBe('-1001234567890');
});

describe('in a group the bot is addressed', () => {
  test.each([
    ['by its name', '@claw_bot hello', entity('mention', 0, 9), 'hello'],
    ['by its name in any case', '@Claw_Bot, hello', entity('mention', 0, 9), 'hello'],
    ['by its name and nothing else', '@claw_bot', entity('mention', 0, 9), '@claw_bot'],
    [
      'by its name in the middle',
      'what says @claw_bot here?',
      entity('mention', 10, 9),
      'what says @claw_bot here?',
    ],
    ['by a mention without a name', 'Claw: hello', entity('text_mention', 0, 4, { user: CLAW }), 'hello'],
    ['by a command', '/help me', entity('bot_command', 0, 5), '/help me'],
    ['by a command with its name', '/help@claw_bot me', entity('bot_command', 0, 14), '/help me'],
    ['after an emoji of two units', '🙂 @claw_bot', entity('mention', 3, 9), '🙂 @claw_bot'],
    ['by an answer to it', 'why?', { reply_to_message: OURS }, 'why?'],
  ])('%s', (_, text, more, words) => {
    expect(read(inGroup({ text, ...more }))).toMatchObject({ addressed: true, text: words });
  });

  test('in the caption of a picture', () => {
    const caption = { caption: '@claw_bot what is it?', caption_entities: entity('mention', 0, 9).entities };
    expect(read(inGroup({ photo: PHOTO, ...caption }))).toMatchObject({
      addressed: true,
      text: 'what is it?',
    });
  });
});

describe('a command', () => {
  const WHOLE = '/restart_channel@claw_bot telegram_2';
  test.each([
    ["has our name, not Telegram's", '/restart_channel telegram_2', 0, 16, '/restart-channel telegram_2'],
    ['for us by name', WHOLE, 0, 25, '/restart-channel telegram_2'],
    ['for us in any case', '/status@CLAW_BOT', 0, 16, '/status'],
    ['on lines', '/status@claw_bot\nmy_words', 0, 16, '/status\nmy_words'],
    ['for another bot stays what it is', '/status@other_bot', 0, 17, '/status@other_bot'],
    ['is none in a path', '/my_files/are here', 0, 9, '/my_files/are here'],
    ['is none within a text', 'try /my_words', 4, 9, 'try /my_words'],
  ])('%s', (_, text, offset, length, expected) => {
    const entities = entity('bot_command', offset, length);
    expect(read(direct({ text, ...entities }))).toMatchObject({ addressed: true, text: expected });
  });

  test('after a mention of us, in a group and in a direct chat', () => {
    const text = '@claw_bot /restart_channel@claw_bot slack';
    const [mention] = entity('mention', 0, 9).entities;
    const [command] = entity('bot_command', 10, 25).entities;
    const called = { addressed: true, text: '/restart-channel slack' };
    expect(read(inGroup({ text, entities: [mention, command] }))).toMatchObject(called);
    expect(read(direct({ text, entities: [mention, command] }))).toMatchObject(called);
  });
});

describe('what is passed on is not the words of its sender', () => {
  test.each([
    ['from somebody', { forward_origin: BOB }],
    ['by an inline bot', { via_bot: { ...CLAW, id: 7, username: 'gif' } }],
  ])('%s', (_, more) => {
    expect(read(direct({ text: '/status', ...more }))).toMatchObject({ text: '/status', forwarded: true });
  });

  test('but an answer to it is', () => {
    const reply_to_message = { ...OURS, text: '/status', forward_origin: BOB };
    const answer = read(direct({ text: 'so what?', reply_to_message }));
    expect(answer).toMatchObject({ text: 'so what?', replyTo: { text: '/status' } });
    expect(answer).not.toHaveProperty('forwarded');
  });
});

test('names, captions of the answered, file names and quotes are not what was said', () => {
  const from = { ...ANN, first_name: '/stop', last_name: '/new' };
  const document = { ...DOCUMENT, file_name: '/reset all' };
  const read_ = read(direct({ from, document, reply_to_message: OURS, quote: { text: '/help' } }));
  expect(read_).toMatchObject({
    text: '',
    attachments: [{ name: '/reset all' }],
    replyTo: { text: '/help' },
  });
});

describe('in a group the bot is not addressed', () => {
  test.each([
    ['by another name', '@claw_bot2 hello', entity('mention', 0, 10)],
    ['by a command for another bot', '/help@other_bot', entity('bot_command', 0, 15)],
    ['by a command that is only talked about', 'try /help', entity('bot_command', 4, 5)],
    ['by a mention of somebody else', 'Ann: hello', entity('text_mention', 0, 3, { user: ANN })],
    ['by an answer to somebody else', 'why?', { reply_to_message: { ...OURS, from: ANN } }],
    ['by words that look like a mention', 'mail me@claw_bot', {}],
  ])('%s', (_, text, more) => {
    expect(read(inGroup({ text, ...more }))).toMatchObject({ addressed: false, text });
  });

  test('by its name as long as it does not know it', () => {
    const message = normalize(
      update({ message: inGroup({ text: '@claw_bot hi', ...entity('mention', 0, 9) }) }),
      undefined,
    );
    expect(message).toMatchObject({ addressed: false, text: '@claw_bot hi' });
  });
});

test('an answer tells what it answers', () => {
  expect(read(inGroup({ text: 'why?', reply_to_message: OURS }))?.replyTo).toEqual({
    platformId: '87',
    text: 'Yes?',
    sender: { id: '424242', name: 'Claw', bot: true },
  });
  const picture = { ...OURS, text: undefined, caption: 'a picture' };
  expect(read(inGroup({ text: 'why?', reply_to_message: picture }))?.replyTo?.text).toBe('a picture');
  const quoted = { reply_to_message: OURS, quote: { text: 'es', position: 1, is_manual: true } };
  expect(read(inGroup({ text: 'es?', ...quoted }))?.replyTo?.text).toBe('es');
});

test.each([
  ['a picture', { photo: PHOTO }, { kind: 'image', bytes: 98_713, ref: 'AgACAgIAAxkBAAJ' }],
  [
    'a document',
    { document: DOCUMENT },
    {
      kind: 'file',
      name: 'plan.pdf',
      mime: 'application/pdf',
      bytes: 120_431,
      ref: 'BQACAgIAAxkB',
    },
  ],
  [
    'an animation, which comes as a document too',
    { animation: { file_id: 'A', file_name: 'cat.mp4', mime_type: 'video/mp4' }, document: DOCUMENT },
    { kind: 'video', name: 'cat.mp4', mime: 'video/mp4', ref: 'A' },
  ],
  ['a song', { audio: { file_id: 'A', title: 'Song', duration: 3 } }, { kind: 'audio', name: 'Song' }],
  [
    'a voice message',
    { voice: { file_id: 'A', duration: 3, mime_type: 'audio/ogg' } },
    { kind: 'audio', mime: 'audio/ogg' },
  ],
  ['a video', { video: { file_id: 'A', width: 1, file_size: 5 } }, { kind: 'video', bytes: 5 }],
  ['a round video', { video_note: { file_id: 'A', length: 240 } }, { kind: 'video' }],
  [
    'a sticker',
    { sticker: { file_id: 'A', emoji: '👍', is_animated: false } },
    { kind: 'sticker', name: '👍', ref: 'A' },
  ],
  [
    'a contact',
    { contact: { first_name: 'Bob', phone_number: '+4912345' } },
    { kind: 'contact', name: 'Bob +4912345' },
  ],
  ['a place', { location: { latitude: 52.5, longitude: 13.4 } }, { kind: 'location', name: '52.5, 13.4' }],
  [
    'a venue, which is a place too',
    { venue: { title: 'Café', address: 'Main St 1' }, location: { latitude: 52.5, longitude: 13.4 } },
    { kind: 'location', name: 'Café, Main St 1' },
  ],
  ['a poll', { poll: { id: '1', question: 'Tea?' } }, { kind: 'other', name: 'Tea?' }],
  ['a die', { dice: { emoji: '🎲', value: 4 } }, { kind: 'other', name: '🎲' }],
])('%s is described', (_, content, attachment) => {
  expect(read(direct(content))).toMatchObject({ text: '', attachments: [attachment] });
});

test('messages of one album have its key', () => {
  expect(read(direct({ photo: PHOTO, media_group_id: '13' }))?.album).toBe('13');
});

test('another bot is told from a person', () => {
  expect(read(inGroup({ text: 'beep', from: { ...CLAW, id: 7 } }))?.sender).toEqual({
    ...{ id: '7', name: 'Claw', bot: true },
  });
});

test('who speaks in the name of a group or a channel is that group or channel', () => {
  const from = { id: 1_087_968_824, is_bot: true, first_name: 'Group', username: 'GroupAnonymousBot' };
  const sender = { id: '-1001234567890', name: 'The team' };
  const message = { ...inGroup({ text: 'hi' }), from, sender_chat: GROUP };
  expect(read(message)?.sender).toEqual(sender);
  expect(read(inGroup({ text: 'why?', reply_to_message: message }))?.replyTo?.sender).toEqual(sender);
});

describe('a press of a button', () => {
  const pressed = (more: object) => normalize(update({ callback_query: { ...PRESS, ...more } }), BOT);

  test('is the choice of its label, in the place of the question', () => {
    const raw = update({ callback_query: PRESS });
    expect(normalize(raw, BOT)).toEqual({
      dedupeKey: `${raw.update_id}`,
      chat: { id: '-1001234567890', kind: 'group', title: 'The team' },
      sender: { id: '42', name: 'Ann Lee', language: 'en' },
      platformId: '87',
      sentAt: 1_795_254_500_000,
      text: 'Coffee',
      addressed: true,
      choice: { of: '87' },
    });
    const topic = { ...PRESS.message, message_thread_id: 77, is_topic_message: true };
    expect(pressed({ message: topic })?.chat.id).toBe('-1001234567890/77');
  });

  test.each([
    ['that is no longer there', { message: OURS }],
    ['that never was there', { data: '2' }],
    ['of a message that is too old to be known', { message: { ...OURS, date: 0 } }],
    ['of a message that is not told', { message: undefined, inline_message_id: '7' }],
    ['of a game', { data: undefined, game_short_name: 'tetris' }],
  ])('%s chooses nothing', (_, more) => {
    expect(pressed(more)).toBeUndefined();
  });
});

describe('an edit', () => {
  const edited = (content: object) =>
    normalize(
      update({ edited_message: { ...inGroup(content), edit_date: 1_795_254_700, reply_to_message: OURS } }),
      BOT,
    );

  test('is the new text of an old message', () => {
    expect(edited({ text: '@claw_bot better', ...entity('mention', 0, 9) })).toMatchObject({
      dedupeKey: expect.stringMatching(/^\d+$/),
      chat: { id: '-1001234567890' },
      sender: { id: '42' },
      platformId: '88',
      sentAt: 1_795_254_700_000,
      text: 'better',
      addressed: true,
      change: { kind: 'edit', of: '88' },
    });
    expect(edited({ photo: PHOTO, caption: 'new words' })).toMatchObject({
      text: 'new words',
      attachments: [{ kind: 'image' }],
      change: { kind: 'edit' },
    });
  });

  test('of one message of an album is of that message', () => {
    expect(edited({ photo: PHOTO, media_group_id: '13' })).not.toHaveProperty('album');
  });

  test('of a live location, which moves all the time, is not told', () => {
    expect(edited({ location: { latitude: 1, longitude: 2 } })).toBeUndefined();
  });
});

describe('a reaction', () => {
  const emoji = (character: string) => ({ type: 'emoji', emoji: character });
  const reacted = (before: readonly object[], now: readonly object[], more: object = {}) =>
    normalize(
      update({
        message_reaction: {
          ...{ chat: GROUP, message_id: 87, user: ANN, date: 1_795_254_800 },
          ...{ old_reaction: before, new_reaction: now, ...more },
        },
      }),
      BOT,
    );

  test('is told with its message', () => {
    expect(reacted([], [emoji('👍')])).toEqual({
      dedupeKey: expect.stringMatching(/^\d+$/),
      chat: { id: '-1001234567890', kind: 'group', title: 'The team' },
      sender: { id: '42', name: 'Ann Lee', language: 'en' },
      platformId: '87',
      sentAt: 1_795_254_800_000,
      text: '👍',
      addressed: false,
      change: { kind: 'reaction', of: '87' },
    });
    expect(reacted([], [emoji('👍')], { chat: PRIVATE })).toMatchObject({
      chat: { id: '42', kind: 'direct' },
      addressed: true,
    });
  });

  test.each([
    ['one in the place of another', [emoji('👍')], [emoji('🔥')], 'reaction', '🔥'],
    ['one more', [emoji('👍')], [emoji('👍'), emoji('🔥')], 'reaction', '🔥'],
    ['one less', [emoji('👍'), emoji('🔥')], [emoji('👍')], 'reaction_removed', '🔥'],
    ['none any more', [emoji('👍')], [], 'reaction_removed', '👍'],
    ['a custom emoji', [], [{ type: 'custom_emoji', custom_emoji_id: '5' }], 'reaction', '(custom emoji)'],
    ['a star', [], [{ type: 'paid' }], 'reaction', '⭐'],
  ])('%s', (_, before, now, kind, text) => {
    expect(reacted(before, now)).toMatchObject({ text, change: { kind } });
  });

  test('in the name of a group is of that group', () => {
    const sender = { id: '-1001234567890', name: 'The team' };
    const anonymous = { user: undefined, actor_chat: GROUP };
    expect(reacted([], [emoji('👍')], anonymous)).toMatchObject({ sender, text: '👍' });
  });

  test.each([
    ['of nobody', [], [emoji('👍')], { user: undefined }],
    ['of our own', [], [emoji('👍')], { user: CLAW }],
    ['that changes nothing', [emoji('👍')], [emoji('👍')], {}],
  ])('%s is not told', (_, before, now, more) => {
    expect(reacted(before, now, more)).toBeUndefined();
  });
});

test.each([
  ['a service message', direct({ new_chat_members: [ANN] })],
  ['a group that moves', inGroup({ migrate_to_chat_id: -1009 })],
  ['what we said ourselves', inGroup({ text: 'beep', from: CLAW })],
  ['a post that a channel passes on', inGroup({ text: 'news', is_automatic_forward: true })],
  [
    'a post of a channel',
    { ...direct({ text: 'news', from: undefined }), chat: { ...GROUP, type: 'channel' } },
  ],
])('%s is no message for us', (_, message) => {
  expect(read(message)).toBeUndefined();
});

test('other updates are no messages', () => {
  expect(normalize(update({ my_chat_member: {} }), BOT)).toBeUndefined();
});

test('what is not as Telegram documents it is not guessed at', () => {
  expect(() => read(direct({ text: 12 }))).toThrow(/text/);
  expect(() => read({ ...direct({ text: 'hi' }), chat: undefined })).toThrow(/chat/);
  expect(() => normalize({ message: direct({ text: 'hi' }) }, BOT)).toThrow(/update_id/);
});
