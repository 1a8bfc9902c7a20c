import { expect, test } from 'vitest';
import { Daemon } from './daemon.ts';
import { platforms } from './far/index.ts';
import { lineOf, optionsFor } from './far/start.ts';

test.each(Object.keys(platforms).filter((name) => name !== 'webchat'))(
  '%s refuses our credentials: one line says what to do, and two other channels work',
  async (name) => {
    const [first = '', second = ''] = ['signal', 'telegram', 'feishu'].filter((other) => other !== name);
    await using bad = (await platforms[name]?.()) ?? expect.fail();
    await using one = (await platforms[first]?.()) ?? expect.fail();
    await using other = (await platforms[second]?.()) ?? expect.fail();
    const refused = { ...bad, options: bad.refusedOptions ?? bad.options };
    const config = `channels:\n${[refused, one, other].map((far) => lineOf(far)).join('')}`;
    const { env, prepare } = optionsFor([bad, one, other]);
    await using daemon = await Daemon.start(config, {
      env,
      async prepare(folder) {
        await prepare(folder);
        bad.refuse?.();
      },
    });

    const complaints = () => daemon.lines.filter(({ level, channel }) => level >= 40 && channel === name);
    await daemon.until(() => complaints().length > 0, 'the refusal');
    for (const { name, direct, until } of [one, other]) {
      await daemon.until(({ msg }) => msg === `${name} is connected`, 'the connection');
      await direct.say('Are you there?');
      await until(() => direct.told().some(({ text }) => text.includes('Are you there?')), 'an answer');
    }
    const ready = await fetch(new URL('/readyz', daemon.url));
    expect(await ready.json()).toMatchObject({
      channels: {
        [name]: { state: 'rejected' },
        [one.name]: { state: 'connected' },
        [other.name]: { state: 'connected' },
      },
    });
    await daemon.kill('SIGTERM');
    expect(complaints()).toMatchObject([
      {
        level: 50,
        msg: `${name} is refused by its platform and waits for you`,
        reason: expect.any(String),
        hint: expect.stringMatching(/\w{3}/),
      },
    ]);
    expect(daemon.text).not.toContain('wrong-secret');
  },
);
