import { cpSync, globSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type OutputChunk, type Plugin, rolldown } from 'rolldown';
import { minify } from 'rolldown/utils';

/*
 * `npm run build`: what is shipped, in dist/. Our own files are put together as they are; of the packages goes in what we use,
 * minified. Loaded whole, they are mostly source text and classes that nobody asks for: measured with all channels on, 100 MB
 * of memory and half of the time to start.
 */

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');
const NOTICES = 'THIRD-PARTY-NOTICES.txt';

/** What is started or imported by the place of its file; that of the rest follows from who imports it. */
const ENTRIES = ['src/cli/main', 'adapters/whatsapp/worker', 'adapters/whatsapp/baileys'];

/** Packages that stay packages. */
const APART = [
  'better-sqlite3', // has a native part
  'grammy', // its node-fetch calls what Node warns of anywhere but in node_modules
  /^libsignal(\/|$)/, // is under the GPL, and what we ship is not
  'pino-pretty', // loaded only where somebody looks
  // Whoever looks for these does without them.
  /^(audio-decode|bufferutil|jimp|link-preview-js|sharp|utf-8-validate|zlib-sync)$/,
];

/** Of WhatsApp's 670 types of messages each is made when it is first asked for: we need a few. */
const lazyMessages: Plugin = {
  name: 'lazy-messages',
  transform: {
    filter: { id: /\/WAProto\/index\.js$/ },
    handler(code) {
      const type = /^(\s+)(\w+)\.(\w+) = \(function\(\) \{\n([\s\S]*?)^\1\}\)\(\);$/gm;
      const delay = (text: string): string =>
        text.replace(type, (_, indent: string, owner: string, name: string, body: string) => {
          return `${indent}lazily(${owner}, '${name}', function() {\n${delay(body)}${indent}});`;
        });
      const delayed = delay(code);
      if (delayed === code) throw new Error('the types of WAProto are no longer where they were');
      return `${delayed}
function lazily(owner, name, make) {
  const get = () => {
    const value = make();
    Object.defineProperty(owner, name, { value, enumerable: true, writable: true });
    return value;
  };
  Object.defineProperty(owner, name, { get, enumerable: true, configurable: true });
}`;
    },
  },
};

/** Feishu's client inherits a method for each call of its API, 4 MB of them. We call by URL, for which it needs none. */
const leanLark: Plugin = {
  name: 'lean-lark',
  transform: {
    filter: { id: /\/@larksuiteoapi\/node-sdk\/es\/index\.js$/ },
    handler(code) {
      const lean = code.replace(/^class Client extends Client\$1 \{$/m, 'class Client extends Object {');
      if (lean === code) throw new Error("Feishu's client is no longer where it was");
      // Where it looks for its own version, and does without.
      return lean.replaceAll('__dirname', 'import.meta.dirname');
    },
  },
};

const nodeCrypto: Plugin = {
  name: 'node-crypto',
  resolveId: {
    filter: { id: /^whatsapp-rust-bridge$/ },
    handler: () => join(ROOT, 'adapters/whatsapp/rust-bridge.ts'),
  },
};

const minifyPackages: Plugin = {
  name: 'minify-packages',
  async generateBundle(_, bundle) {
    // Some code goes by the names of classes, and so does who reads an error.
    const keepNames = { function: true, class: true };
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk' || !isOfPackages(chunk.name)) continue;
      const options = { compress: { keepNames }, mangle: { keepNames } };
      chunk.code = ascii((await minify(chunk.fileName, chunk.code, options)).code);
    }
  },
};

/** V8 keeps a whole file in two bytes a character when one of them needs it. */
function ascii(code: string): string {
  return code.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const isOfPackages = (chunk: string) => chunk.startsWith('packages');

async function bundle(): Promise<OutputChunk[]> {
  const build = await rolldown({
    cwd: ROOT,
    input: Object.fromEntries(ENTRIES.map((entry) => [entry, join(ROOT, `${entry}.ts`)])),
    platform: 'node',
    external: APART,
    // ES modules where there are both: only of them can be left out what is not used.
    resolve: { mainFields: ['module', 'main'] },
    plugins: [lazyMessages, leanLark, nodeCrypto, minifyPackages],
  });
  const { output } = await build.write({
    dir: DIST,
    format: 'esm',
    // The terms of the authors are in one file of their own.
    comments: false,
    codeSplitting: { groups: [{ name: 'packages', test: /\/node_modules\//, entriesAware: true }] },
    chunkFileNames({ name, facadeModuleId: file }) {
      if (isOfPackages(name)) return 'chunks/packages-[hash].js';
      if (file === null || file.includes('/node_modules/')) return 'chunks/[name]-[hash].js';
      return relative(ROOT, file).replace(/\.ts$/, '.js');
    },
  });
  return output.filter((file) => file.type === 'chunk');
}

/** The terms of everything that went in, those that many share once. */
function notices(chunks: readonly OutputChunk[]): string {
  const files = chunks.flatMap((chunk) => Object.keys(chunk.modules));
  const folders = new Set(files.flatMap((file) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []));
  const packages = new Map<string, string[]>();
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    if (/GPL/.test(license)) throw new Error(`${name} is under ${license}: keep it apart`);
    const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name));
    const terms =
      file === undefined ? `(without a text: ${license})` : readFileSync(join(folder, file), 'utf8');
    packages.set(terms.trim(), [...(packages.get(terms.trim()) ?? []), `${name} ${version} (${license})`]);
  }
  const parts = [...packages].map(([terms, names]) => `${names.join('\n')}\n\n${terms}\n`);
  return `What is in this folder contains parts of these packages.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

const chunks = await bundle();
writeFileSync(join(DIST, NOTICES), notices(chunks));
// The page that WebChat serves.
const page = 'adapters/webchat/page';
cpSync(join(ROOT, page), join(DIST, page), {
  recursive: true,
  filter: (path) => !path.endsWith('jsconfig.json'),
});

// What earlier builds left goes last, so that a daemon that runs from here is at no time without its files.
const current = new Set([NOTICES, ...chunks.map((chunk) => chunk.fileName)]);
for (const entry of globSync('**', { cwd: DIST, withFileTypes: true })) {
  const file = relative(DIST, join(entry.parentPath, entry.name)).replaceAll('\\', '/');
  if (entry.isFile() && !current.has(file) && !file.startsWith(page)) rmSync(join(DIST, file));
}
