import { StartError } from '../contract/index.ts';
import { latestStory, storyOf, told } from '../explain/index.ts';
import { withLedger } from './with-ledger.ts';

/**
 * `openclaw-gateway why`: what became of a message, step by step, with the rule behind each. `words` is an id (of a message
 * in either direction, of a turn, of an event of the platform), or a channel and a chat for what came there last.
 */
export function why(words: readonly string[], options: { config: string; json?: boolean }): void {
  const [first = '', chat] = words;
  const story = withLedger(options, (ledger) =>
    chat === undefined ? storyOf(ledger, first) : latestStory(ledger, first, chat),
  );
  if (story === undefined) {
    throw new StartError(`nothing is known of ${words.join(' ')}`, {
      hint: 'Ids are in the log and in `openclaw-gateway messages`; or name a channel and a chat.',
      exitCode: 1,
    });
  }
  process.stdout.write(options.json ? `${JSON.stringify(story)}\n` : `${told(story).join('\n')}\n`);
}
