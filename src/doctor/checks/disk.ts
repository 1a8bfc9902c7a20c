import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { LOW_BYTES } from '../../gateway/index.ts';
import { type Check, type Diagnosis, ok } from '../check.ts';

/** The types of file systems that live on another machine: statfs(2), include/uapi/linux/magic.h. */
const ON_A_NETWORK: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x01021997, '9p'],
  [0x00c36400, 'Ceph'],
  [0x5346414f, 'AFS'],
]);

const MB = 1_000_000;

/** The disk under the data: room on it, and that it is one of this machine. */
export const disk: Check = {
  name: 'disk',
  async run({ dataDir, fileSystem }) {
    if (dataDir === undefined) return [];
    const { type, bavail, bsize, files, ffree } = await fileSystem(nearest(dataDir));
    const found: Diagnosis[] = [];
    const network = ON_A_NETWORK.get(type);
    if (network !== undefined) {
      const cure =
        'Put data_dir on a disk of this machine: over a network nobody keeps the promise of the lock.';
      found.push({ level: 'problem', what: `${dataDir} is on a network file system (${network})`, cure });
    }
    const room = bavail * bsize;
    if (room < LOW_BYTES) {
      const what = `there are ${Math.floor(room / MB)} MB left for ${dataDir}: files that people send are not fetched below ${LOW_BYTES / MB} MB`;
      const cure =
        'Make room on that disk: `du -xh -d1 / | sort -h | tail` finds what is large. A shorter retention.files frees the most of our own.';
      found.push({ level: 'problem', what, cure });
    }
    if (files > 0 && ffree === 0) {
      const cure =
        'Remove small files that nobody needs: `df -i` shows which disk, caches and old mail are the usual ones.';
      found.push({
        level: 'problem',
        what: `the disk of ${dataDir} takes no more files (no free inodes)`,
        cure,
      });
    }
    return found.length > 0 ? found : [ok(`${Math.floor(room / MB)} MB left on a disk of this machine`)];
  },
};

function nearest(path: string): string {
  return existsSync(path) ? path : nearest(dirname(path));
}
