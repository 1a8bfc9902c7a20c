import { expect, test } from 'vitest';
import { type Far, type Place, platforms } from './far/index.ts';
import { startWith } from './far/start.ts';

/** Somebody talks, then somebody calls the agent: what is known of the call and of its answer. */
async function call(far: Far, place: Place) {
  await place.say('just talking to each other');
  const asked = await place.say('what do **you** think?', { call: true });
  await far.until(() => place.told().length > 0, 'an answer');
  return { asked, answer: place.told()[0] ?? expect.fail() };
}

test.each(Object.entries(platforms).filter(([name]) => name !== 'webchat'))(
  '%s: in a group and in a thread of it, who calls the agent is answered there, and nobody else',
  async (_, platform) => {
    await using far = await platform();
    await using daemon = await startWith([far]);
    const { group, thread } = far;
    if (group === undefined) return expect.fail();

    const inGroup = await call(far, group);
    expect(inGroup.answer.text).toMatch(/what do .*you.* think\?\s*$/);
    expect(inGroup.answer.text).not.toContain('just talking');
    expect(inGroup.answer.replyTo).toBe(inGroup.asked);
    if (thread !== undefined) {
      const { answer } = await call(far, thread);
      expect(answer.text).toMatch(/what do .*you.* think\?\s*$/);
    }
    await daemon.kill('SIGTERM');
    expect(group.told(), 'the answer in the thread is not in the group').toHaveLength(1);
    expect(thread?.told() ?? [1]).toHaveLength(1);
  },
);
