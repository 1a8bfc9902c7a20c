import { expect, test } from 'vitest';
import * as theirs from 'whatsapp-rust-bridge';
import * as ours from '../../../adapters/whatsapp/rust-bridge.ts';
import { fc } from '../../kit/properties.ts';

const bytes = (size?: number) =>
  fc.uint8Array(size === undefined ? { maxLength: 100 } : { minLength: size, maxLength: size });
const hex = (data: Uint8Array) => Buffer.from(data).toString('hex');

test('what is built computes what whatsapp-rust-bridge computes', () => {
  fc.assert(
    fc.property(
      bytes(),
      fc.integer({ min: 1, max: 500 }),
      bytes(),
      fc.string(),
      (key, length, salt, info) => {
        expect(hex(ours.md5(key))).toBe(hex(theirs.md5(key)));
        expect(hex(ours.hkdf(key, length, { salt, info }))).toBe(
          hex(theirs.hkdf(key, length, { salt, info })),
        );
        expect(hex(ours.hkdf(key, length, {}))).toBe(hex(theirs.hkdf(key, length, {})));
      },
    ),
  );
});

test('the keys of settings that the phone shares, and the hash that proves them', () => {
  const members = fc.array(bytes(32), { maxLength: 5 });
  fc.assert(
    fc.property(bytes(32), bytes(128), members, members, (key, base, less, more) => {
      const [own, real] = [ours.expandAppStateKeys(key), theirs.expandAppStateKeys(key)];
      for (const name of [
        'indexKey',
        'valueEncryptionKey',
        'valueMacKey',
        'snapshotMacKey',
        'patchMacKey',
      ] as const)
        expect(hex(own[name])).toBe(hex(real[name]));
      expect(hex(new ours.LTHashAntiTampering().subtractThenAdd(base, less, more))).toBe(
        hex(new theirs.LTHashAntiTampering().subtractThenAdd(base, less, more)),
      );
    }),
  );
});
