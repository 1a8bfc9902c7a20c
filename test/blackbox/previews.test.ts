import { expect, test } from 'vitest';
import { FakeOpenAI, Gate } from '../platforms/openai.ts';
import { platforms } from './far/index.ts';
import { agentOf, bootAgain, startWith } from './far/start.ts';

const ANSWER = ['The seal ', 'is a **mammal** ', 'that lives ', 'in the sea.'];

test.each(
  ['discord', 'feishu', 'slack', 'telegram'].map((name) => [name, platforms[name] ?? expect.fail()] as const),
)(
  '%s: an answer is seen while it grows and stands once when it is complete, also after a kill in the middle',
  async (_, platform) => {
    await using far = await platform();
    await using model = await new FakeOpenAI().listen();
    await using daemon = await startWith([far], agentOf(model));
    const { direct } = far;
    const growing = (words: string) =>
      far.until(() => direct.growing?.().includes(words) === true, `to see "${words}"`);
    const answers = () => direct.told().map(({ text }) => text.replaceAll('*', '').trim());
    const whole = ANSWER.join('').replaceAll('*', '');
    model.answer = () => ANSWER;

    model.gate = new Gate();
    await direct.say('What is a seal?');
    model.gate.open(1);
    await growing('The seal');
    model.gate.open(2);
    await growing('lives');
    expect(direct.growing?.()).not.toContain('in the sea');
    model.gate.open(1);
    await far.until(() => answers().at(-1) === whole, 'the whole answer');

    model.gate = new Gate();
    await direct.say('And again?');
    model.gate.open(2);
    await growing('mammal');
    await daemon.kill('SIGKILL');
    model.gate = undefined;
    await bootAgain(daemon, far);
    await far.until(() => answers().filter((text) => text === whole).length === 2, 'the second answer');
    await daemon.kill('SIGTERM');
    expect(answers()).toEqual([whole, whole]);
  },
);
