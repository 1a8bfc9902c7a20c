import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  closeSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { serveControl } from '../../src/server/index.ts';
import { openStore } from '../../src/store/index.ts';
import { migrations } from '../../src/store/migrations/index.ts';
import type { Bed, Fault } from './bed.ts';

const TOKEN = 'a-token-that-nobody-guesses';

/** Faults of this machine: the configuration, files, the disk, the database, the port. */
export const faultsHere: readonly Fault[] = [
  {
    name: 'there is no configuration',
    plant: (bed) => void Object.assign(bed, { write: () => rmSync(bed.configFile, { force: true }) }),
    found: {
      check: 'config',
      level: 'problem',
      what: /cannot be read: there is no such file/,
      cure: /--config/,
    },
    cure: (bed) => void Reflect.deleteProperty(bed, 'write'),
  },
  {
    name: 'a key is misspelt',
    plant: (bed) => void bed.yaml.set('gateway', '{ prot: 1 }'),
    found: {
      check: 'config',
      level: 'problem',
      what: /:2:\d+: gateway\.prot: unknown key/,
      cure: /check --config/,
    },
    cure: (bed) => void bed.yaml.set('gateway', '{ port: 0 }'),
  },
  {
    name: 'a variable is not set',
    plant: (bed) => void bed.yaml.set('gateway', `{ port: 0, token: "\${DOCTOR_TOKEN}" }`),
    found: {
      check: 'config',
      level: 'problem',
      what: /DOCTOR_TOKEN is not set/,
      cure: /environment of the service/,
    },
    cure: (bed) => void Object.assign(bed.env, { DOCTOR_TOKEN: TOKEN }),
  },
  {
    name: 'other machines reach the port, and there is no token',
    plant: (bed) => void bed.yaml.set('gateway', '{ port: 0, host: 0.0.0.0 }'),
    found: { check: 'config', level: 'problem', what: /there is no token/, cure: /openssl rand/ },
    cure: (bed) => {
      bed.yaml.set('gateway', `{ port: 0, host: 0.0.0.0, token: "\${DOCTOR_TOKEN}" }`);
      bed.env.DOCTOR_TOKEN = TOKEN;
    },
  },
  {
    name: 'all channels are off',
    plant: (bed) => void bed.yaml.set('channels', '{ webchat: { enabled: false } }'),
    found: { check: 'config', level: 'warning', what: /no channel is enabled/, cure: /webchat: \{\}/ },
    cure: (bed) => void bed.yaml.set('channels', '{ webchat: {} }'),
  },
  {
    name: 'the configuration holds a secret, and everybody can read it',
    plant: (bed) => {
      bed.yaml.set('gateway', `{ port: 0, token: ${TOKEN} }`);
      chmodSync(bed.configFile, 0o644);
    },
    found: { check: 'secrets', level: 'problem', what: /it holds gateway\.token/, cure: /chmod 600/ },
    cure: 'fix',
  },
  {
    name: 'everybody can read the file of a secret',
    plant: (bed) => {
      writeFileSync(join(bed.folder, 'token'), TOKEN);
      chmodSync(join(bed.folder, 'token'), 0o644);
      bed.yaml.set('gateway', `{ port: 0, token: "\${file:token}" }`);
    },
    found: { check: 'secrets', level: 'problem', what: /takes a secret from it/, cure: /chmod 600/ },
    cure: 'fix',
  },
  {
    name: 'the data folder is open to others',
    plant: (bed) => chmodSync(bed.dataDir, 0o755),
    found: { check: 'data folder', level: 'problem', what: /other users .*\/data$/, cure: /chmod 700/ },
    cure: 'fix',
  },
  {
    name: 'the database is open to others',
    plant: (bed) => chmodSync(join(bed.dataDir, 'gateway.db'), 0o644),
    found: { check: 'data folder', level: 'warning', what: /other users .*gateway\.db$/, cure: /chmod 600/ },
    cure: 'fix',
  },
  {
    name: 'the data folder is gone',
    plant: (bed) => rmSync(bed.dataDir, { recursive: true }),
    found: {
      check: 'data folder',
      level: 'warning',
      what: /there is no .*data yet/,
      cure: /is data_dir right/,
    },
    cure: 'fix',
  },
  {
    name: 'a gateway that was killed left its socket',
    plant: async (bed) => {
      const socket = join(bed.dataDir, 'control.sock');
      const code = `process.umask(0o177); require('net').createServer().listen(${JSON.stringify(socket)}, () => process.kill(process.pid, 'SIGKILL'))`;
      await once(spawn(process.execPath, ['-e', code]), 'close');
    },
    found: {
      check: 'data folder',
      level: 'warning',
      what: /was killed has left .*control\.sock/,
      cure: /next start/,
    },
    cure: 'fix',
  },
  {
    name: 'the disk is nearly full',
    plant: (bed) => void Object.assign(bed.system, { fileSystem: told({ bavail: 100, bsize: 4096 }) }),
    found: { check: 'disk', level: 'problem', what: /there are 0 MB left/, cure: /du -xh/ },
    cure: (bed) => void Reflect.deleteProperty(bed.system, 'fileSystem'),
  },
  {
    name: 'the disk takes no more files',
    plant: (bed) => void Object.assign(bed.system, { fileSystem: told({ files: 1000, ffree: 0 }) }),
    found: { check: 'disk', level: 'problem', what: /no free inodes/, cure: /df -i/ },
    cure: (bed) => void Reflect.deleteProperty(bed.system, 'fileSystem'),
  },
  {
    name: 'the data is on a network file system',
    plant: (bed) => void Object.assign(bed.system, { fileSystem: told({ type: 0x6969 }) }),
    found: {
      check: 'disk',
      level: 'problem',
      what: /network file system \(NFS\)/,
      cure: /disk of this machine/,
    },
    cure: (bed) => void Reflect.deleteProperty(bed.system, 'fileSystem'),
  },
  {
    name: 'the database is of an older version',
    plant: (bed) => {
      const file = join(bed.dataDir, 'gateway.db');
      rmSync(file);
      const db = new Database(file);
      db.exec(migrations[0] ?? '');
      db.pragma('user_version = 1');
      db.close();
      chmodSync(file, 0o600);
    },
    found: { check: 'database', level: 'warning', what: /has version 1, and/, cure: /Start the gateway/ },
    cure: (bed) => openStore(bed.dataDir).close(),
  },
  {
    name: 'the database is of a newer version',
    plant: (bed) => {
      const db = new Database(join(bed.dataDir, 'gateway.db'));
      db.exec('UPDATE compatibility SET oldest = 99');
      db.pragma('user_version = 99');
      db.close();
    },
    found: { check: 'database', level: 'problem', what: /has version 99/, cure: /restore a backup/ },
    cure: (bed) => restore(bed),
  },
  {
    name: 'the database is damaged',
    plant: (bed) => {
      const file = openSync(join(bed.dataDir, 'gateway.db'), 'r+');
      writeSync(file, Buffer.alloc(4096, 7), 0, 4096, 4096 * 2);
      closeSync(file);
    },
    found: { check: 'database', level: 'problem', what: /is damaged/, cure: /openclaw-gateway restore/ },
    cure: (bed) => restore(bed),
  },
  {
    name: 'the journal of the database has grown',
    plant: (bed) => {
      const journal = join(bed.dataDir, 'gateway.db-wal');
      writeFileSync(journal, '', { mode: 0o600 });
      truncateSync(journal, 300_000_000); // takes no room
    },
    found: { check: 'database', level: 'warning', what: /grown to 300 MB/, cure: /next start/ },
    cure: 'fix',
  },
  {
    name: 'the data is locked by a process of another machine',
    plant: (bed) => {
      bed.guest(locked(bed.dataDir, 2 ** 22 + 1)); // above the largest process id of Linux
    },
    found: {
      check: 'gateway',
      level: 'problem',
      what: /is not on this machine/,
      cure: /data_dir of its own/,
    },
    cure: async (bed) => {
      bed.yaml.set('data_dir', './other');
      await openStore(join(bed.folder, 'other')).close();
    },
  },
  ofAnotherVersion(),
  {
    name: 'another program has the port',
    plant: async (bed) => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      bed.guest({ [Symbol.asyncDispose]: async () => void server.close() });
      bed.yaml.set('gateway', `{ port: ${(server.address() as { port: number }).port} }`);
    },
    found: { check: 'port', level: 'problem', what: /^Port \d+ on 127\.0\.0\.1 is taken/, cure: /ss -ltnp/ },
    cure: (bed) => void bed.yaml.set('gateway', '{ port: 0 }'),
  },
  {
    name: 'the address to listen on is not of this machine',
    plant: (bed) =>
      void bed.yaml.set('gateway', `{ port: 18790, host: 203.0.113.7, token: "\${T:-${TOKEN}}" }`),
    found: {
      check: 'port',
      level: 'problem',
      what: /is not an address of this machine/,
      cure: /gateway\.host/,
    },
    cure: (bed) => void bed.yaml.set('gateway', '{ port: 0 }'),
  },
  {
    name: 'this Node is no long-term version',
    plant: (bed) => void Object.assign(bed.system, { node: { version: '25.1.0', lts: undefined } }),
    found: { check: 'node', level: 'warning', what: /25\.1\.0 is no long-term version/, cure: /Node 24/ },
    cure: (bed) => void Reflect.deleteProperty(bed.system, 'node'),
  },
  ...(process.getuid?.() === 0 ? [ofAnotherUser()] : []),
];

