import { expect, test } from 'vitest';
import { Daemon } from './daemon.ts';
import { type Far, type Place, platforms } from './far/index.ts';
import { lineOf, optionsFor } from './far/start.ts';
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

test.each(['discord', 'feishu', 'slack', 'telegram'])(
  '%s: what the owner says of a group holds in its threads',
  async (name) => {
    await using far = (await platforms[name]?.()) ?? expect.fail();
    const { groupId, thread } = far;
    if (thread === undefined) return expect.fail();
    const more = `group_policy: allowlist, groups: { "${groupId}": {} }`;
    await using daemon = await Daemon.start(`channels:\n${lineOf(far, { more })}`, optionsFor([far]));
    await daemon.until(({ msg }) => msg === `${name} is connected`, `${name} is connected`);
    expect((await call(far, thread)).answer.text).toContain('think?');
  },
);
