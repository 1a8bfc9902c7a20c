import { expect, test } from 'vitest';
import { platforms } from './far/index.ts';
import { agentOf } from './far/start.ts';
import { together } from './far/together.ts';

const all = together((model) => `log: { level: debug }\n${agentOf(model)}`);

test.each(Object.keys(platforms).filter((name) => name !== 'webchat'))(
  '%s: what a person changes, and how they react, the agent hears with the next message',
  async (name) => {
    const { daemon, model } = all;
    const far = all.far(name);
    const { direct } = far;
    const before = model.chats.length;
    const asked = () => model.chats.slice(before).map(({ messages }) => messages.at(-1)?.content);
    model.answer = () => `Answer ${asked().length}`;
    const answered = (count: number) => far.until(() => direct.told().length === count, `answer ${count}`);
    const noted = () =>
      daemon.lines.filter(({ channel, reason }) => channel === name && reason === 'noted').length;

    const said = await direct.say('I like tea');
    await answered(1);
    await direct.edit?.(said, 'I like coffee');
    await direct.react?.(direct.told()[0]?.id ?? '');
    const changes = [direct.edit, direct.react].filter((way) => way !== undefined).length;
    await daemon.until(() => noted() === changes, 'what changed is noted');
    expect(asked(), 'nothing of it is answered by itself').toHaveLength(1);

    await direct.say('What do I like?');
    await answered(2);
    const [, second] = asked();
    if (direct.edit)
      expect(second).toContain('changed an earlier message, which now reads]\n  I like coffee');
    if (direct.react) expect(second).toContain('reacted to an earlier message with 👍');
    expect(second).toMatch(/What do I like\?$/);
    expect(direct.told().map(({ text }) => text)).toEqual(['Answer 1', 'Answer 2']);
  },
);
