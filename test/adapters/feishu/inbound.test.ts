import { describe, expect, it } from 'vitest';
import { normalize } from '../../../adapters/feishu/inbound.ts';
import { APP, BOT, item, pressed, reaction, recall, received } from './events.ts';

const GROUP = { chat_id: 'oc_team', chat_type: 'group' };
const mention = (key: string, open_id: string | null, name: string) => ({
  key,
  id: { open_id, union_id: null, user_id: null },
  name,
  tenant_key: 'tenant-1',
});
const CLAW = mention('@_user_1', BOT, 'Claw');
const TOM = mention('@_user_2', 'ou_tom', 'Tom');
const text = (content: string) => ({ content: JSON.stringify({ text: content }) });

describe('a message', () => {
  it('of a person to the bot', () => {
    expect(normalize(received())).toEqual({
      dedupeKey: 'om_1',
      chat: { id: 'oc_alice', kind: 'direct' },
      sender: { id: 'ou_alice' },
      platformId: 'om_1',
      sentAt: 1_790_000_000_000,
      text: 'Hello',
      addressed: true,
    });
  });

  it('in a thread belongs to a chat of its own', () => {
    const message = normalize(received({ ...GROUP, thread_id: 'omt_1' }));
    expect(message?.chat).toEqual({ id: 'oc_team:omt_1', kind: 'group', parent: 'oc_team' });
  });

  it.each([
    ['from the bot itself', received({}, { sender_type: 'app', sender_id: { open_id: BOT } })],
    [
      'from the bot itself, as the history tells it',
      received({}, { sender_type: 'app', sender_id: { open_id: APP } }),
    ],
    ['from the system', received({}, { sender_type: 'system' })],
    ['of another kind of sender', received({}, { sender_type: 'anonymous' })],
    ['without a sender', received({}, { sender_type: undefined })],
  ])('%s is none', (_, event) => {
    expect(normalize(event)).toBeUndefined();
  });

  it('of another bot says so', () => {
    const event = received(GROUP, { sender_type: 'app', sender_id: { open_id: 'ou_other_bot' } });
    expect(normalize(event)).toMatchObject({
      sender: { id: 'ou_other_bot', bot: true },
      addressed: false,
      text: 'Hello',
    });
  });

  it('that cannot be read is an error, and not nothing', () => {
    expect(() => normalize(received({ content: '{"text":' }))).toThrow();
    expect(() => normalize(received({ content: '{"words":"?"}' }))).toThrow();
    expect(() => normalize(received({ message_id: '' }))).toThrow();
  });
});

describe('in a group', () => {
  it.each([
    ['nobody mentioned', text('hi all'), [], false, 'hi all'],
    ['at the beginning', text('@_user_1 hi'), [CLAW], true, 'hi'],
    ['at the end', text('hi @_user_1'), [CLAW], true, 'hi'],
    ['in the middle', text('ask @_user_1 about it'), [CLAW], true, 'ask @Claw about it'],
    ['only the bot', text('@_user_1'), [CLAW], true, ''],
    ['twice', text('@_user_1 who is @_user_1 ?'), [CLAW], true, 'who is @Claw ?'],
    ['somebody else', text('@_user_2 hi'), [TOM], false, '@Tom hi'],
    ['both', text('@_user_1 greet @_user_2'), [CLAW, TOM], true, 'greet @Tom'],
    ['everyone', text('@_all lunch'), [], false, '@all lunch'],
    ['a key that begins like another', text('@_user_1 and @_user_12'), [CLAW], true, 'and @_user_12'],
    ['an app without an open_id', text('@_user_1 hi'), [mention('@_user_1', null, 'App')], false, '@App hi'],
  ])('mentions: %s', (_, content, mentions, addressed, shown) => {
    expect(normalize(received({ ...GROUP, ...content, mentions }))).toMatchObject({ addressed, text: shown });
  });

  it('an answer to the bot is for the bot', () => {
    const parent = item({ sender: { id: 'cli_0123456789abcdef', sender_type: 'app' } });
    const event = received({ ...GROUP, parent_id: 'om_0' }, {}, { parent });
    expect(normalize(event)).toMatchObject({ addressed: true, replyTo: { platformId: 'om_0' } });
  });

  it('an answer to a person is not, and says what it answers', () => {
    const event = received({ ...GROUP, parent_id: 'om_0' }, {}, { parent: item() });
    expect(normalize(event)).toMatchObject({
      addressed: false,
      replyTo: { platformId: 'om_0', sender: { id: 'ou_alice' }, text: 'What I said before' },
    });
  });

  it('an answer to another bot is not for the bot', () => {
    const parent = item({ sender: { id: 'cli_fedcba9876543210', sender_type: 'app' } });
    expect(normalize(received({ ...GROUP, parent_id: 'om_0' }, {}, { parent }))?.addressed).toBe(false);
  });
});

