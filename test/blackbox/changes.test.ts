import { expect, test } from 'vitest';
import { FakeOpenAI } from '../platforms/openai.ts';
import { platforms } from './far/index.ts';
import { agentOf, startWith } from './far/start.ts';

test.each(Object.entries(platforms).filter(([name]) => name !== 'webchat'))(
  '%s: what a person changes, and how they react, the agent hears with the next message',
  async (_, platform) => {
    await using far = await platform();
    await using model = await new FakeOpenAI().listen();
    await using daemon = await startWith([far], `log: { level: debug }\n${agentOf(model)}`);
    const { direct } = far;
    model.answer = () => `Answer ${model.chats.length}`;
    const answered = (count: number) =>
      far.until(() => direct.told().length === count, `answer ${count}`).then(() => direct.told().at(-1));

    const said = await direct.say('I like tea');
    const answer = (await answered(1)) ?? expect.fail();
    const noted = ({ msg, reason }: { msg: string; reason?: unknown }) =>
      msg === 'message ignored' && reason === 'noted';
    await direct.edit?.(said, 'I like coffee');
    await direct.react?.(answer.id);
    const changes = Number(direct.edit !== undefined) + Number(direct.react !== undefined);
    await daemon.until(() => daemon.lines.filter(noted).length === changes, 'what changed is noted');
    expect(model.chats, 'nothing of it was answered by itself').toHaveLength(1);

    await direct.say('What do I like?');
    await answered(2);
    const asked = model.chats.at(-1)?.messages.at(-1)?.content;
    if (direct.edit) expect(asked).toContain('changed an earlier message, which now reads]\n  I like coffee');
    if (direct.react) expect(asked).toContain('reacted to an earlier message with 👍');
    expect(asked).toMatch(/What do I like\?$/);
    await daemon.kill('SIGTERM');
    expect(direct.told().map(({ text }) => text)).toEqual(['Answer 1', 'Answer 2']);
  },
);
