import { expect, test } from 'vitest';
import { type Far, type Place, platforms } from './far/index.ts';
import { together } from './far/together.ts';

const all = together(() => '');

/** Somebody talks, then somebody calls the agent: what is known of the call and of its answer. */
async function call(far: Far, place: Place) {
  const told = place.told().length;
  await place.say('just talking to each other');
  const asked = await place.say('what do **you** think?', { call: true });
  await far.until(() => place.told().length > told, 'an answer');
  return { asked, answer: place.told()[told] ?? expect.fail() };
}

test.each(Object.keys(platforms).filter((name) => name !== 'webchat'))(
  '%s: in a group and in a thread of it, who calls the agent is answered there, and nobody else',
  async (name) => {
    const far = all.far(name);
    const { group, thread } = far;
    if (group === undefined) return expect.fail();

    const first = await call(far, group);
    expect(first.answer.text).toMatch(/what do .*you.* think\?\s*$/);
    expect(first.answer.text).not.toContain('just talking');
    expect(first.answer.replyTo).toBe(first.asked);
    if (thread !== undefined) {
      const { answer } = await call(far, thread);
      expect(answer.text).toMatch(/what do .*you.* think\?\s*$/);
      expect(answer.text).not.toContain('just talking');
      expect(thread.told()).toHaveLength(1);
    }
    const second = await call(far, group);
    expect(second.answer.replyTo).toBe(second.asked);
    expect(group.told(), 'neither what nobody asked, nor the answer in the thread').toHaveLength(2);
  },
);
