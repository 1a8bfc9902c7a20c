import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { FromWorker, ToWorker } from '../../../adapters/whatsapp/protocol.ts';
import type { OutboundFile } from '../../../src/contract/index.ts';
import { countStored } from '../../contract/stored-is-acked.ts';
import { TestHost } from '../../kit/adapter-host.ts';
import { bench, outbound, soon, world } from './harness.ts';

const { until } = countStored();
const WORKER = fileURLToPath(new URL('../../../adapters/whatsapp/worker.ts', import.meta.url));

it('prints nothing at all where libsignal prints its keys', async () => {
  const its = await world();
  const options = { file: join(its.folder, 'whatsapp.sqlite'), webSocketUrl: its.whatsapp.url };
  const worker = fork(WORKER, [JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const printed = Promise.all([worker.stdout, worker.stderr].map((stream) => stream && text(stream)));
  const told: FromWorker[] = [];
  worker.on('message', (message: FromWorker) => {
    told.push(message);
    if (message.type === 'login') its.whatsapp.scan(message.step.qr ?? '');
  });
  const heard = (type: FromWorker['type'], times: number) =>
    until(() => told.filter((message) => message.type === type).length === times, type);
  const tell = (message: ToWorker) => worker.send(message);

  await heard('open', 1);
  its.whatsapp.say(its.alice, 'one');
  await heard('event', 1);
  its.alice.forgetSession();
  its.whatsapp.say(its.alice, 'a new session takes the place of the old one');
  await heard('event', 2);
  const request = { type: 'send', chat: its.alice.jid, stanzaId: '3EB0AA', text: 'an answer' } as const;
  tell({ type: 'request', call: 1, request });
  await heard('done', 1);
  tell({ type: 'stop' });
  await once(worker, 'exit');
  expect(await printed).toEqual(['', '']);
  await its.dispose();
});

it('logs no code to log in with', async () => {
  for (const options of [{}, { pairing_phone_number: '+15550100' }]) {
    const its = await world(options, false);
    using host = new TestHost();
    const adapter = its.create();
    const starting = adapter.start(host).catch((error: unknown) => error);
    await until(() => its.asked.length === 1, 'the code');
    await adapter.stop();
    const said = inspect([its.logged, await starting], { depth: null });
    const [{ qr = '', code = '' } = {}] = its.asked;
    for (const secret of [code, ...qr.split(/[#,]/)].filter((part) => part.length > 6))
      expect(said).not.toContain(secret);
    await its.dispose();
  }
});

it('tells no key and no text in what it logs, reports and rejects with', async () => {
  await using it = await bench();
  const errors: unknown[] = [];
  const fail = (doing: Promise<unknown> | undefined) => doing?.catch((error: unknown) => errors.push(error));
  it.host.rejectNext();
  it.whatsapp.say(it.alice, 'CANARY of a person');
  const content = Buffer.from('CANARY in a file');
  it.whatsapp.say(it.alice, it.whatsapp.file('document', { name: 'CANARY', mime: 'x/y', content }));
  await it.host.until(() => it.host.messages.length === 2, 'both messages');
  const [attachment] = it.host.messages[1]?.attachments ?? [];
  it.whatsapp.media.refuseNext(500);
  await fail(attachment && it.adapter.download?.(attachment, soon()));
  for (const error of [401, 429, 500]) {
    it.whatsapp.failNext({ error });
    await fail(it.adapter.send(outbound('CANARY of ours'), soon()));
  }
  it.whatsapp.media.refuseNext(500);
  await fail(it.adapter.send(outbound('CANARY of ours', { files: [fileOf(it.folder)] }), soon()));
  it.whatsapp.failNext('accept and cut');
  await fail(it.adapter.send(outbound('CANARY of ours'), soon()));
  await it.host.until(() => it.host.states.length === 1, 'the cut');

  const said = inspect([it.logged, it.host.states, errors], { depth: null });
  expect(errors).toHaveLength(6);
  expect(it.logged).toHaveLength(1);
  const keys = keysIn(join(it.folder, 'whatsapp.sqlite'));
  expect(keys.length).toBeGreaterThan(10);
  const ref = attachment?.ref?.match(/"mediaKey":"([^"]+)"/)?.[1] ?? 'CANARY';
  for (const secret of ['CANARY', ref, ...keys]) expect(said).not.toContain(secret);
});

function fileOf(folder: string): OutboundFile {
  const path = join(folder, 'file');
  writeFileSync(path, 'CANARY in our file');
  return { kind: 'file', path, name: 'CANARY', mime: 'text/plain', bytes: 18 };
}

/** Every key of the login and its sessions, as base64 and as hexadecimal. */
function keysIn(file: string): string[] {
  using db = withDispose(new Database(file, { readonly: true }));
  const rows = db.prepare<[], { value: string }>('SELECT value FROM kept').all();
  return rows.flatMap(({ value }) =>
    [...value.matchAll(/"([A-Za-z0-9+/]{42,44}=?)"/g)].flatMap(([, key = '']) => [
      key,
      Buffer.from(key, 'base64').toString('hex'),
    ]),
  );
}

function withDispose(db: Database.Database) {
  return Object.assign(db, { [Symbol.dispose]: () => void db.close() });
}
