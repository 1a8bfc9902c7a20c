import { describe, expect, test } from 'vitest';
import { platforms } from './far/index.ts';
import { bootAgain, startWith } from './far/start.ts';

describe.each(Object.entries(platforms))('%s, with its real SDK, in the whole daemon', (_, platform) => {
  test('cut connections, a lost receipt and a kill: every message is answered, none twice unmarked', async () => {
    await using far = await platform();
    await using daemon = await startWith([far]);
    const told = () => far.direct.told().map(({ text }) => text);
    const answers = (word: string) => told().filter((text) => text.includes(word));
    const answered = (word: string) => far.until(() => answers(word).length > 0, `an answer to ${word}`);

    await far.direct.say('apple');
    await answered('apple');

    await far.cut();
    await far.direct.say('banana');
    await answered('banana');

    far.failNextSend({ kind: 'drop', when: 'after' });
    await far.direct.say('cherry');
    await answered('cherry');
    await daemon.until(({ msg }) => msg.startsWith('nobody knows whether this message arrived'), 'the doubt');

    await far.direct.say('damson');
    await answered('damson');

    await daemon.kill('SIGKILL');
    await far.direct.say('elderberry');
    await bootAgain(daemon, far);
    await answered('elderberry');

    expect(answers('apple')).toHaveLength(1);
    expect(answers('banana')).toHaveLength(1);
    expect(answers('damson'), 'the answer before the kill may have lost its receipt').not.toHaveLength(0);
    expect(answers('elderberry')).toHaveLength(1);
    if (far.exact) {
      expect(answers('cherry')).toHaveLength(1);
      expect(answers('damson')).toHaveLength(1);
    } else {
      expect(answers('cherry').filter((text) => text.includes('↻')).length, 'the second one is marked').toBe(
        answers('cherry').length - 1,
      );
    }
  });
});
