import type {
  BinaryNode,
  SignalKeyStoreWithTransaction,
  SignalRepositoryWithLIDStore,
} from '@whiskeysockets/baileys';
import { HEARD, JOURNAL } from './auth-store.ts';
import { personOf } from './ids.ts';

type Baileys = Pick<
  typeof import('@whiskeysockets/baileys'),
  'decodeMessageNode' | 'proto' | 'unpadRandomMax16'
>;

/** A message with nothing in it, and one byte of padding. */
const NOTHING_SAID = Buffer.from([1]);

/**
 * Keeps every message in the journal before the platform hears that we have it.
 *
 * Baileys sends the receipt right after it decrypted a message, and a second delivery cannot be decrypted. So the
 * decryption itself is wrapped: the message is written in the transaction that uses up its key. What comes again, because
 * we were killed before the receipt went out, is not decrypted, and gets its receipt.
 */
export function journaling(
  { decodeMessageNode, proto, unpadRandomMax16 }: Baileys,
  me: () => { id: string; lid: string },
  wasHeard: (key: string) => boolean,
  journaled: (key: string, event: unknown) => void,
) {
  /** The stanza that a ciphertext came in. */
  const stanzas = new WeakMap<Uint8Array, BinaryNode>();

  return {
    /** Must see each message's stanza before Baileys does. */
    saw(stanza: BinaryNode): void {
      if (!Array.isArray(stanza.content)) return;
      for (const { content } of stanza.content)
        if (content instanceof Uint8Array) stanzas.set(content, stanza);
    },

    wrap(
      repository: SignalRepositoryWithLIDStore,
      keys: SignalKeyStoreWithTransaction,
    ): SignalRepositoryWithLIDStore {
      async function keeping(ciphertext: Uint8Array, lock: string, decrypt: () => Promise<Uint8Array>) {
        let kept: [string, unknown] | undefined;
        const plaintext = await keys.transaction(async () => {
          const stanza = stanzas.get(ciphertext);
          const key = stanza && keyOf(stanza);
          if (key !== undefined && wasHeard(key)) return NOTHING_SAID;
          const padded = await decrypt();
          const event = stanza && (await eventOf(stanza, padded, repository));
          if (key !== undefined && event) {
            const heard = { [JOURNAL]: { [key]: event }, [HEARD]: { [key]: { at: Date.now() } } };
            // Baileys' types know only its own kinds of keys.
            await keys.set(heard as Parameters<typeof keys.set>[0]);
            kept = [key, event];
          }
          return padded;
        }, lock);
        if (kept) journaled(...kept);
        return plaintext;
      }
      return {
        ...repository,
        decryptMessage: (options) =>
          keeping(options.ciphertext, options.jid, () => repository.decryptMessage(options)),
        decryptGroupMessage: (options) =>
          keeping(options.msg, options.group, () => repository.decryptGroupMessage(options)),
      };
    },
  };

  function keyOf(stanza: BinaryNode): string {
    const { id, lid } = me();
    const { key } = decodeMessageNode(stanza, id, lid).fullMessage;
    return [key.remoteJid, key.participant ?? '', key.id].join('/');
  }

  /** As JSON; `undefined` when nobody said anything to us. */
  async function eventOf(
    stanza: BinaryNode,
    padded: Uint8Array,
    { lidMapping }: SignalRepositoryWithLIDStore,
  ) {
    const message = proto.Message.decode(unpadRandomMax16(padded));
    const { id, lid } = me();
    const { fullMessage } = decodeMessageNode(stanza, id, lid);
    const { key, messageTimestamp, pushName } = fullMessage;
    const { senderKeyDistributionMessage: _, messageContextInfo, ...said } = message.toJSON();
    if (key.fromMe || !key.remoteJid || Object.keys(said).length === 0) return undefined;
    const from = key.participant ?? key.remoteJid;
    // Baileys has kept by now what the stanza tells of its sender.
    const known = (await lidMapping.getPNsForLIDs(hiddenIn(from, said))) ?? [];
    const association = messageContextInfo?.messageAssociation;
    return {
      me: [id, lid],
      key: { id: key.id, remoteJid: key.remoteJid, ...(key.participant && { participant: key.participant }) },
      phones: Object.fromEntries(known.map((pair) => [personOf(pair.lid), personOf(pair.pn)])),
      messageTimestamp: Number(messageTimestamp),
      ...(pushName && { pushName }),
      message: {
        ...said,
        ...(association && { messageContextInfo: { messageAssociation: association } }),
      },
    };
  }
}

/** The addresses in a message that hide a phone number. */
function hiddenIn(from: string, said: object): string[] {
  const found = new Set([from]);
  JSON.stringify(said, (name, value) => {
    if (name === 'participant') found.add(String(value));
    return value;
  });
  return [...found].filter((jid) => jid.endsWith('@lid'));
}
