import {
  addTransactionCapability,
  type BinaryNode,
  Curve,
  DEFAULT_CONNECTION_CONFIG,
  encodeWAMessage,
  initAuthCreds,
  proto,
  type SignalDataSet,
  type SignalDataTypeMap,
  type SignalRepositoryWithLIDStore,
  unpadRandomMax16,
  xmppSignedPreKey,
} from '@whiskeysockets/baileys';
import { SessionCipher } from 'libsignal';

export const quiet = {
  level: 'silent',
  child: () => quiet,
  trace() {},
  debug() {},
  info() {},
  warn() {},
  error() {},
};

type E2ESession = Parameters<SignalRepositoryWithLIDStore['injectE2ESession']>[0]['session'];

/** libsignal prints sessions, with their keys, when one takes another's place: nothing that a test's output should hold. */
globalThis.console.info = () => {};
globalThis.console.warn = () => {};

interface Session {
  serialize(): object;
  readonly constructor: { deserialize(kept: object): object };
}

interface Trials {
  doDecryptWhisperMessage(message: Uint8Array, session: Session): Promise<Uint8Array>;
}

/** A phone spoils no session by trying it; libsignal for Node does. */
const trials = SessionCipher.prototype as unknown as Trials;
const decrypt = trials.doDecryptWhisperMessage;
trials.doDecryptWhisperMessage = async function (message, session) {
  const before = session.serialize();
  return decrypt.call(this, message, session).catch((error: unknown) => {
    Object.assign(session, session.constructor.deserialize(before));
    throw error;
  });
};

/** How a device's sessions are begun. */
export interface Bundle {
  readonly registrationId: number;
  readonly identity: Uint8Array;
  readonly signedPreKey: {
    readonly keyId: number;
    readonly publicKey: Uint8Array;
    readonly signature: Uint8Array;
  };
}

const withType = (key: Uint8Array) => Buffer.concat([Buffer.from([5]), key]);

/** Somebody with WhatsApp on a phone: encrypts and decrypts end to end, with nobody in between able to. */
export class WhatsappPerson {
  readonly jid: string;
  readonly lid: string;
  readonly name: string;
  readonly #creds = initAuthCreds();
  readonly #repository;
  readonly #groups = new Set<string>();
  #hasSession = false;

  constructor(number: string, name: string) {
    this.jid = `${number}@s.whatsapp.net`;
    this.lid = `9${number}@lid`;
    this.name = name;
    const kept = new Map<string, unknown>();
    const keys = addTransactionCapability(
      {
        get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]) {
          const found: Record<string, SignalDataTypeMap[T]> = {};
          for (const id of ids)
            if (kept.has(`${type}/${id}`)) found[id] = kept.get(`${type}/${id}`) as SignalDataTypeMap[T];
          return found;
        },
        set(data: SignalDataSet) {
          for (const [type, values] of Object.entries(data))
            for (const [id, value] of Object.entries(values ?? {})) {
              if (value === null) kept.delete(`${type}/${id}`);
              else kept.set(`${type}/${id}`, value);
            }
        },
      },
      quiet,
      { maxCommitRetries: 1, delayBetweenTriesMs: 1 },
    );
    this.#repository = DEFAULT_CONNECTION_CONFIG.makeSignalRepository(
      { creds: this.#creds, keys },
      quiet,
      async () => [],
    );
  }

  get registrationId(): number {
    return this.#creds.registrationId;
  }

  /** What the server hands out for those who want to write to this person. */
  bundle(): BinaryNode[] {
    const registration = Buffer.alloc(4);
    registration.writeUInt32BE(this.#creds.registrationId);
    return [
      { tag: 'registration', attrs: {}, content: registration },
      { tag: 'type', attrs: {}, content: Buffer.from([5]) },
      { tag: 'identity', attrs: {}, content: this.#creds.signedIdentityKey.public },
      xmppSignedPreKey(this.#creds.signedPreKey),
    ];
  }

  /** The next message begins a new session. */
  forgetSession(): void {
    this.#hasSession = false;
    this.#groups.clear();
  }

  async encrypt(to: string, bundle: Bundle, message: proto.IMessage, group?: string): Promise<BinaryNode[]> {
    if (!this.#hasSession) {
      const { signedPreKey } = bundle;
      const session = {
        registrationId: bundle.registrationId,
        identityKey: withType(bundle.identity),
        signedPreKey: { ...signedPreKey, publicKey: withType(signedPreKey.publicKey) },
      };
      // A bundle without a one-time key is what the server hands out when these have run out.
      await this.#repository.injectE2ESession({
        jid: to,
        session: session as E2ESession,
      });
      this.#hasSession = true;
    }
    if (group === undefined) return [await this.#sealed(to, message)];
    const data = encodeWAMessage(message);
    const { ciphertext, senderKeyDistributionMessage } = await this.#repository.encryptGroupMessage({
      group,
      data,
      meId: this.jid,
    });
    const sealed = { tag: 'enc', attrs: { v: '2', type: 'skmsg' }, content: ciphertext };
    if (this.#groups.has(group)) return [sealed];
    this.#groups.add(group);
    const key = { groupId: group, axolotlSenderKeyDistributionMessage: senderKeyDistributionMessage };
    return [await this.#sealed(to, { senderKeyDistributionMessage: key }), sealed];
  }

  async decrypt(
    from: string,
    group: string | undefined,
    nodes: readonly BinaryNode[],
  ): Promise<proto.IMessage> {
    let message: proto.IMessage = {};
    for (const { attrs, content } of nodes) {
      if (!(content instanceof Uint8Array)) continue;
      const padded =
        attrs.type === 'skmsg' && group
          ? await this.#repository.decryptGroupMessage({ group, authorJid: from, msg: content })
          : await this.#repository.decryptMessage({
              jid: from,
              type: attrs.type === 'pkmsg' ? 'pkmsg' : 'msg',
              ciphertext: content,
            });
      message = proto.Message.decode(unpadRandomMax16(padded));
      const item = message.senderKeyDistributionMessage;
      if (item) await this.#repository.processSenderKeyDistributionMessage({ authorJid: from, item });
    }
    return message;
  }

  async #sealed(to: string, message: proto.IMessage): Promise<BinaryNode> {
    const { type, ciphertext } = await this.#repository.encryptMessage({
      jid: to,
      data: encodeWAMessage(message),
    });
    return { tag: 'enc', attrs: { v: '2', type }, content: ciphertext };
  }
}

/** The phone that the device is linked to; it vouches for the device with this key. */
export const phoneKey = Curve.generateKeyPair();
