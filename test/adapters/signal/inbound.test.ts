import { describe, expect, it } from 'vitest';
import { normalizerFor } from '../../../adapters/signal/inbound.ts';
import {
  dataMessage,
  eventOf,
  groupInfo,
  mention,
  type Person,
  PLACEHOLDER,
  quote,
  reaction,
} from '../../platforms/signal-events.ts';

const AGENT: Person = { uuid: 'b0b0b0b0-0000-4000-8000-000000000001', number: '+15550100' };
const ALICE: Person = { uuid: 'a11ce000-0000-4000-8000-000000000002', number: '+15550102', name: 'Alice' };
const BOB: Person = { uuid: 'b0b00000-0000-4000-8000-000000000003', name: 'Bob' };
const ACCOUNT = '+15550100';
const GROUP = 'Pmpi+EfPWmsxiomLe9Nx2XF9HOE483p6iKiFj65iMwI=';
const inGroup = groupInfo(GROUP, 'Friends');
const AT = 1_700_000_000_000;

const normalize = normalizerFor(ACCOUNT);
const from = (person: Person, text: string | null, more: Record<string, unknown> = {}) =>
  normalize(eventOf(ACCOUNT, person, AT, { dataMessage: dataMessage(AT, text, more) }));

describe('a message', () => {
  it('in a direct chat', () => {
    expect(from(ALICE, 'Hello')).toEqual({
      dedupeKey: `+15550100/${ALICE.uuid}/1/${AT}`,
      chat: { id: ALICE.uuid, kind: 'direct', title: 'Alice' },
      sender: { id: ALICE.uuid, name: 'Alice' },
      platformId: `${AT}:${ALICE.uuid}`,
      sentAt: AT + 40,
      text: 'Hello',
      addressed: true,
    });
  });

  it('in a group, not for us', () => {
    expect(from(ALICE, 'Lunch?', inGroup)).toMatchObject({
      chat: { id: `group:${GROUP}`, kind: 'group', title: 'Friends' },
      addressed: false,
    });
  });

  it.each([
    [
      'calls us at the beginning',
      `${PLACEHOLDER} what time is it?`,
      [mention(0, AGENT)],
      'what time is it?',
      true,
    ],
    ['calls us in the middle', `ask ${PLACEHOLDER} now`, [mention(4, AGENT)], 'ask @+15550100 now', true],
    ['names another', `${PLACEHOLDER} come`, [mention(0, BOB)], `@${BOB.uuid} come`, false],
    [
      'calls us and names another',
      `${PLACEHOLDER}${PLACEHOLDER} are here`,
      [mention(0, AGENT), mention(1, ALICE)],
      '@+15550102 are here',
      true,
    ],
    ['only calls us', PLACEHOLDER, [mention(0, AGENT)], '', true],
    ['has an emoji before the name', `😀 ${PLACEHOLDER}`, [mention(3, ALICE)], '😀 @+15550102', false],
  ])('that %s', (_, text, mentions, read, addressed) => {
    expect(from(ALICE, text, { ...inGroup, mentions })).toMatchObject({ text: read, addressed });
  });

  it('is for us when it answers us, and names what it answers', () => {
    expect(from(ALICE, 'yes', { ...inGroup, ...quote(AT - 5, AGENT, 'Really?') })).toMatchObject({
      addressed: true,
      replyTo: { platformId: `${AT - 5}:me`, text: 'Really?' },
    });
    expect(from(ALICE, 'yes', { ...inGroup, ...quote(AT - 5, BOB, 'Really?') })).toMatchObject({
      addressed: false,
      replyTo: { platformId: `${AT - 5}:${BOB.uuid}`, text: 'Really?', sender: { id: BOB.uuid } },
    });
  });

  it('from somebody whose number is hidden, and from somebody without an account id', () => {
    expect(from(BOB, 'Hi')).toMatchObject({ sender: { id: BOB.uuid, name: 'Bob' } });
    const event = eventOf(ACCOUNT, ALICE, AT, { dataMessage: dataMessage(AT, 'Hi') });
    const withoutUuid = { ...event, envelope: { ...event.envelope, sourceUuid: null } };
    expect(normalize(withoutUuid)).toMatchObject({ sender: { id: '+15550102' }, chat: { id: '+15550102' } });
  });

  it('is known apart by device and time, and is the same when it comes again', () => {
    const again = from(ALICE, 'Hello')?.dedupeKey;
    expect(from(ALICE, 'Hello')?.dedupeKey).toBe(again);
    expect(from({ ...ALICE, device: 2 }, 'Hello')?.dedupeKey).not.toBe(again);
  });

  it('is recognised as ours by the account id too', () => {
    const byUuid = normalizerFor(AGENT.uuid);
    const event = eventOf('+19990000', BOB, AT, {
      dataMessage: dataMessage(AT, `${PLACEHOLDER} hi`, { ...inGroup, mentions: [mention(0, AGENT)] }),
    });
    expect(byUuid(event)).toMatchObject({ text: 'hi', addressed: true });
  });
});

