import { expect, test } from 'vitest';
import { every, type Place } from './far/index.ts';
import { bootAgain, startWith } from './far/start.ts';

test('all channels at once: each answers, before a kill and after it', async () => {
  await using all = await every();
  await using daemon = await startWith(all.fars);
  const places = all.fars.flatMap((far) =>
    [far.direct, far.group].flatMap((place) => (place === undefined ? [] : [{ far, place }])),
  );
  const answers = (place: Place, word: string) => place.told().filter(({ text }) => text.includes(word));
  const answered = async (word: string) => {
    for (const { far, place } of places) {
      await far.until(() => answers(place, word).length > 0, `${word} on ${far.name}`);
    }
  };

  await Promise.all(places.map(({ place }) => place.say('apple', { call: true })));
  await answered('apple');
  expect((await fetch(new URL('/readyz', daemon.url))).status).toBe(200);
  await daemon.kill('SIGKILL');
  await Promise.all(places.map(({ place }) => place.say('banana', { call: true })));
  await bootAgain(daemon, ...all.fars);
  await answered('banana');
  await daemon.kill('SIGTERM');
  expect(daemon.exitCode).toBe(0);
  for (const { far, place } of places) expect(answers(place, 'banana'), far.name).toHaveLength(1);
});
