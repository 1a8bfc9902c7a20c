import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import type { Fault } from '../../platforms/fake-http.ts';
import { bench, outbound, soon } from './harness.ts';

const FAULTS: Fault[] = [
  { kind: 'drop' },
  { kind: 'hang' },
  { kind: 'malformed' },
  { kind: 'status', status: 302, headers: { location: 'http://127.0.0.1:1/?password=x' } },
  ...[400, 401, 404, 429, 500].map((status): Fault => ({ kind: 'status', status })),
];

it.each(FAULTS)('keeps the password out of errors and logs: %j', async (fault) => {
  const ms = fault.kind === 'hang' ? 1000 : 20_000;
  await using b = await bench({ queryMs: ms, sendMs: ms, downloadMs: ms });
  const told: unknown[] = [];
  Object.assign(b.host, {
    log: { debug: told.push.bind(told), info: told.push.bind(told), warn: told.push.bind(told) },
  });
  const keep = (error: unknown) => void told.push(error);

  b.server.fail('server/info', fault);
  await b.adapter.start(b.host).catch(keep);
  await b.adapter.start(b.host);
  b.server.fail('message/text', fault);
  await b.adapter.send(outbound('Hi'), soon()).catch(keep);
  b.server.fail('download', fault);
  await read(b).catch(keep);
  b.server.fail('message/query', fault);
  await b.host.until(() => b.host.states.length > 0, 'the connection to be lost');
  told.push(...b.host.states);
  await b.server.stop();
  await b.adapter.send(outbound('Hi'), soon()).catch(keep);

  expect(told.length).toBeGreaterThanOrEqual(4);
  const { password } = b.server;
  const text = inspect(told, { depth: 20, showHidden: true });
  for (const form of [password, encodeURIComponent(password), btoa(password)])
    expect(text).not.toContain(form);
});

async function read(b: Awaited<ReturnType<typeof bench>>): Promise<void> {
  for await (const _ of (await b.adapter.download?.({ kind: 'file', ref: 'a1' }, soon())) ?? []);
}

it('takes the password along to no other host', async () => {
  await using b = await bench();
  await using other = await bench();
  b.server.fail('server/info', { kind: 'status', status: 307, headers: { location: other.server.url } });
  await b.adapter.start(b.host).catch(() => {});
  expect(other.server.requests.size).toBe(0);
});
