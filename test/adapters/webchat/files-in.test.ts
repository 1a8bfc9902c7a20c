import { randomUUID } from 'node:crypto';
import { readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ChannelError } from '../../../src/contract/index.ts';
import { bootHub, type Hub } from './memory-hub.ts';
import { browser } from './tab-client.ts';

const CONTENT = Buffer.from('a picture, says whoever sent it');
const HOUR_MS = 3_600_000;

const described = (id: string, bytes = CONTENT.length) => ({ id, name: 'cat.png', mime: 'image/png', bytes });

/** The files on the disk, absolute. */
function filesOf(hub: Hub): string[] {
  return readdirSync(hub.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function age(paths: string[], ms: number): void {
  const then = (Date.now() - ms) / 1000;
  for (const path of paths) utimesSync(path, then, then);
}

describe('files of a person', () => {
  it('are uploaded in pieces, named by a message, and fetched', async () => {
    await using hub = await bootHub();
    const { open, upload, ask } = await browser(hub);
    using tab = await open();
    using other = await open();
    await tab.hello();
    await other.hello();
    const file = randomUUID();
    expect((await upload(file, CONTENT.subarray(0, 10))).told).toEqual({ bytes: 10 });
    expect((await upload(file, CONTENT.subarray(10), 10)).told).toEqual({ bytes: CONTENT.length });
    const id = tab.message('Look!', { files: [described(file)] });
    await tab.next('ack', { id });
    const [message] = hub.stored;
    expect(message?.text).toBe('Look!');
    expect(message?.attachments).toEqual([
      { kind: 'image', name: 'cat.png', mime: 'image/png', bytes: CONTENT.length, ref: expect.any(String) },
    ]);
    for (const attachment of message?.attachments ?? [])
      expect(await hub.contentOf(attachment)).toEqual(CONTENT);

    const { line } = await other.next('line');
    expect(line.files).toEqual([{ name: 'cat.png', mime: 'image/png', bytes: CONTENT.length }]);
    const shown = await ask(`files/${id}/0`);
    expect(shown.content).toEqual(CONTENT);
    expect(shown.headers.get('content-disposition')).toMatch(/^inline/);
    expect((await (await browser(hub)).ask(`files/${id}/0`)).status).toBe(404);
    using later = await open();
    expect((await later.hello()).lines).toMatchObject([{ id, files: [{ name: 'cat.png' }] }]);
  });

  it('need no text beside them, and say what kind they are', async () => {
    await using hub = await bootHub();
    const { open, upload } = await browser(hub);
    using tab = await open();
    const files = [];
    for (const mime of ['audio/ogg', 'video/mp4', 'text/html', '']) {
      const file = randomUUID();
      await upload(file, CONTENT);
      files.push({ ...described(file), mime });
    }
    await tab.next('ack', { id: tab.message('', { files }) });
    expect(hub.stored[0]?.attachments?.map(({ kind }) => kind)).toEqual(['audio', 'video', 'file', 'file']);
  });

  it('come once, however often a piece or the message does', async () => {
    await using hub = await bootHub();
    const { open, upload } = await browser(hub);
    using tab = await open();
    const file = randomUUID();
    await upload(file, CONTENT);
    expect((await upload(file, CONTENT.subarray(0, 5))).told).toEqual({ bytes: CONTENT.length });
    hub.broken = true;
    const id = tab.message('Look!', { files: [described(file)] });
    await tab.next('nack', { id });
    hub.broken = false;
    for (let n = 0; n < 2; n += 1) {
      tab.message('Look!', { id, files: [described(file)] });
      await tab.next('ack', { id });
    }
    expect(hub.stored).toHaveLength(1);
    const refs = hub.offered.map(({ attachments }) => attachments?.[0]?.ref);
    expect(new Set(refs).size).toBe(1);
    expect(filesOf(hub)).toHaveLength(1);
  });

  it('keep the order of what was said', async () => {
    await using hub = await bootHub();
    const { open, upload } = await browser(hub);
    using tab = await open();
    const file = randomUUID();
    await upload(file, CONTENT);
    tab.message('first', { files: [described(file)] });
    await tab.next('ack', { id: tab.message('second') });
    expect(hub.stored.map(({ text }) => text)).toEqual(['first', 'second']);
  });

  it('are only those of the visitor, whole and there', async () => {
    await using hub = await bootHub();
    const owner = await browser(hub);
    const file = randomUUID();
    await owner.upload(file, CONTENT);
    const thief = await browser(hub);
    using theirs = await thief.open();
    using own = await owner.open();
    const wrong = [
      [theirs, described(file)],
      [own, described(randomUUID())],
      [own, described(file, CONTENT.length + 1)],
    ] as const;
    for (const [tab, claimed] of wrong) {
      const { reason, retryAfterMs } = await tab.next('nack', { id: tab.message('x', { files: [claimed] }) });
      expect(reason).toBe('file_gone');
      expect(retryAfterMs).toBeUndefined();
    }
    expect(hub.offered).toEqual([]);
    await own.next('ack', { id: own.message('x', { files: [described(file)] }) });
  });

  it.each(['../../etc/passwd', '/etc/passwd', 'a/../../b', 'a\0/b', '', '..', 'missing/file'])(
    'are nothing else on the disk: %s',
    async (ref) => {
      await using hub = await bootHub();
      const error = await hub.contentOf({ kind: 'file', ref }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(ChannelError);
      expect(error).toMatchObject({ kind: 'rejected' });
    },
  );

  it('are readable for this user alone', async () => {
    await using hub = await bootHub();
    await (await browser(hub)).upload(randomUUID(), CONTENT);
    const [path = ''] = filesOf(hub);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
  });
});

describe('uploading', () => {
  it.each([
    ['no UUID', { id: '../x', offset: 0, data: 'eA==' }],
    ['a negative offset', { id: randomUUID(), offset: -1, data: 'eA==' }],
    ['no base64', { id: randomUUID(), offset: 0, data: '<>' }],
    ['too long a piece', { id: randomUUID(), offset: 0, data: 'A'.repeat(700_000) }],
    ['nothing', null],
  ])('refuses %s', async (_, body) => {
    await using hub = await bootHub();
    const { ask } = await browser(hub);
    const headers = { 'content-type': 'application/json' };
    expect((await ask('upload', { method: 'POST', headers, body: JSON.stringify(body) })).status).toBe(400);
    expect(filesOf(hub)).toEqual([]);
  });

  it('is not for other sites, nor for browsers that have never been here', async () => {
    await using hub = await bootHub();
    const { ask } = await browser(hub);
    const body = JSON.stringify({ id: randomUUID(), offset: 0, data: 'eA==' });
    const json = { 'content-type': 'application/json' };
    const evil = { ...json, origin: 'https://evil.example' };
    expect((await ask('upload', { method: 'POST', headers: evil, body })).status).toBe(403);
    const stranger = { ...json, cookie: '' };
    expect((await ask('upload', { method: 'POST', headers: stranger, body })).status).toBe(401);
    expect((await ask('upload')).status).toBe(405);
    expect(filesOf(hub)).toEqual([]);
  });

  it('tells where to go on when a piece is missing', async () => {
    await using hub = await bootHub();
    const { upload } = await browser(hub);
    const file = randomUUID();
    await upload(file, CONTENT.subarray(0, 4));
    const response = await upload(file, CONTENT.subarray(8), 8);
    expect(response).toEqual({ status: 409, told: { bytes: 4 } });
  });

  it('ends at 20 MB', async () => {
    await using hub = await bootHub();
    const { upload } = await browser(hub);
    const file = randomUUID();
    const piece = Buffer.alloc(500_000);
    for (let offset = 0; offset < 20_000_000; offset += piece.length) {
      expect((await upload(file, piece, offset)).status).toBe(200);
    }
    const response = await upload(file, Buffer.from('x'), 20_000_000);
    expect(response).toEqual({ status: 413, told: { error: 'too_large' } });
  });

  it('leaves room for others: so many unsent files are enough', async () => {
    await using hub = await bootHub();
    const { upload } = await browser(hub);
    const files = Array.from({ length: 20 }, () => randomUUID());
    for (const file of files) expect((await upload(file, CONTENT)).status).toBe(200);
    expect((await upload(randomUUID(), CONTENT)).status).toBe(429);
    expect((await upload(files[0] ?? '', CONTENT, CONTENT.length)).status).toBe(200);
    expect((await (await browser(hub)).upload(randomUUID(), CONTENT)).status).toBe(200);
  });

  it('leaves room for others: so many files in a week are enough', async () => {
    await using hub = await bootHub();
    const { open, upload } = await browser(hub);
    using tab = await open();
    const file = randomUUID();
    await upload(file, CONTENT);
    await tab.next('ack', { id: tab.message('x', { files: [described(file)] }) });
    const [path = ''] = filesOf(hub);
    for (let n = 1; n < 500; n += 1) writeFileSync(join(path, '..', `sent-before-${n}`), '');
    expect((await upload(randomUUID(), CONTENT)).status).toBe(429);
    expect((await (await browser(hub)).upload(randomUUID(), CONTENT)).status).toBe(200);
  });

  it('is for nothing if no message names the file within an hour; the others stay for a week', async () => {
    await using hub = await bootHub();
    const { open, upload } = await browser(hub);
    using tab = await open();
    const [sent, unsent] = [randomUUID(), randomUUID()];
    await upload(sent, CONTENT);
    await tab.next('ack', { id: tab.message('x', { files: [described(sent)] }) });
    await upload(unsent, CONTENT);
    const left = async (hours: number) => {
      age(filesOf(hub), hours * HOUR_MS);
      await hub.restart();
      return filesOf(hub).map((path) => path.includes('unsent'));
    };
    expect((await left(0.9)).sort()).toEqual([false, true]);
    expect(await left(1.1)).toEqual([false]);
    expect(await left(6.9 * 24)).toEqual([false]);
    expect(await left(7.1 * 24)).toEqual([]);
  });
});
