import type { Language } from '../contract/index.ts';
import {
  type ChatCommand,
  type CommandCall,
  type CommandReply,
  named,
  type Operations,
  PeopleError,
  type Person,
  senderNamed,
} from '../gateway/index.ts';
import { commandTextsIn } from '../texts/index.ts';
import { shown } from './names.ts';
import { refusable } from './refusable.ts';
import { tellIn } from './tell.ts';

/** Requests that are listed at once. */
const MOST = 20;

/** `/approve`: lets a stranger in, and tells them so. Without words it lists who waits. */
export function approve(gateway: Operations): ChatCommand {
  const { people } = gateway;
  return {
    name: 'approve',
    admin: true,
    usage: { en: '[code | channel:sender]', zh: '[代码 | 频道:发送者]' },
    description: { en: 'Let somebody in', zh: '允许某人使用' },
    run({ person, language, rest }) {
      if (rest === '') return waiting(gateway, language);
      return refusable(language, () => {
        const texts = commandTextsIn(language).approve;
        const { channel, sender } = whom(gateway, person, rest);
        const { identity, chat } = people.approveSender(channel, sender, person.identity);
        const tell = tellIn(channel, chat, (words) => words.approve.told);
        const who = shown(identity);
        return { text: tell.length > 0 ? texts.done(who) : texts.doneSilently(who), tell };
      });
    },
  };
}

/** `/deny`: nothing that somebody writes is heard any more; they are not told so. */
export function deny(gateway: Operations): ChatCommand {
  const { people } = gateway;
  return {
    name: 'deny',
    admin: true,
    usage: { en: '[code | channel:sender]', zh: '[代码 | 频道:发送者]' },
    description: { en: 'Turn somebody away for good', zh: '永久拒绝某人' },
    run({ person, language, rest }: CommandCall): string | (() => string | CommandReply) {
      if (rest === '') return waiting(gateway, language);
      return refusable(language, () => {
        const { channel, sender } = whom(gateway, person, rest);
        const identity = people.deny(channel, sender, person.identity);
        return commandTextsIn(language).deny.done(shown(identity), named(identity));
      });
    },
  };
}

/** A code, or somebody by what they are known by; they need not have written yet. */
function whom({ people, channels }: Operations, { identity }: Person, written: string) {
  if (!written.includes(':')) return people.ownerOf(written, identity);
  const sender = senderNamed(written);
  if (!channels().has(sender.channel)) throw new PeopleError('no_such_channel');
  return sender;
}

/** Who wants to be let in. */
function waiting({ people }: Operations, language: Language): string {
  const texts = commandTextsIn(language).approve;
  const requests = people.requests(MOST);
  if (requests.length === 0) return texts.none;
  const lines = requests.map((request) => `- ${shown(request)}: \`${request.code}\``);
  return [texts.list, lines.join('\n'), texts.how].join('\n\n');
}
