import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fetchFile, serverOfOurs } from '../../src/adapter-kit/index.ts';
import { ChannelError, errorText } from '../../src/contract/index.ts';

const ANSWERS: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '/json': (response) => response.end('{"a":1}'),
  '/text': (response) => response.end('hello'),
  '/elsewhere': (response) => response.writeHead(302, { location: '/text' }).end(),
  '/gone': (response) => response.writeHead(404).end('sorry'),
  '/cut': (response) => {
    response.writeHead(200, { 'content-length': '10' }).write('half');
    setImmediate(() => response.destroy());
  },
  '/never': () => {},
};
const server = createServer(({ url = '' }, response) => ANSWERS[url]?.(response));
const ours = serverOfOurs('the server', 'Start it.');
let root: string;

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const ask = (path: string) => ours.fetch(root + path, {});

async function textOf(file: Promise<AsyncIterable<Uint8Array>>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of await file) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

test('a server of ours is asked, and not what it might lead to', async () => {
  expect(await ours.json(await ask('/json'))).toEqual({ a: 1 });
  expect((await ask('/elsewhere')).status).toBe(302);
  expect(await textOf(ask('/text').then(ours.bytes))).toBe('hello');
});

test('and its failures are told by its name', async () => {
  await expect(ask('/text').then(ours.json)).rejects.toMatchObject({
    kind: 'unavailable',
    message: 'the server gave an answer that is not JSON',
  });
  for (const reading of [ask('/cut').then(ours.json), textOf(ask('/cut').then(ours.bytes))]) {
    const message = expect.stringMatching(/^the connection to the server failed: /);
    await expect(reading).rejects.toMatchObject({ kind: 'network', certain: false, message });
  }
  const signal = AbortSignal.timeout(20);
  await expect(ours.fetch(`${root}/never`, { signal })).rejects.toMatchObject({
    kind: 'network',
    certain: false,
    message: 'the server gave no answer in time',
  });
});

test('what was never reached has certainly done nothing', async () => {
  const closed = createServer();
  await once(closed.listen(0, '127.0.0.1'), 'listening');
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  await expect(ours.fetch(`http://127.0.0.1:${port}/`, {})).rejects.toMatchObject({
    kind: 'network',
    certain: true,
    message: 'the server cannot be reached: ECONNREFUSED',
    hint: 'Start it.',
  });
});

test.each([
  ['/gone', 'status 404'],
  ['/elsewhere', 'status 302'],
  ['/cut', /^broken: /],
])('a file from %s fails as the adapter says', async (path, message) => {
  const file = fetchFile(
    root + path,
    { signal: AbortSignal.timeout(20_000) },
    (error) => new ChannelError('network', `broken: ${errorText(error)}`),
    (status) => new ChannelError('rejected', `status ${status}`),
  );
  await expect(textOf(file)).rejects.toThrow(message);
});
