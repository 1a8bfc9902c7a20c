import { latestQuestion, type Story, storyOf, told } from '../explain/index.ts';
import type { ChatCommand, Operations } from '../gateway/index.ts';
import { commandTextsIn } from '../texts/index.ts';
import { fenced } from './fenced.ts';

/** `/why`: the whole way of one message; without words, of the latest one of this chat that was no command. */
export function why({ ledger }: Operations): ChatCommand {
  return {
    name: 'why',
    admin: true,
    usage: { en: '[id]', zh: '[编号]' },
    description: { en: 'What became of a message, and why', zh: '一条消息的经过和原因' },
    run({ language, rest, channel, message }) {
      const texts = commandTextsIn(language).why;
      if (rest === '') return shown(latestQuestion(ledger, channel, message.chat.id), texts.nothing);
      return shown(storyOf(ledger, rest), texts.unknown(rest.replaceAll('`', "'")));
    },
  };
}

function shown(story: Story | undefined, nothing: string): string {
  return story === undefined ? nothing : fenced(told(story).join('\n'));
}
