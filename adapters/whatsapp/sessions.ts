import { SessionCipher } from 'libsignal';

/** What libsignal holds of one session, as far as it matters here. */
interface Session {
  serialize(): object;
  readonly constructor: { deserialize(kept: object): object };
}

/** What libsignal does with each session of a person, one after the other, until one of them fits a message. */
interface Trials {
  doDecryptWhisperMessage(message: Uint8Array, session?: Session): Promise<Uint8Array>;
}

/**
 * Lets a session that a message is not meant for stay as it was. libsignal moves every session on that it only tries, and
 * then stores it with the one that fits: what is encrypted in it afterwards nobody can read. Baileys begins a session with
 * each start, while phones still write in an older one.
 */
export function keepSessionsThatDoNotFit(): void {
  const trials = SessionCipher.prototype as unknown as Trials;
  const decrypt = trials.doDecryptWhisperMessage;
  trials.doDecryptWhisperMessage = async function (message, session) {
    const before = session?.serialize();
    try {
      return await decrypt.call(this, message, session);
    } catch (error) {
      if (session && before) Object.assign(session, session.constructor.deserialize(before));
      throw error;
    }
  };
}
