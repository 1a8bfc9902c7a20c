import { expect, test } from 'vitest';
import { FakeOpenAI, Gate } from '../platforms/openai.ts';
import { type Far, type Place, platforms } from './far/index.ts';
import { agentOf, bootAgain, startWith } from './far/start.ts';

const ANSWER = ['The seal ', 'is a **mammal** ', 'that lives ', 'in the sea.'];
const WHOLE = ANSWER.join('').replaceAll('*', '');

/** Where an answer can be watched; Telegram shows drafts in private chats only. */
const STREAMING: Readonly<Record<string, (far: Far) => Place | undefined>> = {
  discord: ({ group }) => group,
  feishu: ({ group }) => group,
  slack: ({ group }) => group,
  telegram: ({ direct }) => direct,
  webchat: ({ direct }) => direct,
};

test.each(Object.entries(STREAMING))(
  '%s: an answer is seen while it grows and stands once when it is complete, also after a kill in the middle',
  async (name, placeOf) => {
    await using far = (await platforms[name]?.()) ?? expect.fail();
    await using model = await new FakeOpenAI().listen();
    await using daemon = await startWith([far], agentOf(model));
    model.answer = () => ANSWER;
    const answersIn = (place: Place) => place.told().map(({ text }) => text.replaceAll('*', '').trim());
    const growing = (place: Place) => place.growing?.() ?? answersIn(place).at(-1) ?? '';
    const seen = (place: Place, words: string) =>
      far.until(() => growing(place).includes(words), `to see "${words}"`);

    const { direct } = far;
    model.gate = new Gate();
    await direct.say('What is a seal?');
    model.gate.open(1);
    await seen(direct, 'The seal');
    model.gate.open(2);
    await seen(direct, 'lives');
    expect(growing(direct)).not.toContain('in the sea');
    model.gate.open(1);
    await far.until(() => answersIn(direct).at(-1) === WHOLE, 'the whole answer');

    const place = placeOf(far) ?? expect.fail();
    const before = answersIn(place).length;
    model.gate = new Gate();
    await place.say('And again?', { call: true });
    model.gate.open(2);
    await seen(place, 'mammal');
    await daemon.kill('SIGKILL');
    model.gate = undefined;
    await bootAgain(daemon, far);
    await far.until(() => answersIn(place).slice(before).includes(WHOLE), 'the second answer');
    await daemon.kill('SIGTERM');
    expect(answersIn(place).slice(before)).toEqual([WHOLE]);
    expect(answersIn(direct).slice(0, 1), 'the first one stays as it was').toEqual([WHOLE]);
  },
);