describe('what comes with a message', () => {
  it('describes files by kind, and refers to what the daemon keeps', () => {
    const attachments = [
      { contentType: 'image/jpeg', filename: 'cat.jpg', id: 'a.jpg', size: 10 },
      { contentType: 'audio/aac', filename: null, id: 'b.aac', size: 20 },
      { contentType: 'application/pdf', filename: '../../etc/passwd', id: 'c.pdf', size: 30 },
      { contentType: 'video/mp4', filename: null, id: null, size: null },
    ];
    expect(from(ALICE, null, { attachments })).toMatchObject({
      text: '',
      attachments: [
        { kind: 'image', name: 'cat.jpg', mime: 'image/jpeg', bytes: 10, ref: 'a.jpg' },
        { kind: 'audio', mime: 'audio/aac', bytes: 20, ref: 'b.aac' },
        { kind: 'file', name: '../../etc/passwd', mime: 'application/pdf', bytes: 30, ref: 'c.pdf' },
        { kind: 'video', mime: 'video/mp4' },
      ],
    });
  });

  it('knows stickers, contacts and polls', () => {
    expect(from(ALICE, null, { sticker: { packId: 'ab', stickerId: 1 } })?.attachments).toEqual([
      { kind: 'sticker' },
    ]);
    const contacts = [
      { name: { given: 'Carol', family: 'Jones', nickname: null }, phone: [{ value: '+1' }] },
    ];
    expect(from(ALICE, null, { contacts })?.attachments).toEqual([{ kind: 'contact', name: 'Carol Jones' }]);
    const pollCreate = { question: 'Lunch?', allowMultiple: false, options: ['Soup', 'Rice'] };
    expect(from(ALICE, null, { pollCreate })?.text).toBe('Lunch?\n- Soup\n- Rice');
  });
});

describe('a change', () => {
  it('of the text', () => {
    const editMessage = { targetSentTimestamp: AT - 9, dataMessage: dataMessage(AT, 'Hello!', inGroup) };
    expect(normalize(eventOf(ACCOUNT, ALICE, AT, { editMessage }))).toMatchObject({
      text: 'Hello!',
      chat: { id: `group:${GROUP}` },
      change: { kind: 'edit', of: `${AT - 9}:${ALICE.uuid}` },
    });
  });

  it('that takes it back', () => {
    expect(from(ALICE, null, { remoteDelete: { timestamp: AT - 9 } })).toMatchObject({
      text: '',
      change: { kind: 'deletion', of: `${AT - 9}:${ALICE.uuid}` },
    });
  });

  it('that is a reaction, to us or to another', () => {
    expect(from(ALICE, null, reaction('👍', AGENT, AT - 9))).toMatchObject({
      text: '👍',
      change: { kind: 'reaction', of: `${AT - 9}:me` },
    });
    expect(from(ALICE, null, reaction('👍', BOB, AT - 9, true))).toMatchObject({
      text: '👍',
      change: { kind: 'reaction_removed', of: `${AT - 9}:${BOB.uuid}` },
    });
  });
});

describe('what is no message', () => {
  it.each([
    ['typing', { typingMessage: { action: 'STARTED', timestamp: AT } }],
    ['a receipt', { receiptMessage: { when: AT, isDelivery: true, timestamps: [AT] } }],
    ['a call', { callMessage: { offerMessage: { id: 1, type: 'AUDIO_CALL' } } }],
    ['a story', { storyMessage: { allowsReplies: true } }],
    ['a change of the group', { dataMessage: dataMessage(AT, null, groupInfo(GROUP, 'Friends', 'UPDATE')) }],
    ['a timer for messages', { dataMessage: dataMessage(AT, null, { isExpirationUpdate: true }) }],
    ['what we wrote on our phone', { syncMessage: { sentMessage: { message: 'x', timestamp: AT } } }],
  ])('%s', (_, content) => {
    expect(normalize(eventOf(ACCOUNT, ALICE, AT, content))).toBeUndefined();
  });

  it('our own message', () => {
    expect(from(AGENT, 'echo')).toBeUndefined();
  });

  it('a second delivery that could not be decrypted a second time', () => {
    const exception = { message: 'old counter', type: 'ProtocolDuplicateMessageException' };
    expect(normalize({ ...eventOf(ACCOUNT, ALICE, AT, {}), exception })).toBeUndefined();
  });
});

describe('what cannot be read', () => {
  it('is told: a message that could not be decrypted', () => {
    const exception = { message: 'secret detail', type: 'UntrustedIdentityException' };
    expect(() => normalize({ ...eventOf(ACCOUNT, ALICE, AT, {}), exception })).toThrow(
      'could not decrypt it: UntrustedIdentityException',
    );
  });

  it('is told: a message in a shape of tomorrow', () => {
    const event = eventOf(ACCOUNT, ALICE, AT, { dataMessage: { timestamp: AT, message: { text: 'Hi' } } });
    expect(() => normalize(event)).toThrow();
  });
});
