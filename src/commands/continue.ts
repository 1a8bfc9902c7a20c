import type { ChannelId } from '../contract/index.ts';
import type { ChatCommand, Operations } from '../gateway/index.ts';
import { commandTextsIn } from '../texts/index.ts';
import { refusable } from './refusable.ts';

/** `/continue`: carries the conversation over to another channel. */
export function carryOn({ people }: Operations): ChatCommand {
  return {
    name: 'continue',
    admin: false,
    direct: true,
    usage: { en: 'on <channel>', zh: 'on <频道>' },
    description: { en: 'Get the next answers on another channel', zh: '在另一个频道接收接下来的回答' },
    run({ person, language, words, channel: here }) {
      const texts = commandTextsIn(language).continue;
      const channel = words[0]?.toLowerCase() === 'on' ? words[1] : words[0];
      if (channel === undefined) {
        const identities = people.user(person.user)?.identities ?? [];
        const others = new Set(identities.map((one) => one.channel).filter((one) => one !== here));
        return others.size === 0 ? texts.nowhere : texts.where([...others].join(', '));
      }
      return refusable(language, () => {
        if (channel === here) {
          people.arrived(person.user);
          return texts.here;
        }
        people.continueOn(person.user, channel as ChannelId);
        return texts.done(channel);
      });
    },
  };
}
