import { accessSync, constants } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { installPackages } from './debian.ts';

/** The browser that page tests run in, or why there is none. On a CI machine it must be there. */
export function findChromium(): { path: string } | { missing: string } {
  const known = installed();
  if (known !== undefined) return { path: known };
  const trouble = installPackages('chromium');
  const added = installed();
  if (added !== undefined) return { path: added };
  const missing = `no Chromium: set CHROMIUM_PATH, or install Debian's chromium${trouble}`;
  if (process.env.CI) throw new Error(missing);
  return { missing };
}

/** What a test must not do: phone home, keep state, or ask anything outside of loopback. */
export function launch(path: string): Promise<Browser> {
  return chromium.launch({
    executablePath: path,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

function installed(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const folders = (process.env.PATH ?? '').split(':').concat('/usr/bin', '/snap/bin');
  const candidates = [
    process.env.CHROMIUM_PATH ?? '',
    ...names.flatMap((name) => folders.map((folder) => `${folder}/${name}`)),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ];
  return candidates.find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return path.startsWith('/');
  } catch {
    return false;
  }
}