/** After an upgrade that nobody has restarted the gateway for. */
function ofAnotherVersion(): Fault {
  let running = '1.2.2';
  return {
    name: 'the gateway that runs is not the version that is installed',
    plant: async (bed) => {
      bed.guest(locked(bed.dataDir, process.pid));
      const end = await serveControl(bed.dataDir, async () => ({ version: running }));
      bed.guest({ [Symbol.asyncDispose]: end });
    },
    found: {
      check: 'gateway',
      level: 'warning',
      what: /^version 1\.2\.2 is running, and 1\.2\.3/,
      cure: /--take-over/,
    },
    cure: () => {
      running = '1.2.3';
    },
  };
}

/** Only root can plant it. */
function ofAnotherUser(): Fault {
  return {
    name: 'a file in the data folder belongs to another user',
    plant: (bed) => chownSync(join(bed.dataDir, 'gateway.db'), 4242, 4242),
    found: {
      check: 'data folder',
      level: 'problem',
      what: /gateway\.db belong to another user/,
      cure: /sudo chown/,
    },
    cure: (bed) => {
      const { uid, gid } = statSync(bed.dataDir);
      for (const name of readdirSync(bed.dataDir)) chownSync(join(bed.dataDir, name), uid, gid);
    },
  };
}

/** A file system like that of this machine, but for some of what it tells. */
function told(changes: Partial<Record<'type' | 'bavail' | 'bsize' | 'files' | 'ffree', number>>) {
  return async (path: string) => Object.assign(await statfs(path), changes);
}

/** What `openclaw-gateway restore` does with a backup of a gateway that was just made. */
async function restore(bed: Bed): Promise<void> {
  renameSync(bed.dataDir, `${bed.dataDir}-before`);
  await openStore(bed.dataDir).close();
}

/** A data folder whose lock is held, and the process that is said to hold it. */
function locked(dataDir: string, pid: number): Disposable {
  const db = new Database(join(dataDir, 'gateway.lock'));
  db.exec('BEGIN EXCLUSIVE');
  writeFileSync(join(dataDir, 'gateway.pid'), `${pid}\n`, { mode: 0o600 });
  return { [Symbol.dispose]: () => void db.close() };
}
