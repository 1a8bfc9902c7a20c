import { isDeepStrictEqual } from 'node:util';
import type { Api } from 'grammy';
import type { MenuCommand } from '../../src/contract/index.ts';
import { toSignal } from './client.ts';
import { toChannelError } from './errors.ts';

/** English is for everybody who has no menu in their own language (https://core.telegram.org/bots/api#setmycommands). */
const MENUS = [
  { language: 'en', whose: {} },
  { language: 'zh', whose: { language_code: 'zh' } },
] as const;

/** Fills the menu of all chats, in each language, where it says something else. */
export async function setMenu(
  api: Api,
  commands: readonly MenuCommand[],
  signal: AbortSignal,
): Promise<void> {
  for (const { language, whose } of MENUS) {
    const wanted = commands.map(({ name, description }) => ({
      command: toPlatform(name),
      description: description[language],
    }));
    try {
      const there = await api.raw.getMyCommands(whose, toSignal(signal));
      if (isDeepStrictEqual(there, wanted)) continue;
      await api.raw.setMyCommands({ commands: wanted, ...whose }, toSignal(signal));
    } catch (error) {
      throw toChannelError('setMyCommands', error);
    }
  }
}

/** Telegram's names have no `-` (https://core.telegram.org/bots/api#botcommand), ours no `_`. */
function toPlatform(name: string): string {
  return name.replaceAll('-', '_');
}

export function fromPlatform(name: string): string {
  return name.replaceAll('_', '-');
}
