import { readFile, rename, writeFile } from 'node:fs/promises';
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

export async function openMenu(folder: string): Promise<Menu> {
  const file = join(folder, 'menu.json');
  let commands: readonly MenuCommand[] = await kept(file);
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
async function kept(file: string): Promise<readonly MenuCommand[]> {
  const text = await readFile(file, 'utf8').catch(() => '[]');
  try {
    return menu.parse(JSON.parse(text));
  } catch {
    return [];
  }
}
