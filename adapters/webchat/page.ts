import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Language, Visitor } from '../../src/contract/index.ts';
import { languageOfBrowser, textsIn } from '../../src/texts/index.ts';
import { type Asset, asset } from './assets.ts';
import { MAX_FILE_BYTES, MAX_FILES, MAX_MESSAGE_LENGTH, PIECE_BYTES } from './capabilities.ts';

const SCRIPT = 'text/javascript; charset=utf-8';

/** The page's own modules; `tsc` does not touch them, a build copies them beside this file. */
const MODULES = [
  'app.js',
  'chat.js',
  'command-menu.js',
  'attached-files.js',
  'composer.js',
  'connection.js',
  'conversation.js',
  'html.js',
  'icons.js',
  'language.js',
  'line.js',
  'line-files.js',
  'log.js',
  'markdown.js',
  'new-id.js',
  'storage.js',
  'texts-en.js',
  'texts-zh.js',
  'unsent.js',
  'upload.js',
];

/**
 * Only our own files run, and the import map, which must be inline. Text becomes markup in one place only: through
 * DOMPurify, whose Trusted Types policy is the only one allowed. Images from elsewhere would tell their host who reads.
 */
const contentPolicy = (importMap: string) =>
  [
    "default-src 'none'",
    `script-src 'self' 'sha256-${createHash('sha256').update(importMap).digest('base64')}'`,
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types dompurify',
  ].join('; ');

export interface Page {
  /**
   * Answers for one path below the channel's; the page itself is the empty path. It speaks
   * what the browser asks for, or what `otherwise` says.
   */
  respond(path: string, request: Request, visitor: Visitor, otherwise: () => Language): Promise<Response>;
}

export function createPage(title: string): Page {
  const file = (name: string) => new URL(`./page/${name}`, import.meta.url);
  const template = readFileSync(file('index.html'), 'utf8');
  const importMap = /<script type="importmap">(.*?)<\/script>/s.exec(template)?.[1] ?? '';
  const libraries: Record<string, string> = JSON.parse(importMap).imports;

  const assets = new Map<string, Asset>([
    ['style.css', asset(file('style.css'), 'text/css; charset=utf-8')],
    ['icon.svg', asset(file('icon.svg'), 'image/svg+xml')],
    ...MODULES.map((name) => [name, asset(file(name), SCRIPT)] as const),
    ...Object.entries(libraries).map(
      ([name, path]) => [path.slice('./'.length), asset(new URL(import.meta.resolve(name)), SCRIPT)] as const,
    ),
  ]);

  function html(visitor: Visitor, language: Language): Response {
    const { tag, pages } = textsIn(language);
    const values: Record<string, string> = {
      lang: tag,
      needsJavaScript: pages.needsJavaScript,
      title: escapeHtml(title),
      visitor: escapeHtml(visitor.id),
      maxLength: String(MAX_MESSAGE_LENGTH),
      maxFiles: String(MAX_FILES),
      maxFileBytes: String(MAX_FILE_BYTES),
      pieceBytes: String(PIECE_BYTES),
    };
    return new Response(
      template.replace(/\{\{(\w+)\}\}/g, (hole, name: string) => values[name] ?? hole),
      {
        headers: {
          'content-type': 'text/html; charset=utf-8',
          'cache-control': 'no-store',
          'content-security-policy': contentPolicy(importMap),
          vary: 'accept-language',
        },
      },
    );
  }

  return {
    async respond(path, request, visitor, otherwise) {
      if (request.method !== 'GET' && request.method !== 'HEAD') return new Response(null, { status: 405 });
      if (path === '') {
        return html(visitor, languageOfBrowser(request.headers.get('accept-language')) ?? otherwise());
      }
      return assets.get(path)?.respond(request) ?? Response.json({ error: 'not found' }, { status: 404 });
    },
  };
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
