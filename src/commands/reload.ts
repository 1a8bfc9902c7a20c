import { errorText, StartError } from '../contract/index.ts';
import type { ChatCommand } from '../gateway/index.ts';
import { commandTextsIn } from '../texts/index.ts';
import { fenced } from './fenced.ts';

/** Reads the configuration anew; resolves with what has changed, in words. Rejects when it cannot be taken. */
export type Reload = () => Promise<string>;

/** `/reload`: the configuration is read anew. */
export function reload(read: Reload): ChatCommand {
  return {
    name: 'reload',
    admin: true,
    usage: { en: '', zh: '' },
    description: { en: 'Read the configuration anew', zh: '重新读取配置' },
    async run({ language }) {
      try {
        return await read();
      } catch (error) {
        const hint = error instanceof StartError && error.hint !== undefined ? `\n\n${error.hint}` : '';
        return commandTextsIn(language).reload.failed(`${fenced(errorText(error))}${hint}`);
      }
    },
  };
}
