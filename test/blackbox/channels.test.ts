import { describe, expect, test } from 'vitest';
import type { LogLine } from './daemon.ts';
import { platforms } from './far/index.ts';
import { bootAgain, startWith } from './far/start.ts';

const isDoubt = ({ msg }: LogLine) => msg.startsWith('nobody knows whether this message arrived');
const isSent = ({ msg }: LogLine) => msg === 'message sent';

describe.each(Object.entries(platforms))('%s, with its real SDK, in the whole daemon', (_, platform) => {
  test('cut connections, a lost receipt and a kill: every message is answered, none twice unmarked', async () => {
    await using far = await platform();
    await using daemon = await startWith([far], 'log: { level: debug }\n');
    const told = () => far.direct.told().map(({ text }) => text);
    const answers = (word: string) => told().filter((text) => text.includes(word));
    const answered = (word: string) => far.until(() => answers(word).length > 0, `an answer to ${word}`);

    await far.direct.say('apple');
    await answered('apple');

    await far.cut();
    await far.direct.say('banana');
    await answered('banana');

    const since = daemon.lines.length;
    far.failNextSend?.({ kind: 'drop', when: 'after' });
    await far.direct.say('cherry');
    await answered('cherry');
    if (far.failNextSend !== undefined) {
      const doubt = await daemon.until(isDoubt, 'the doubt', since);
      await daemon.until(isSent, 'its end', daemon.lines.indexOf(doubt));
    }

    far.failNextSend?.({ kind: 'hang', when: 'after' });
    await far.direct.say('damson');
    await answered('damson');

    await daemon.kill('SIGKILL');
    await far.direct.say('elderberry');
    await bootAgain(daemon, far);
    await answered('elderberry');

    for (const word of ['apple', 'banana', 'cherry', 'damson', 'elderberry']) {
      const [, ...again] = answers(word);
      expect(
        again.filter((text) => !text.includes('↻')),
        word,
      ).toEqual([]);
      if (far.exact) expect(again, word).toEqual([]);
    }
  });
});
