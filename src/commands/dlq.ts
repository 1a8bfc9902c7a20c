import type { Language } from '../contract/index.ts';
import { moment, shortened } from '../explain/index.ts';
import { type ChatCommand, type CommandCall, named, type Operations } from '../gateway/index.ts';
import { commandTextsIn } from '../texts/index.ts';
import { usageOf } from './help.ts';

/** Dead letters that are listed at once. */
const MOST = 10;

/** `/dlq`: what the gateway gave up on; without the words of people, who may not want them repeated here. */
export function dlq(gateway: Operations): ChatCommand {
  const command: ChatCommand = {
    name: 'dlq',
    admin: true,
    usage: { en: '[replay | discard <id> | all]', zh: '[replay | discard <编号> | all]' },
    description: { en: 'What I gave up on; try it again or put it away', zh: '未能处理的消息：重试或放弃' },
    async run({ person, language, words }: CommandCall) {
      const texts = commandTextsIn(language);
      const [verb, ...ids] = words;
      const { deadLetters } = gateway;
      if (verb === undefined) return list(deadLetters, language);
      if (ids.length === 0 || (verb !== 'replay' && verb !== 'discard')) {
        return texts.usage(usageOf(command, language));
      }
      const filter = ids[0] === 'all' ? {} : { ids };
      if (verb === 'replay') return texts.dlq.replayed(await deadLetters.replay(filter));
      return texts.dlq.discarded(await deadLetters.discard(filter, `by ${named(person.identity)}`));
    },
  };
  return command;
}

function list(deadLetters: Operations['deadLetters'], language: Language): string {
  const texts = commandTextsIn(language).dlq;
  const lines: string[] = [];
  let count = 0;
  for (const { direction, id, channel, kind, reason, at } of deadLetters.list()) {
    count += 1;
    if (count > MOST) continue;
    lines.push(`- \`${id}\` ${direction} ${channel}, ${moment(at)}, ${kind}: ${shortened(reason, 80)}`);
  }
  if (count === 0) return texts.none;
  if (count > MOST) lines.push(`- ${texts.more(count - MOST)}`);
  return [texts.heading(count), lines.join('\n'), texts.how].join('\n\n');
}
