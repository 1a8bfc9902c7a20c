import type { Language, UserId } from '../contract/index.ts';
import type { ChatCommand, Identity, Operations, User } from '../gateway/index.ts';
import { commandTextsIn } from '../texts/index.ts';
import { shown } from './names.ts';

/** Users and requests that are listed at once. */
const MOST = 20;

/** `/users`: who talks to the gateway, and who wants to. */
export function users({ people }: Operations): ChatCommand {
  return {
    name: 'users',
    admin: true,
    usage: { en: '[user]', zh: '[用户]' },
    description: { en: 'Who talks to me, and who wants to', zh: '谁在用，谁想用' },
    run({ language, words: [first, second] }) {
      if (first === undefined || first === 'after') return list(people, second as UserId, language);
      const user = people.user(first as UserId);
      return user === undefined
        ? commandTextsIn(language).refusals.no_such_user
        : one(people, user, language);
    },
  };
}

function list(people: Operations['people'], after: UserId | undefined, language: Language): string {
  const texts = commandTextsIn(language).users;
  const found = people.users(after, MOST + 1);
  const page = found.slice(0, MOST);
  const last = page.at(-1);
  const requests = after === undefined ? people.requests(MOST) : [];
  const parts = [
    page.length === 0
      ? texts.none
      : `${texts.heading}\n\n${page.map((user) => line(user, language)).join('\n')}`,
  ];
  if (found.length > MOST && last !== undefined) parts.push(texts.more(last.id));
  if (requests.length > 0) {
    const waiting = requests.map(
      (request) => `- ${shown(request)}, ${texts.messages(request.messages)}: \`/approve ${request.code}\``,
    );
    parts.push(`${texts.requests}\n\n${waiting.join('\n')}`);
  }
  return parts.join('\n\n');
}

function line({ id, isAdmin, identities }: User, language: Language): string {
  const admin = isAdmin ? ` (${commandTextsIn(language).users.admin})` : '';
  return `- \`${id}\`${admin}: ${identities.map((identity) => described(identity, language)).join(', ')}`;
}

function one(people: Operations['people'], user: User, language: Language): string {
  const texts = commandTextsIn(language).users;
  const { id, isAdmin, identities, choices } = user;
  const there = people.answersGoTo(user);
  return [
    `\`${id}\`${isAdmin ? ` (${texts.admin})` : ''}`,
    ...identities.map((identity) => `- ${described(identity, language)}`),
    ...(choices.language === undefined ? [] : [texts.language(choices.language)]),
    ...(choices.agent === undefined ? [] : [texts.agent(choices.agent)]),
    ...(there === undefined ? [] : [texts.answersGoTo(there)]),
  ].join('\n');
}

function described(identity: Identity, language: Language): string {
  const denied = identity.standing === 'denied' ? ` (${commandTextsIn(language).users.denied})` : '';
  return `${shown(identity)}${denied}`;
}
