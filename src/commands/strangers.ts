import type { ChatCommand, Operations } from '../gateway/index.ts';
import { named } from '../gateway/index.ts';
import { refusable } from './refusable.ts';

/** `/approve`: lets a stranger in. */
export function approve({ people }: Operations): ChatCommand {
  return {
    name: 'approve',
    admin: true,
    usage: { en: '<code>', zh: '<代码>' },
    description: { en: 'Let somebody in', zh: '允许某人使用' },
    run: ({ person, rest }) => refusable(() => `✓ ${named(people.approve(rest, person.identity).identity)}`),
  };
}

/** `/deny`: never hears them again. */
export function deny({ people }: Operations): ChatCommand {
  return {
    name: 'deny',
    admin: true,
    usage: { en: '<code>', zh: '<代码>' },
    description: { en: 'Turn somebody away for good', zh: '拒绝某人' },
    run: ({ person, rest }) =>
      refusable(() => {
        const { channel, sender } = people.ownerOf(rest, person.identity);
        return `✓ ${named(people.deny(channel, sender, person.identity))}`;
      }),
  };
}
