import { createHash, hkdfSync } from 'node:crypto';

/*
 * What Baileys uses of whatsapp-rust-bridge, by Node's own cryptography: it takes its place in what is built, because 2 MB of
 * WebAssembly cost 9 MB of memory. A test compares the two.
 */

interface HkdfInfo {
  readonly salt?: Uint8Array;
  readonly info?: string;
}

export function md5(data: Uint8Array): Uint8Array {
  return createHash('md5').update(data).digest();
}

export function hkdf(
  key: Uint8Array,
  length: number,
  { salt = new Uint8Array(), info = '' }: HkdfInfo,
): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, salt, info, length));
}

/** The five keys by which settings that the phone shares are encrypted and proven. */
export function expandAppStateKeys(key: Uint8Array) {
  const expanded = hkdf(key, 160, { info: 'WhatsApp Mutation Keys' });
  const part = (index: number) => expanded.subarray(32 * index, 32 * (index + 1));
  return {
    indexKey: part(0),
    valueEncryptionKey: part(1),
    valueMacKey: part(2),
    snapshotMacKey: part(3),
    patchMacKey: part(4),
  };
}

/** A hash of a set, from which a member can be taken again: 64 sums modulo 2¹⁶ of the members' own hashes. */
export class LTHashAntiTampering {
  subtractThenAdd(base: Uint8Array, subtract: readonly Uint8Array[], add: readonly Uint8Array[]): Uint8Array {
    const sums = new DataView(Uint8Array.from(base).buffer);
    const change = (member: Uint8Array, sign: 1 | -1) => {
      const hash = new DataView(
        hkdf(member, sums.byteLength, { info: 'WhatsApp Patch Integrity' }).buffer as ArrayBuffer,
      );
      for (let at = 0; at < sums.byteLength; at += 2)
        sums.setUint16(at, sums.getUint16(at, true) + sign * hash.getUint16(at, true), true);
    };
    for (const member of subtract) change(member, -1);
    for (const member of add) change(member, 1);
    return new Uint8Array(sums.buffer);
  }
}
