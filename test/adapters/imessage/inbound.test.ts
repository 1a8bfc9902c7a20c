import { describe, expect, it } from 'vitest';
import { normalize } from '../../../adapters/imessage/inbound.ts';
import { FakeBlueBubbles, groupChat, mentioning, type Row } from '../../platforms/imessage.ts';
import { ALICE } from './harness.ts';

const mac = new FakeBlueBubbles();
const inGroup = { chats: [groupChat('chat123', 'Friends')] };

const read = (message: Row, more = {}) =>
  normalize({ message, edited: false, answered: undefined, ourAddress: mac.ourAddress, ...more });
const said = (text: string | null, more: Partial<Row> = {}) => read(mac.say(ALICE, text, more));

describe('a message', () => {
  it('in a direct chat', () => {
    const row = mac.say(ALICE, 'Hello');
    expect(read(row)).toEqual({
      dedupeKey: row.guid,
      chat: { id: 'iMessage;-;alice@example.org', kind: 'direct' },
      sender: { id: ALICE },
      platformId: row.guid,
      sentAt: row.dateCreated,
      text: 'Hello',
      addressed: true,
    });
  });

  it('in a group, not for us', () => {
    expect(said('Lunch?', inGroup)).toMatchObject({
      chat: { id: 'iMessage;+;chat123', kind: 'group', title: 'Friends' },
      addressed: false,
    });
  });

  it('in a group whose style nobody tells', () => {
    const [chat] = inGroup.chats;
    const chats = [{ ...chat, style: null }] as unknown as Row['chats'];
    expect(said('x', { chats })).toMatchObject({ chat: { kind: 'group' } });
  });

  it.each([
    [
      'calls us at the beginning',
      mentioning('Agent what time is it?', 'Agent', mac.ourAddress),
      'what time is it?',
      true,
    ],
    [
      'calls us at the end',
      mentioning('what time is it Agent', 'Agent', 'AGENT@example.org'),
      'what time is it Agent',
      true,
    ],
    ['names another', mentioning('Bob come', 'Bob', 'bob@example.org'), 'Bob come', false],
    ['only calls us', mentioning('Agent', 'Agent', mac.ourAddress), '', true],
    ['comes with a picture', mentioning('\uFFFCAgent look', 'Agent', mac.ourAddress), 'look', true],
  ])('that %s', (_, row, text, addressed) => {
    expect(said(row.text, { ...inGroup, ...row })).toMatchObject({ text, addressed });
  });

  it('is for us by the address at which the chat reaches us', () => {
    const row = mac.say(ALICE, null, { ...inGroup, ...mentioning('Agent hi', 'Agent', mac.ourAddress) });
    expect(read(row, { ourAddress: '+15550100' })).toMatchObject({ addressed: true });
  });

  it('is for us when it answers us, and names what it answers', () => {
    const row = mac.say(ALICE, 'yes', { ...inGroup, threadOriginatorGuid: 'G1' });
    const ours = { text: 'Really?', isFromMe: true, handle: null };
    expect(read(row, { answered: ours })).toMatchObject({
      addressed: true,
      replyTo: { platformId: 'G1', text: 'Really?' },
    });
    const bobs = { text: 'Really?', isFromMe: false, handle: { address: 'bob@example.org' } };
    expect(read(row, { answered: bobs })).toMatchObject({
      addressed: false,
      replyTo: { platformId: 'G1', text: 'Really?', sender: { id: 'bob@example.org' } },
    });
    expect(read(row)).toMatchObject({ addressed: false, replyTo: { platformId: 'G1' } });
  });

  it('with a subject', () => {
    expect(said('body', { subject: 'Subject' })?.text).toBe('Subject\nbody');
  });
});

describe('what comes with a message', () => {
  it('describes files by kind', () => {
    const attachments = [
      { guid: 'a1', mimeType: 'image/heic', transferName: 'IMG_1.heic', totalBytes: 10 },
      { guid: 'a2', mimeType: 'text/vcard', transferName: 'Carol.vcf', totalBytes: 20 },
      { guid: 'a3', mimeType: 'text/x-vlocation', transferName: 'CL.loc.vcf', totalBytes: 30 },
      { guid: 'a4', mimeType: null, transferName: null, totalBytes: 0 },
      { guid: 'a5', mimeType: 'image/png', isSticker: true },
      { guid: 'a6', transferName: 'x.pluginPayloadAttachment', hideAttachment: true },
    ];
    expect(said('\uFFFC', { attachments })).toMatchObject({
      text: '',
      attachments: [
        { kind: 'image', name: 'IMG_1.heic', mime: 'image/heic', bytes: 10, ref: 'a1' },
        { kind: 'contact', ref: 'a2' },
        { kind: 'location', ref: 'a3' },
        { kind: 'file', ref: 'a4' },
        { kind: 'sticker', ref: 'a5' },
      ],
    });
  });

  it('tells of what only an app can show', () => {
    expect(said(null, { balloonBundleId: 'com.example.game' })?.attachments).toEqual([
      { kind: 'other', name: 'com.example.game' },
    ]);
    expect(
      said('https://example.org', { balloonBundleId: 'com.apple.messages.URLBalloonProvider' }),
    ).toMatchObject({
      text: 'https://example.org',
    });
  });
});

describe('a change', () => {
  it('of the text', () => {
    const row = mac.say(ALICE, 'Hello');
    mac.edit(row, 'Hello!');
    expect(read(row, { edited: true })).toMatchObject({
      dedupeKey: `${row.guid}/edited/${row.dateEdited}`,
      text: 'Hello!',
      change: { kind: 'edit', of: row.guid },
    });
  });

  it('that takes it back', () => {
    const row = mac.say(ALICE, 'Hello');
    mac.unsend(row);
    expect(read(row, { edited: true })).toMatchObject({
      text: '',
      change: { kind: 'deletion', of: row.guid },
    });
  });

  it.each([
    ['love', 'Loved “Hi”', 'p:0/G1', 'reaction', '❤️'],
    ['-laugh', 'Removed a laugh from “Hi”', 'bp:G1', 'reaction_removed', '😂'],
    ['2006', 'Reacted 🎉 to “Hi”', 'p:1/G1', 'reaction', '🎉'],
    ['3006', 'Removed a 🎉 from “Hi”', 'G1', 'reaction_removed', '🎉'],
  ])('that is a reaction: %s', (associatedMessageType, text, associatedMessageGuid, kind, emoji) => {
    expect(said(text, { associatedMessageType, associatedMessageGuid })).toMatchObject({
      text: emoji,
      change: { kind, of: 'G1' },
    });
  });
});

describe('what is no message', () => {
  it.each([
    ['our own', { isFromMe: true }],
    ['a change of the group', { itemType: 2, text: null }],
    ['nothing at all', { text: null }],
  ])('%s', (_, more) => {
    expect(said('x', more)).toBeUndefined();
  });
});

it('refuses a message without a sender', () => {
  expect(() => said('x', { handle: null })).toThrow('without a sender');
});
