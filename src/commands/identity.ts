import type { ChatCommand, Operations } from '../gateway/index.ts';
import { named } from '../gateway/index.ts';
import { refusable } from './refusable.ts';

/** `/whoami`: how the gateway knows the person. */
export function whoami({ people }: Operations): ChatCommand {
  return {
    name: 'whoami',
    admin: false,
    usage: { en: '', zh: '' },
    description: { en: 'Who you are to me', zh: '我所知道的你' },
    run({ person }) {
      const identities = people.user(person.user)?.identities ?? [];
      return [
        `user ${person.user}${person.isAdmin ? ' (admin)' : ''}`,
        ...identities.map((identity) => `- ${named(identity)}`),
      ].join('\n');
    },
  };
}

/** `/link`: makes what one person writes from two channels one conversation. */
export function link({ people }: Operations): ChatCommand {
  return {
    name: 'link',
    admin: false,
    usage: { en: '[code]', zh: '[代码]' },
    description: { en: 'Be the same person on another channel', zh: '在另一个平台上关联同一个人' },
    run({ person, rest }) {
      if (rest === '') {
        return () => {
          const { code } = people.linkCode(person.identity);
          return `\`/link ${code}\``;
        };
      }
      return refusable(() => {
        const other = people.redeemLink(person.identity, rest);
        return `✓ ${named(other)}`;
      });
    },
  };
}

/** `/unlink`: undoes it, for the identity that writes. */
export function unlink({ people }: Operations): ChatCommand {
  return {
    name: 'unlink',
    admin: false,
    usage: { en: '', zh: '' },
    description: { en: 'Be a person of your own here again', zh: '取消关联' },
    run: ({ person }) =>
      refusable(() => {
        people.unlink(person.identity, person.identity);
        return '✓';
      }),
  };
}

/** `/claim`: whoever has the code from the terminal becomes an admin. */
export function claim({ people }: Operations): ChatCommand {
  return {
    name: 'claim',
    admin: false,
    usage: { en: '<code>', zh: '<代码>' },
    description: { en: 'Become an admin, with the code from the terminal', zh: '用终端显示的代码成为管理员' },
    run: ({ person, rest }) =>
      refusable(() => {
        people.claim(person.identity, rest);
        return '✓';
      }),
  };
}
