import { chatId } from '../../src/contract/index.ts';
import { world } from '../adapters/whatsapp/harness.ts';
import type { Naming } from '../platforms/whatsapp.ts';
import { conformance, type SendFailure, type Subject } from './conformance.ts';
import { countStored } from './stored-is-acked.ts';

conformance('whatsapp', setup, {
  'does not ack before the message is on disk':
    'the receipt goes out once the message is in the journal of the channel: test/adapters/whatsapp/life.test.ts',
});

const FAULTS: Record<SendFailure, Parameters<Awaited<ReturnType<typeof world>>['whatsapp']['failNext']>[0]> =
  {
    auth: { error: 401 },
    rate_limited: { error: 429 },
    rejected: { error: 404 },
    unavailable: { error: 500 },
    'lost receipt': 'accept and cut',
    silence: 'never answer',
  };

async function setup(): Promise<Subject> {
  const { whatsapp, alice, create, dispose } = await world();
  const stored = countStored();
  let naming: Naming = 'number';
  return {
    create: async () => stored.watch(create()),
    chat: { id: chatId(alice.jid), kind: 'direct' },
    platform: {
      say: (text) => void whatsapp.say(alice, text, undefined, naming),
      contact: () => ({ phone: '+15550102' }),
      vouchForNothing: () => {
        naming = 'secret';
      },
      acked: () => stored.count,
      sent: () => whatsapp.seen.map(({ text }) => text),
      cut: () => whatsapp.cut(),
      failNextSend: (failure) => whatsapp.failNext(FAULTS[failure]),
      connections: () => whatsapp.connections,
      reactions: () => [...whatsapp.reactions.values()],
      files: () => whatsapp.seen.flatMap(({ file }) => file ?? []),
      sayWithFile: (text, file) => void whatsapp.say(alice, whatsapp.file('image', file, text)),
      forward(text) {
        const contextInfo = { isForwarded: true, forwardingScore: 1 };
        whatsapp.say(alice, { extendedTextMessage: { text, contextInfo } });
      },
      answer(quoted, text) {
        const stanzaId = whatsapp.say(alice, quoted);
        const contextInfo = { stanzaId, participant: alice.jid, quotedMessage: { conversation: quoted } };
        whatsapp.say(alice, { extendedTextMessage: { text, contextInfo } });
      },
      until: stored.until,
    },
    events: { messages: MESSAGES, others: OTHERS },
    visible: ({ text }) => text,
    dispose,
  };
}

const ALICE = '15550102@s.whatsapp.net';
const GROUP = '120363000000000001@g.us';
const me = ['15550100:1@s.whatsapp.net', '915550100:1@lid'];
const event = (id: string, message: unknown, key = {}) => ({
  me,
  key: { id, remoteJid: ALICE, ...key },
  messageTimestamp: 1_700_000_000,
  pushName: 'Alice',
  message,
});
const inGroup = { remoteJid: GROUP, participant: ALICE };

const MESSAGES = [
  event('A1', { conversation: 'Hi' }),
  event('A2', { conversation: 'Hi' }),
  event('A1', { conversation: 'same id, other chat' }, inGroup),
  event(
    'A3',
    { extendedTextMessage: { text: '@915550100 help', contextInfo: { mentionedJid: ['915550100@lid'] } } },
    inGroup,
  ),
  event('A4', { imageMessage: { caption: 'look', mimetype: 'image/png', fileLength: '3' } }),
  event('AF', { extendedTextMessage: { text: '/status', contextInfo: { forwardingScore: 5 } } }),
  event('AG', { imageMessage: { mimetype: 'image/png', contextInfo: { isForwarded: true } } }),
  event('A5', { reactionMessage: { key: { id: 'A1', remoteJid: ALICE }, text: '👍' } }),
  event('A6', { protocolMessage: { key: { id: 'A1' }, type: 'REVOKE' } }),
  event('A7', {
    protocolMessage: { key: { id: 'A1' }, type: 'MESSAGE_EDIT', editedMessage: { conversation: 'Hi!' } },
  }),
  event('A8', { ephemeralMessage: { message: { conversation: 'disappears' } } }),
  event('A9', { conversation: 'hidden' }, { remoteJid: '915550102@lid' }),
  event('AA', { locationMessage: { degreesLatitude: 52.5, degreesLongitude: 13.4 } }),
  event('AB', { contactsArrayMessage: { contacts: [{ displayName: 'Bob' }, { displayName: 'Eve' }] } }),
  event('AC', {
    audioMessage: { ptt: true, mediaKey: 'AAAA', directPath: '/v/t62', mimetype: 'audio/ogg; codecs=opus' },
  }),
  event('AD', {
    imageMessage: { mimetype: 'image/jpeg' },
    messageContextInfo: {
      messageAssociation: { associationType: 'MEDIA_ALBUM', parentMessageKey: { id: 'AE' } },
    },
  }),
];

const OTHERS = [
  event('B1', { conversation: 'our own' }, { remoteJid: GROUP, participant: '15550100:2@s.whatsapp.net' }),
  event('B2', { conversation: 'a story' }, { remoteJid: 'status@broadcast', participant: ALICE }),
  event('B3', { protocolMessage: { type: 'EPHEMERAL_SETTING' } }),
  event('B4', { conversation: '' }),
  event('B5', { pollUpdateMessage: {} }),
  // What announces an album, and the same picture once more, in a better quality.
  event('B6', { albumMessage: { expectedImageCount: 2 } }),
  event('B7', { associatedChildMessage: { message: { imageMessage: { mimetype: 'image/jpeg' } } } }),
  {},
  null,
  'text',
];
