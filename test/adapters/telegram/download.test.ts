import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import type { Attachment } from '../../../src/contract/index.ts';
import type { Fault } from '../../platforms/fake-http.ts';
import { refusal } from './refusal.ts';
import { BEFORE_THE_SERVER_DOES, failure, PATIENT, type Setup, setUp } from './setup.ts';

/** A person has sent a file of this content, and it has arrived. */
async function received(content: Uint8Array): Promise<{ it: Setup; file: Attachment }> {
  const it = await setUp();
  await it.adapter.start(it.host);
  const document = { file_id: it.platform.keep(content), file_name: 'notes.bin', file_size: content.length };
  it.platform.say({ more: { document } });
  await it.host.until(() => it.host.messages.length === 1, 'the message');
  return { it, file: it.host.messages[0]?.attachments?.[0] ?? expect.fail('no attachment') };
}

async function fetched({ adapter }: Setup, file: Attachment, signal = PATIENT): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of (await adapter.download?.(file, signal)) ?? expect.fail()) pieces.push(piece);
  return Buffer.concat(pieces);
}

test('a file comes as it was sent, and again', async () => {
  const content = Buffer.alloc(300_000, 'every byte ');
  const { it, file } = await received(content);
  await using _ = it;
  expect(file).toMatchObject({ kind: 'file', name: 'notes.bin', bytes: 300_000 });
  expect((await fetched(it, file)).equals(content)).toBe(true);
  expect((await fetched(it, file)).equals(content)).toBe(true);
});

test('a file of more than 20 MB is not to be had', async () => {
  const { it, file } = await received(Buffer.alloc(20 * 1024 * 1024 + 1));
  await using _ = it;
  expect(await failure(fetched(it, file))).toMatchObject({
    kind: 'rejected',
    certain: true,
    message: expect.stringContaining('20 MB'),
    hint: expect.stringContaining('smaller'),
  });
});

test('a server that tells a path on its own disk is told to serve the file instead', async () => {
  const { it, file } = await received(Buffer.from('x'));
  await using _ = it;
  it.platform.localFiles = true;
  expect(await failure(fetched(it, file))).toMatchObject({
    kind: 'rejected',
    certain: true,
    hint: expect.stringContaining('--local'),
  });
  expect(it.platform.requests.get('download')).toBeUndefined();
});

test('what has no file cannot be fetched', async () => {
  await using it = await setUp();
  await it.adapter.start(it.host);
  expect(await failure(fetched(it, { kind: 'location' }))).toMatchObject({ kind: 'rejected' });
  expect(await failure(fetched(it, { kind: 'file', ref: 'unknown' }))).toMatchObject({ kind: 'rejected' });
});

const TROUBLES: [string, 'getFile' | 'download', Fault, object][] = [
  ['Telegram is down', 'getFile', refusal(502, 'Bad Gateway'), { kind: 'unavailable' }],
  ['the token was revoked', 'getFile', refusal(401, 'Unauthorized'), { kind: 'auth' }],
  ['no connection', 'getFile', { kind: 'drop' }, { kind: 'network' }],
  ['the link is too old', 'download', refusal(404, 'Not Found'), { kind: 'unavailable' }],
  ['no answer', 'download', { kind: 'drop' }, { kind: 'network' }],
  [
    'too fast',
    'download',
    { kind: 'status', status: 429, headers: { 'retry-after': '3' } },
    { kind: 'rate_limited', retryAfterMs: 3000 },
  ],
];
test.each(TROUBLES)('%s (%s): it is tried again later', async (_, operation, fault, expected) => {
  const { it, file } = await received(Buffer.from('content'));
  await using _it = it;
  it.platform.fail(operation, fault);
  const error = await failure(fetched(it, file));
  expect(error).toMatchObject(expected);
  expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(it.platform.token);
  expect((await fetched(it, file)).toString()).toBe('content');
});

test('a connection that breaks in the middle is no end of the file', async () => {
  const { it, file } = await received(Buffer.from('content'));
  await using _ = it;
  it.platform.breakDownloads = true;
  expect(await failure(fetched(it, file))).toMatchObject({ kind: 'network' });
});

test('the request is not sent on to another address: the token is in its path', async () => {
  const visits: string[] = [];
  const other = createServer((request, response) => {
    visits.push(request.url ?? '');
    response.end();
  }).listen(0, '127.0.0.1');
  const { it, file } = await received(Buffer.from('x'));
  await using _ = it;
  const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
  it.platform.fail('download', { kind: 'status', status: 302, headers: { location } });
  expect(await failure(fetched(it, file))).toMatchObject({ kind: 'unavailable' });
  expect(visits).toEqual([]);
  other.close();
});

test('ends when the gateway no longer waits, and leaves no connection', async () => {
  const { it, file } = await received(Buffer.from('x'));
  await using _ = it;
  it.platform.fail('download', { kind: 'hang' });
  const giveUp = new AbortController();
  const fetching = failure(fetched(it, file, giveUp.signal));
  await it.platform.until(() => it.platform.requests.get('download') === 1, 'the request');
  giveUp.abort();
  expect(await fetching).toMatchObject({ kind: 'network' });
  await it.adapter.stop();
  await it.platform.until(
    () => it.platform.connections === 0,
    'no connection to be left',
    BEFORE_THE_SERVER_DOES,
  );
  expect(await failure(fetched(it, file))).toMatchObject({ kind: 'network', certain: true });
});
