import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const ours = JSON.parse(read('package.json')) as Locked;
const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
const others = Object.entries(packages).filter(([path]) => path !== '');

/** What we say of licences, and what they are called in packages (spdx.org/licenses). */
const LISTED: Readonly<Record<string, string>> = {
  MIT: 'MIT',
  ISC: 'ISC',
  'BSD-2-Clause': 'BSD',
  'BSD-3-Clause': 'BSD',
  '0BSD': '0BSD',
  '(AFL-2.1 OR BSD-3-Clause)': 'AFL-2.1 or BSD',
  'Apache-2.0': 'Apache-2.0',
  'BlueOak-1.0.0': 'BlueOak-1.0.0',
  '(MPL-2.0 OR Apache-2.0)': 'MPL-2.0 or Apache-2.0',
};
/** Only with WhatsApp's library, which nobody has to install. */
const WITH_WHATSAPP: Readonly<Record<string, string>> = {
  'GPL-3.0': 'libsignal under GPL-3.0',
  'LGPL-3.0-or-later': "sharp's libvips under LGPL-3.0",
  'Apache-2.0 AND LGPL-3.0-or-later': "sharp's libvips under LGPL-3.0",
  'Apache-2.0 AND LGPL-3.0-or-later AND MIT': "sharp's libvips under LGPL-3.0",
};

it('dependencies come from the registry in a locked version, and the lock names no host', () => {
  expect(others.length).toBeGreaterThan(200);
  for (const [path, { version, integrity, resolved, link }] of others) {
    expect({ path, version, integrity, link }).toEqual({
      path,
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      integrity: expect.stringMatching(/^sha512-/),
      link: undefined,
    });
    expect(resolved, path).toBeUndefined();
  }
  const root = packages[''];
  for (const kind of ['dependencies', 'optionalDependencies', 'devDependencies'] as const) {
    expect(root?.[kind], 'the lock is that of package.json').toEqual(ours[kind]);
    for (const [name, range] of Object.entries(ours[kind] ?? {}))
      expect(range, name).toMatch(/^[\^~]?\d+\.\d+\.\d+/);
  }
  for (const file of ['package.json', 'package-lock.json'])
    expect(read(file), file).not.toMatch(/git\+|github:|file:|\.tgz/);
});

it('each licence of what runs is on the list in the README', () => {
  const words = read('README.md').split('## Licence')[1]?.replaceAll('\n', ' ') ?? '';
  const installed = others.filter(([path, { dev }]) => !dev && existsSync(join(ROOT, path, 'package.json')));
  expect(installed.length).toBeGreaterThan(100);
  for (const [path, { optional }] of installed) {
    const { license } = JSON.parse(read(join(path, 'package.json'))) as { license?: string };
    const listed = LISTED[license ?? ''] ?? (optional ? WITH_WHATSAPP[license ?? ''] : undefined);
    expect(listed, `${path} is under ${license}`).toBeDefined();
    expect(words, path).toContain(listed);
  }
});
