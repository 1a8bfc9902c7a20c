import type { ChatCommand, CommandCall, CommandReply, Operations } from '../gateway/index.ts';
import { commandTextsIn } from '../texts/index.ts';
import { shown } from './names.ts';
import { refusable } from './refusable.ts';
import { tell } from './tell.ts';

/** `/unlink`: undoes `/link`, for the identity that writes. Admins can do it for others. */
export function unlink({ people }: Operations): ChatCommand {
  /** Whoever was linked with them hears of it. */
  function unlinkOne({ person, language, rest }: CommandCall): string | CommandReply {
    const texts = commandTextsIn(language).unlink;
    if (rest !== '' && !person.isAdmin) return texts.onlyAdmins;
    const identity = rest === '' ? person.identity : people.identity(rest);
    const others = (people.user(identity.user)?.identities ?? []).filter(
      ({ channel, sender }) => channel !== identity.channel || sender !== identity.sender,
    );
    people.unlink(identity, person.identity);
    const told = others.flatMap((other) =>
      tell(people, other, (words) => words.unlink.told(shown(identity))),
    );
    return { text: rest === '' ? texts.done : texts.byAdmin(shown(identity)), tell: told };
  }

  return {
    name: 'unlink',
    admin: false,
    direct: true,
    usage: { en: '', zh: '' },
    description: { en: 'Be a person of your own here again', zh: '取消关联' },
    run: (call) => refusable(call.language, () => unlinkOne(call)),
  };
}
