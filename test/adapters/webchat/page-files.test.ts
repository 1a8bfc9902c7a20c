import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bootHub } from './memory-hub.ts';

const PAGE_FOLDER = new URL('../../../adapters/webchat/page/', import.meta.url);

describe('the files of the page', () => {
  it('are all served, typed, and found again unchanged', async () => {
    await using hub = await bootHub();
    const files = readdirSync(PAGE_FOLDER).filter((name) => /\.(js|css|svg)$/.test(name));
    const libraries = ['preact', 'preact/hooks', 'htm', 'marked', 'dompurify'].map(
      (name) => `lib/${name}.js`,
    );
    for (const name of [...files, ...libraries]) {
      const response = await fetch(hub.url + name);
      expect(response.status, name).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^(text\/javascript|text\/css|image\/svg\+xml)/);
      const body = await response.text();
      const plain = await fetch(hub.url + name, { headers: { 'accept-encoding': 'identity' } });
      expect(await plain.text()).toBe(body);
      const etag = response.headers.get('etag') ?? '';
      expect((await fetch(hub.url + name, { headers: { 'if-none-match': etag } })).status).toBe(304);
    }
  });

  it('are the only ones', async () => {
    await using hub = await bootHub();
    for (const path of [
      'jsconfig.json',
      'index.html',
      '../adapter.ts',
      '%2e%2e/adapter.ts',
      'lib/zod.js',
      '__proto__',
    ]) {
      expect((await fetch(hub.url + path)).status, path).toBe(404);
    }
    const post = await fetch(hub.url, {
      method: 'POST',
      headers: { authorization: 'x', 'content-type': 'application/json' },
      body: '{}',
    });
    expect([401, 405]).toContain(post.status);
  });

  it('carry the title as text, whatever it is', async () => {
    await using hub = await bootHub({ title: `</title><script>alert("1")</script>&{{visitor}}` });
    const html = await (await fetch(hub.url)).text();
    expect(html).not.toContain('<script>alert');
    expect(html).toContain('&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;&#38;{{visitor}}');
  });
});
