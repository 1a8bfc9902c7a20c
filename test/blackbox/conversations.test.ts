import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { type Far, type Place, platforms, type Told } from './far/index.ts';
import { startWith } from './far/start.ts';
import { aPicture, longText, once } from './far/texts.ts';

/** Says something, and waits for so many messages in answer to it. */
async function ask(far: Far, place: Place, count: number, say: () => unknown): Promise<Told[]> {
  const before = once(place.told()).length;
  await say();
  const answers = () => once(place.told()).slice(before);
  await far.until(() => answers().length >= count, `${count} messages`);
  return answers();
}

describe.each(Object.entries(platforms))('%s, in the whole daemon', (name, platform) => {
  test('a person and the agent, in a direct chat, with the connection cut again and again', async () => {
    await using far = await platform();
    await using daemon = await startWith([far]);
    const { direct } = far;

    await ask(far, direct, 1, () => direct.say('Hello'));
    const [formatted] = await ask(far, direct, 1, () => direct.say('It is **quite** safe'));
    expect(formatted?.bold).toEqual(name === 'imessage' ? [] : ['quite']);
    expect(formatted?.replyTo, 'between two people every line would be a reply').toBeUndefined();

    const { words, text } = longText(far);
    await ask(far, direct, 1, () => direct.say(text));
    await far.cut();
    await far.until(
      () =>
        once(direct.told())
          .at(-1)
          ?.text.includes(words.at(-1) ?? '') === true,
      'the end',
    );
    const whole = once(direct.told()).slice(2);
    expect(whole.length > 1).toBe(text.length > far.textLimit);
    expect(whole.flatMap(({ text }) => text.match(/word\d+/g) ?? [])).toEqual(words);
    for (const part of whole) expect(part.text.length).toBeLessThanOrEqual(far.textLimit);

    await far.cut();
    const picture = aPicture();
    const before = once(direct.told()).length;
    await direct.say('look', { picture });
    const files = () =>
      direct
        .told()
        .slice(before)
        .flatMap((one) => one.files);
    await far.until(() => files().length > 0, 'the picture');
    expect(files()).toHaveLength(1);
    expect(files()[0]?.equals(picture)).toBe(true);

    const asked = await ask(far, direct, 1, () => direct.say('choose tea, coffee'));
    const offered = direct.press === undefined ? [] : ['tea', 'coffee'];
    expect(asked[0]?.buttons).toEqual(offered);
    if (direct.press === undefined) expect(asked[0]?.text).toContain('2. coffee');
    const [chosen] = await ask(far, direct, 1, () => direct.press?.('coffee') ?? direct.say('2'));
    expect(chosen?.text).toMatch(/coffee\s*$/);

    const emoji = await direct.say('👍');
    await far.until(() => direct.told().at(-1)?.text.includes('👍') === true, 'an answer to the emoji');
    await far.until(() => direct.reactions?.(emoji).includes('👍') ?? true, 'the reaction');

    const total = once(direct.told()).length;
    await far.cut();
    await ask(far, direct, 1, () => direct.say('Goodbye'));
    await daemon.kill('SIGTERM');
    expect(daemon.exitCode).toBe(0);
    const ends = new Database(join(daemon.folder, 'data', 'gateway.db'), { readonly: true });
    const states = (table: string) => ends.prepare(`SELECT DISTINCT state FROM ${table}`).pluck().all();
    // What people in a group say to each other is ignored.
    expect(states('inbox').filter((state) => state !== 'ignored')).toEqual(['answered']);
    expect(states('outbox')).toEqual(['sent']);
    ends.close();
    expect(once(direct.told()), 'nothing was doubled').toHaveLength(total + 1);
    if (far.exact) expect(direct.told()).toHaveLength(total + 1);
  });
});
