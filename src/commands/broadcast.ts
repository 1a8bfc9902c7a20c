import { LRUCache } from 'lru-cache';
import type { UserId } from '../contract/index.ts';
import type { ChatCommand, Operations } from '../gateway/index.ts';
import { commandTextsIn } from '../texts/index.ts';
import { usageOf } from './help.ts';

/** By which an admin sends what they were shown. */
const YES = 'yes';
/** How long what was shown can be sent, in milliseconds. */
const SHOWN_FOR_MS = 10 * 60_000;

/** `/broadcast`: says something to everybody, once the admin has seen to how many. */
export function broadcast(gateway: Operations): ChatCommand {
  /** What each admin was shown last. After a restart it is to be written anew. */
  const shown = new LRUCache<UserId, string>({ max: 1_000, ttl: SHOWN_FOR_MS });

  const command: ChatCommand = {
    name: 'broadcast',
    admin: true,
    usage: { en: '<text>', zh: '<内容>' },
    description: { en: 'Say something to everybody', zh: '给所有人发消息' },
    run({ person, language, rest }) {
      const texts = commandTextsIn(language);
      if (rest === '') return texts.usage(usageOf(command, language));
      const recipients = gateway.recipients();
      if (recipients.length === 0) return texts.broadcast.nobody;
      if (rest.toLowerCase() !== YES) {
        shown.set(person.user, rest);
        return texts.broadcast.confirm(recipients.length, rest);
      }
      const text = shown.get(person.user);
      if (text === undefined) return texts.broadcast.nothing;
      return () => {
        shown.delete(person.user);
        const tell = recipients.map((recipient) => ({ ...recipient, text: () => text }));
        return { text: texts.broadcast.done(recipients.length), tell };
      };
    },
  };
  return command;
}
