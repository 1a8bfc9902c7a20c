import type { ChatCommand, Operations } from '../gateway/index.ts';
import { commandTextsIn } from '../texts/index.ts';
import { refusable } from './refusable.ts';

/** `/claim`: whoever has the code from the terminal becomes an admin. */
export function claim({ people }: Operations): ChatCommand {
  return {
    name: 'claim',
    admin: false,
    direct: true,
    unlisted: true,
    usage: { en: '<code>', zh: '<代码>' },
    description: { en: 'Become an admin, with the code from the terminal', zh: '用终端显示的代码成为管理员' },
    run: ({ person, language, rest }) =>
      refusable(language, () => {
        people.claim(person.identity, rest);
        return commandTextsIn(language).claim.done;
      }),
  };
}
