import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { LANGUAGES, type MenuCommand } from '../../src/contract/index.ts';

const menu = z.array(
  z.object({
    name: z.string(),
    description: z.record(z.enum(LANGUAGES), z.string()),
    words: z.string().exactOptional(),
  }),
);

/** The commands that pages offer. Kept in a file, because the gateway tells them only when they have changed. */
export interface Menu {
  readonly commands: readonly MenuCommand[];
  /** Whether they are others than before. Resolves when they are kept. */
  set(commands: readonly MenuCommand[]): Promise<boolean>;
}

/** At once, so that pages are served as soon as the gateway is ready. */
export function openMenu(folder: string): Menu {
  const file = join(folder, 'menu.json');
  let commands: readonly MenuCommand[] = kept(file);
  return {
    get commands() {
      return commands;
    },
    async set(next) {
      if (isDeepStrictEqual(next, commands)) return false;
      await writeFile(`${file}.new`, JSON.stringify(next), { mode: 0o600 });
      await rename(`${file}.new`, file);
      commands = next;
      return true;
    },
  };
}

/** None at first; and none where the file is damaged, until the gateway tells them anew. */
function kept(file: string): readonly MenuCommand[] {
  try {
    return menu.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return [];
  }
}
