import type { UserId } from '../contract/index.ts';
import type { ChatCommand, CommandCall, CommandReply, Operations } from '../gateway/index.ts';
import { commandTextsIn } from '../texts/index.ts';
import { shown } from './names.ts';
import { refusable } from './refusable.ts';
import { tell } from './tell.ts';

/** By which an admin says that they mean the person whose code it is. */
const YES = /\s+yes$/i;

/** `/link`: makes what one person writes from two channels one conversation. Admins can do it for others. */
export function link({ people }: Operations): ChatCommand {
  function offer({ person, language }: CommandCall): string {
    const { code, expiresAt } = people.linkCode(person.identity);
    const minutes = Math.max(1, Math.round((expiresAt - Date.now()) / 60_000));
    return commandTextsIn(language).link.code(code, minutes);
  }

  /** An admin gives away what they may do: so they are shown to whom, first. */
  function redeem({ person, language, rest }: CommandCall): string | CommandReply {
    const texts = commandTextsIn(language).link;
    const written = rest.replace(YES, '');
    if (person.isAdmin && !YES.test(rest)) {
      const offered = people.offerOf(person.identity, written);
      if (offered.user !== person.user && !people.user(offered.user)?.isAdmin) {
        return texts.confirm(shown(offered), written);
      }
    }
    const other = people.redeemLink(person.identity, written);
    const here = shown(person.identity);
    const told = tell(people, other, (words) => words.link.told(here));
    return { text: texts.done(shown(other)), tell: told };
  }

  function linkOthers({ person, language, words }: CommandCall): string | CommandReply {
    const texts = commandTextsIn(language).link;
    const [user, name, ...more] = words;
    if (!person.isAdmin) return texts.onlyAdmins;
    if (user === undefined || name === undefined || more.length > 0) {
      return commandTextsIn(language).usage('/link <user> <channel:sender>');
    }
    const other = people.identity(name);
    const into = people.linkTo(user as UserId, other, person.identity);
    const told = [
      ...tell(people, other, (words) => words.link.told(shown(into))),
      ...tell(people, into, (words) => words.link.told(shown(other))),
    ];
    return { text: texts.byAdmin(shown(other), into.user), tell: told };
  }

  return {
    name: 'link',
    admin: false,
    direct: true,
    usage: { en: '[code]', zh: '[代码]' },
    description: { en: 'Be the same person on another channel', zh: '关联另一个频道上的你' },
    run(call) {
      if (call.rest === '') return () => offer(call);
      const isOfOthers = call.words.some((word) => word.includes(':'));
      return refusable(call.language, () => (isOfOthers ? linkOthers(call) : redeem(call)));
    },
  };
}