describe('content', () => {
  const post = (content: unknown[], title = '') => ({
    message_type: 'post',
    content: JSON.stringify({ title, content }),
  });

  it.each([
    ['image', '{"image_key":"img_1"}', { kind: 'image', ref: 'om_1/image/img_1' }],
    ['file', '{"file_key":"f_1","file_name":"a.pdf"}', { kind: 'file', name: 'a.pdf', ref: 'om_1/file/f_1' }],
    ['audio', '{"file_key":"f_1","duration":1000}', { kind: 'audio', ref: 'om_1/file/f_1' }],
    [
      'media',
      '{"file_key":"f_1","image_key":"i","file_name":"a.mp4"}',
      { kind: 'video', name: 'a.mp4', ref: 'om_1/file/f_1' },
    ],
    ['sticker', '{"file_key":"f_1"}', { kind: 'sticker' }],
    ['share_user', '{"user_id":"ou_tom"}', { kind: 'contact' }],
    ['merge_forward', 'Merged and Forwarded Message', { kind: 'other', name: 'merge_forward' }],
  ])('%s', (message_type, content, attachment) => {
    expect(normalize(received({ message_type, content }))).toMatchObject({
      text: '',
      attachments: [attachment],
    });
  });

  it('a place', () => {
    const content = '{"name":"The pier","longitude":"114.1","latitude":"22.3"}';
    expect(normalize(received({ message_type: 'location', content }))).toMatchObject({
      text: '',
      attachments: [{ kind: 'location', name: 'The pier (22.3, 114.1)' }],
    });
  });

  it('a rich text', () => {
    const content = post(
      [
        [
          { tag: 'at', user_id: '@_user_1', user_name: 'Claw' },
          { tag: 'text', text: ' look at ', style: ['bold'] },
          { tag: 'a', href: 'https://example.org', text: 'this' },
          { tag: 'emotion', emoji_type: 'SMILE' },
        ],
        [{ tag: 'img', image_key: 'img_1' }],
        [{ tag: 'code_block', language: 'GO', text: 'a := 1' }],
        [{ tag: 'unheard_of', text: 'and more' }],
      ],
      'News',
    );
    expect(normalize(received({ ...GROUP, ...content, mentions: [CLAW] }))).toMatchObject({
      text: 'News\n@Claw look at [this](https://example.org):SMILE:\n\n```\na := 1\n```\nand more',
      attachments: [{ kind: 'image', ref: 'om_1/image/img_1' }],
      addressed: true,
    });
  });
});

describe('the press of a button', () => {
  it('says what was chosen, where, and by whom', () => {
    expect(normalize(pressed('event-10'))).toEqual({
      dedupeKey: 'event-10',
      chat: { id: 'oc_alice', kind: 'direct' },
      sender: { id: 'ou_alice' },
      platformId: 'om_1',
      sentAt: 1_790_000_003_000,
      text: 'Yes',
      addressed: true,
      choice: { of: 'om_1' },
    });
  });

  it('in a thread belongs to the thread', () => {
    const event = pressed('event-10', { choice: 'Yes', thread: 'omt_1' }, { direct: false });
    expect(normalize(event)?.chat).toEqual({ id: 'oc_alice:omt_1', kind: 'group', parent: 'oc_alice' });
  });

  it('that is none of ours is nothing', () => {
    expect(normalize(pressed('event-10', { action: 'approve' }))).toBeUndefined();
    expect(normalize(pressed('event-10', 'approve' as never))).toBeUndefined();
  });

  it('in a chat that nobody shows us is an error', () => {
    expect(() => normalize(pressed('event-10', { choice: 'Yes' }, {}))).toThrow('what chat');
  });
});

describe('a change', () => {
  it('a reaction', () => {
    expect(normalize(reaction('created', 'event-6'))).toEqual({
      dedupeKey: 'event-6',
      chat: { id: 'oc_alice', kind: 'direct' },
      sender: { id: 'ou_alice' },
      platformId: 'om_1',
      sentAt: 1_790_000_001_000,
      text: '👍',
      addressed: true,
      change: { kind: 'reaction', of: 'om_1' },
    });
  });

  it('a reaction taken back', () => {
    expect(normalize(reaction('deleted', 'event-7'))?.change?.kind).toBe('reaction_removed');
  });

  it('a message taken back, in its thread', () => {
    expect(normalize(recall())).toMatchObject({
      dedupeKey: 'recalled:om_1',
      chat: { id: 'oc_team:omt_1', kind: 'group' },
      sender: { id: 'ou_alice' },
      text: '',
      addressed: false,
      change: { kind: 'deletion', of: 'om_1' },
    });
  });

  it('by the bot itself is none', () => {
    expect(normalize(reaction('created', 'event-8', 'app'))).toBeUndefined();
    expect(normalize(recall('app'))).toBeUndefined();
  });

  it('by another bot says so', () => {
    const other = reaction('created', 'event-8', 'app', 'cli_fedcba9876543210');
    expect(normalize(other)?.sender).toEqual({ id: 'cli_fedcba9876543210', bot: true });
  });

  it('of a message that nobody shows us is an error', () => {
    expect(() => normalize({ ...reaction('created', 'event-8'), known: {} })).toThrow('which message');
  });
});
