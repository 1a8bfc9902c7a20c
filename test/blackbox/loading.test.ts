import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { emptyFolder } from '../kit/folder.ts';
import { Daemon } from './daemon.ts';
import { every, platforms } from './far/index.ts';
import { lineOf, optionsFor } from './far/start.ts';

/** What is found in no package but a platform's SDK. */
const SDKS: Readonly<Record<string, string>> = {
  discord: 'DiscordBot (',
  feishu: 'tenant_access_token',
  slack: 'files.completeUploadExternal',
  telegram: 'grammy',
  whatsapp: 'web.whatsapp.com',
};

/** The SDKs that are among these modules; those of packages are put together with others, so their text must tell. */
function sdksIn(urls: readonly string[]): string[] {
  const packages = urls.filter((url) => /^file:.*\/(?:node_modules\/|chunks\/packages-)/.test(url));
  const texts = packages.map((url) => readFileSync(fileURLToPath(url), 'utf8'));
  return Object.entries(SDKS).flatMap(([name, sign]) =>
    texts.some((text) => text.includes(sign)) ? [name] : [],
  );
}

test.each(['none', ...Object.keys(platforms)])(
  'channels that are on: %s; SDKs that are loaded: no other',
  async (on) => {
    using folder = emptyFolder();
    await using all = await every();
    const lines = all.fars.map((far) =>
      lineOf(far, { more: `dm_policy: open, enabled: ${far.name === on}` }),
    );
    const { env, prepare } = optionsFor(all.fars.filter(({ name }) => name === on));
    const record = `--import=${new URL('record-loading.ts', import.meta.url)}`;
    const file = join(folder.path, 'modules');
    await using daemon = await Daemon.start(`channels:\n${lines.join('')}`, {
      env: { ...env, NODE_OPTIONS: [env.NODE_OPTIONS ?? '', record].join(' ').trim(), LOADED_MODULES: file },
      prepare,
    });
    if (on !== 'none') await daemon.until(({ msg }) => msg === `${on} is connected`, 'the connection');
    await daemon.kill('SIGTERM');
    const loaded = readFileSync(file, 'utf8').trim().split('\n');
    expect(sdksIn(loaded)).toEqual(on in SDKS ? [on] : []);
  },
);
