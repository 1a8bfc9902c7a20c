import type { ChatCommand, Operations } from '../gateway/index.ts';
import { named } from '../gateway/index.ts';
import { commandTextsIn } from '../texts/index.ts';
import { code, shown } from './names.ts';

/** `/whoami`: how the gateway knows the person. In a group it tells nothing but what everybody there sees. */
export function whoami({ people }: Operations): ChatCommand {
  return {
    name: 'whoami',
    admin: false,
    usage: { en: '', zh: '' },
    description: { en: 'Who you are to me', zh: '我怎么认识你' },
    run({ person, language, message }) {
      const texts = commandTextsIn(language).whoami;
      if (message.chat.kind === 'group') return texts.inGroup(named(person.identity));
      const { channel, sender } = person.identity;
      const identities = people.user(person.user)?.identities ?? [];
      const lines = identities.map((identity) => {
        const isHere = identity.channel === channel && identity.sender === sender;
        return `- ${isHere ? `${code(named(identity))} (${texts.here})` : shown(identity)}`;
      });
      return [person.isAdmin ? texts.admin(person.user) : texts.you(person.user), texts.from, ...lines].join(
        '\n',
      );
    },
  };
}
