import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { controlPath } from '../../server/index.ts';
import { type Check, type Diagnosis, ok } from '../check.ts';

const ANYBODY_ELSE = 0o077;

/** What SQLite keeps beside a database; made with the mode that the database has. */
const JOURNALS = ['-wal', '-shm'];

/** The data folder: it is there, it is the gateway's own, and nobody else sees into it. */
export const dataFolder: Check = {
  name: 'data folder',
  run({ dataDir, running }) {
    if (dataDir === undefined) return [];
    if (!existsSync(dataDir)) return [absent(dataDir)];
    const { uid } = lstatSync(dataDir);
    const isForeign = uid !== process.getuid?.() && process.getuid?.() !== 0;
    if (isForeign) return [belongsTo(dataDir, uid)];
    const inside = filesIn(dataDir);
    const found = [
      ...unwritable(dataDir),
      ...seenByOthers(dataDir, 'problem'),
      ...inside.flatMap((path) => seenByOthers(path, 'warning')),
      ...ofOthers(dataDir, uid, inside),
      ...leftOver(dataDir, running),
    ];
    return found.length > 0 ? found : [ok(`${dataDir} is its own`)];
  },
};

/** What lies directly in it, and in the folders of channels. Links are left alone. */
function filesIn(folder: string): string[] {
  const channels = join(folder, 'channels');
  const names = (path: string) => (existsSync(path) ? readdirSync(path).map((name) => join(path, name)) : []);
  const own = names(channels);
  return [...names(folder), ...own, ...own.filter(isFolder).flatMap(names)].filter(
    (path) => !lstatSync(path).isSymbolicLink(),
  );
}

function isFolder(path: string): boolean {
  return lstatSync(path).isDirectory();
}

function absent(folder: string): Diagnosis {
  const parent = nearest(folder);
  if (!mayWrite(parent)) {
    const cure = `Give this user the right to write to ${parent}, or set another data_dir.`;
    return { level: 'problem', what: `there is no ${folder}, and it cannot be made`, cure };
  }
  return {
    level: 'warning',
    what: `there is no ${folder} yet`,
    cure: 'The gateway makes it when it first starts. If there was data before: is data_dir right?',
    fix: () => void mkdirSync(folder, { recursive: true, mode: 0o700 }),
  };
}

function nearest(path: string): string {
  return existsSync(path) ? path : nearest(dirname(path));
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function belongsTo(folder: string, uid: number): Diagnosis {
  return {
    level: 'warning',
    what: `${folder} belongs to another user (${uid}), so most of it cannot be looked at`,
    cure: `Run the doctor as the user of the gateway: sudo -u '#${uid}' openclaw-gateway doctor`,
  };
}

function unwritable(folder: string): Diagnosis[] {
  if (mayWrite(folder)) return [];
  const cure = `chmod 700 ${folder}; if that is not enough, its file system is mounted read-only.`;
  return [
    { level: 'problem', what: `${folder} cannot be written`, cure, fix: () => chmodSync(folder, 0o700) },
  ];
}

/** Inside of a folder that is closed to them, others get at nothing; but a copy of it may be more open. */
function seenByOthers(path: string, level: 'warning' | 'problem'): Diagnosis[] {
  if ((lstatSync(path).mode & ANYBODY_ELSE) === 0) return [];
  const mode = isFolder(path) ? 0o700 : 0o600;
  return [
    {
      level,
      what: `other users of this machine have access to ${path}`,
      cure: `chmod ${mode.toString(8)} ${path}`,
      fix() {
        for (const file of [path, ...JOURNALS.map((ending) => path + ending)]) {
          if (existsSync(file)) chmodSync(file, mode);
        }
      },
    },
  ];
}

/** A gateway that was once started as root leaves files that it cannot open as itself. */
function ofOthers(folder: string, uid: number, paths: readonly string[]): Diagnosis[] {
  const foreign = paths.filter((path) => lstatSync(path).uid !== uid);
  if (foreign.length === 0) return [];
  const what = `${foreign.join(', ')} belong to another user than the folder that they are in`;
  return [{ level: 'problem', what, cure: `sudo chown -R ${uid} ${folder}` }];
}

function leftOver(folder: string, running: boolean): Diagnosis[] {
  const socket = controlPath(folder);
  if (running || !existsSync(socket)) return [];
  return [
    {
      level: 'warning',
      what: `a gateway that was killed has left ${socket}`,
      cure: 'The next start takes it away; until then, messages that were under way wait for that start.',
      fix: () => rmSync(socket, { force: true }),
    },
  ];
}
