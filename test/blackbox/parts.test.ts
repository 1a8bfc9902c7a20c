import { expect, test } from 'vitest';
import { platforms } from './far/index.ts';
import { bootAgain, SLOWLY, startWith } from './far/start.ts';
import { aPicture, longText, once } from './far/texts.ts';

test.each(Object.entries(platforms))(
  '%s: killed between the parts of an answer, it sends the rest, and nothing twice unmarked',
  async (_, platform) => {
    await using far = await platform();
    await using daemon = await startWith([far], '', SLOWLY);
    const { direct } = far;
    const { words, text } = longText(far);
    const told = () => once(direct.told()).flatMap((one) => one.text.match(/word\d+/g) ?? []);
    const files = () => direct.told().flatMap((one) => one.files);
    const picture = aPicture();
    await direct.say(text, { picture });
    await far.until(() => told().length > 0, 'the first part');
    await daemon.kill('SIGKILL');
    await bootAgain(daemon, far);
    await far.until(() => files().length > 0 && told().length >= words.length, 'the rest');
    await daemon.kill('SIGTERM');
    expect(told()).toEqual(words);
    expect(files()[0]?.equals(picture)).toBe(true);
    if (far.exact) expect(once(direct.told())).toEqual(direct.told());
  },
);
