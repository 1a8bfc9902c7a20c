import { emptyJournal, examineDatabase } from '../../store/index.ts';
import { type Check, type Diagnosis, ok } from '../check.ts';

/** The journal is brought in at about 16 MB; many times that means that nobody can. */
const LARGE_JOURNAL_BYTES = 200_000_000;

/** The database: its version, whether it is whole, and the size of its journal. */
export const database: Check = {
  name: 'database',
  run({ dataDir, running }) {
    const state = dataDir === undefined ? undefined : examineDatabase(dataDir);
    if (dataDir === undefined || state === undefined) return [];
    if (state.damage.length > 0) return [damaged(dataDir, state.damage)];
    const found = [
      ...wrongVersion(state.version, state.known, state.usable),
      ...(state.journalBytes > LARGE_JOURNAL_BYTES
        ? [longJournal(dataDir, state.journalBytes, running)]
        : []),
    ];
    return found.length > 0 ? found : [ok(`whole, version ${state.version}`)];
  },
};

function damaged(folder: string, damage: readonly string[]): Diagnosis {
  return {
    level: 'problem',
    what: `the database in ${folder} is damaged: ${damage.join('; ')}`,
    cure: 'Stop the gateway, then put back the last backup: openclaw-gateway restore FOLDER (it keeps what is there now). And look after the disk: `dmesg`, `smartctl -a`.',
  };
}

function wrongVersion(version: number, known: number, usable: boolean): Diagnosis[] {
  if (version === known) return [];
  const what = `the database has version ${version}, and this program writes ${known}`;
  if (version < known) {
    const cure =
      'Start the gateway: it brings the database up to date; the program before can still read it.';
    return [{ level: 'warning', what, cure }];
  }
  const cure = 'A newer openclaw-gateway wrote it: install that one, or restore a backup that is older.';
  return [{ level: usable ? 'warning' : 'problem', what, cure }];
}

function longJournal(folder: string, bytes: number, running: boolean): Diagnosis {
  const what = `the journal of the database has grown to ${Math.floor(bytes / 1e6)} MB`;
  if (running) {
    const cure =
      'Something reads the database all the time, such as a viewer or a copy: end it, or restart the gateway.';
    return { level: 'warning', what, cure };
  }
  const cure = 'The next start of the gateway brings it in.';
  return { level: 'warning', what, cure, fix: () => emptyJournal(folder) };
}
