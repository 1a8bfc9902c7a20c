import { expect, test } from 'vitest';
import { type Far, platforms } from './far/index.ts';
import { agentOf } from './far/start.ts';
import { together } from './far/together.ts';

const all = together((model) => agentOf(model));

test('one person on all channels has one conversation once they are linked, and takes their part along when not', async () => {
  const { model } = all;
  const fars = Object.keys(platforms).map((name) => all.far(name));
  const [first, ...others] = fars as [Far, ...Far[]];
  model.answer = () => 'I see.';
  /** Somebody writes; resolves with the answer. */
  const ask = async (far: Far, text: string): Promise<string> => {
    const before = far.direct.told().length;
    await far.direct.say(text);
    await far.until(() => far.direct.told().length > before, `an answer to ${text}`);
    return far.direct.told()[before]?.text ?? '';
  };
  /** What the model was given of what people said, with its last request. */
  const heard = () =>
    (model.chats.at(-1)?.messages ?? []).flatMap(({ role, content }) =>
      role === 'user' ? [String(content).match(/word of \w+/)?.[0]] : [],
    );

  for (const far of fars) {
    await ask(far, `word of ${far.name}`);
    expect(heard(), 'each alone at first').toEqual([`word of ${far.name}`]);
  }
  for (const far of others) {
    const code = /[A-Z2-9]{4}-[A-Z2-9]{4}/.exec(await ask(first, '!link'))?.[0];
    const before = first.direct.told().length;
    await ask(far, `!link ${code}`);
    await first.until(() => first.direct.told().length > before, 'the other side is told as well');
  }
  await ask(first, 'word of one');
  expect(heard()).toEqual([...fars.map(({ name }) => `word of ${name}`), 'word of one']);

  const [leaving] = others as [Far];
  await ask(leaving, '!unlink');
  await ask(leaving, 'word of alone');
  expect(heard()).toEqual([`word of ${leaving.name}`, 'word of alone']);
  await ask(first, 'word of two');
  expect(heard()).toEqual([
    ...fars.filter((far) => far !== leaving).map(({ name }) => `word of ${name}`),
    'word of one',
    'word of two',
  ]);
});
