import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chatId, type OutboundFile } from '../../../src/contract/index.ts';
import { bootHub, type Hub } from './memory-hub.ts';
import { browser } from './tab-client.ts';

function saved(hub: Hub, name: string, mime: string, content = `content of ${name}`): OutboundFile {
  const path = join(hub.folder, `file-${encodeURIComponent(name)}`);
  writeFileSync(path, content);
  return { kind: mime.startsWith('image/') ? 'image' : 'file', path, name, mime, bytes: content.length };
}

/** A visitor to whom the agent has sent these files. */
async function visitorWith(hub: Hub, ...files: [OutboundFile, ...OutboundFile[]]) {
  const { open, ask } = await browser(hub);
  using tab = await open();
  const { visitor } = await tab.hello();
  await hub.answer(chatId(visitor), 'Here you are.', { files });
  const { line } = await tab.next('line');
  return { open, ask, line, visitor };
}

describe('files of the agent', () => {
  it('are told with the line, also after a reload, and nobody learns where they lie', async () => {
    await using hub = await bootHub();
    const { open, line } = await visitorWith(
      hub,
      saved(hub, 'cat.png', 'image/png', 'abc'),
      saved(hub, 'a.pdf', 'application/pdf', ''),
    );
    expect(line).toMatchObject({ text: 'Here you are.', turn: 'turn1' });
    expect(line.files).toEqual([
      { name: 'cat.png', mime: 'image/png', bytes: 3 },
      { name: 'a.pdf', mime: 'application/pdf', bytes: 0 },
    ]);
    using later = await open();
    expect((await later.hello()).lines).toEqual([{ ...line, at: expect.any(Number) }]);
  });

  it('open in the browser only if they are pictures; everything else is downloaded', async () => {
    await using hub = await bootHub();
    const types = [
      ['cat.png', 'image/png', 'inline'],
      ['cat.jpg', 'image/jpeg', 'inline'],
      ['cat.svg', 'image/svg+xml', 'attachment'],
      ['page.html', 'text/html', 'attachment'],
      ['a.pdf', 'application/pdf', 'attachment'],
    ] as const;
    const files = types.map(([name, mime]) => saved(hub, name, mime));
    const { ask, line } = await visitorWith(hub, ...(files as [OutboundFile]));
    for (const [place, [name, mime, disposition]] of types.entries()) {
      const { headers, content } = await ask(`files/${line.id}/${place}`);
      expect(String(content)).toBe(`content of ${name}`);
      expect(headers.get('content-type'), name).toBe(mime);
      expect(headers.get('content-disposition'), name).toBe(`${disposition}; filename*=UTF-8''${name}`);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';.*\bsandbox\b/);
    }
  });

  it.each([
    ['../../etc/passwd', '.._.._etc_passwd'],
    ['a\r\nset-cookie: x', 'a__set-cookie: x'],
    ['photo\u202Egpj.exe', 'photo_gpj.exe'],
    ["it's (1)*.txt", "it's (1)*.txt"],
    ['Übersicht 😀.txt', 'Übersicht 😀.txt'],
    ['broken \uD83D.txt', 'broken \uFFFD.txt'],
    ['x'.repeat(4000), 'x'.repeat(150)],
  ])('have a harmless name (%#)', async (name, shown) => {
    await using hub = await bootHub();
    const file = { ...saved(hub, 'x', 'text/plain; x\r\ny: z'), name };
    const { ask, line } = await visitorWith(hub, file);
    expect(line.files?.[0]?.name).toBe(shown);
    const { headers } = await ask(`files/${line.id}/0`);
    const [, told = ''] =
      /filename\*=UTF-8''([\w%.~!#$&+^`|-]+)$/.exec(headers.get('content-disposition') ?? '') ?? [];
    expect(decodeURIComponent(told)).toBe(shown);
    expect(headers.get('content-type')).toBe('application/octet-stream');
  });

  it('are for the visitor whose chat it is, and nobody else', async () => {
    await using hub = await bootHub();
    const { ask, line } = await visitorWith(hub, saved(hub, 'secret.txt', 'text/plain'));
    expect((await ask(`files/${line.id}/0`)).status).toBe(200);
    const other = await browser(hub);
    using tab = await other.open();
    await tab.hello();
    expect((await other.ask(`files/${line.id}/0`)).status).toBe(404);
    expect((await ask(`files/${line.id}/0`, { headers: { cookie: '' } })).status).toBe(404);
  });

  it.each([
    'turn1-0/1',
    'turn1-0',
    'turn1-0/0/0',
    'turn1-0/../0',
    'turn1-0%2f0',
    '__proto__/0',
    'turn1-0/-1',
    'turn1-0/',
    'turn1-0/0x0',
    '',
  ])('are found by line and place only: %s', async (which) => {
    await using hub = await bootHub();
    const { ask } = await visitorWith(hub, saved(hub, 'a.txt', 'text/plain'));
    expect((await ask(`files/${which}`)).status).toBe(404);
  });

  it('that are gone from the disk are not found', async () => {
    await using hub = await bootHub();
    const file = saved(hub, 'a.txt', 'text/plain');
    const { ask, line } = await visitorWith(hub, file);
    rmSync(file.path);
    expect((await ask(`files/${line.id}/0`)).status).toBe(404);
  });

  it('are not sent again to a browser that has them and still may', async () => {
    await using hub = await bootHub();
    const { ask, line } = await visitorWith(hub, saved(hub, 'a.png', 'image/png'));
    const { headers } = await ask(`files/${line.id}/0`, { method: 'HEAD' });
    expect(headers.get('cache-control')).toBe('private, no-cache');
    const etag = { 'if-none-match': headers.get('etag') ?? '' };
    expect((await ask(`files/${line.id}/0`, { headers: etag })).status).toBe(304);
    const other = await browser(hub);
    expect((await other.ask(`files/${line.id}/0`, { headers: etag })).status).toBe(404);
  });
});
