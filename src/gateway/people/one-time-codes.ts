import { randomInt } from 'node:crypto';
import type { ChannelId, SenderId } from '../../contract/index.ts';
import type { CodeOwner, CodePurpose, CodeRow, Store } from '../../store/index.ts';
import { GuessLimit } from './guess-limit.ts';

/** Without what looks alike. 31 letters, so that eight of them hold 40 bits. */
const LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const LENGTH = 8;

/** How long a code is good, in milliseconds. */
const GOOD_FOR_MS: Readonly<Record<CodePurpose, number>> = {
  pair: 24 * 60 * 60_000, // the owner may be asleep
  link: 10 * 60_000,
  claim: 10 * 60_000,
};

/** One-time codes: made for somebody, and good once, for a while. */
export class OneTimeCodes {
  readonly #store: Store;
  readonly #guesses = new GuessLimit();

  constructor(store: Store) {
    this.#store = store;
  }

  /** The code that they have, or a new one. To be called within a write. */
  codeFor(purpose: CodePurpose, owner: CodeOwner | undefined): CodeRow {
    const now = Date.now();
    const known = this.#store.codes.of(purpose, owner, now);
    if (known !== undefined) return known;
    const code = { code: newCode(), purpose, owner, expiresAt: now + GOOD_FOR_MS[purpose] };
    this.#store.codes.put(code, now);
    return code;
  }

  /**
   * Looks up what somebody typed. `undefined`: it is wrong, too old or used; `too_many`: it was not even looked at, because there
   * were too many wrong ones.
   */
  find(
    purpose: CodePurpose,
    written: string,
    { channel, sender }: { channel: ChannelId; sender: SenderId },
  ): CodeRow | undefined | 'too_many' {
    if (!this.#guesses.allows(channel, sender)) return 'too_many';
    const code = this.#store.codes.find(normalized(written), purpose, Date.now());
    if (code === undefined) this.#guesses.wrong(channel, sender);
    return code;
  }

  /** To be called within a write. */
  use(code: CodeRow): void {
    this.#store.codes.use(code);
  }
}

/** As people are shown it. */
export function shownCode(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

function newCode(): string {
  return Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}

/** As people may type it: in small letters, with spaces or hyphens. */
function normalized(written: string): string {
  return written.toUpperCase().replace(/[^0-9A-Z]/g, '');
}
