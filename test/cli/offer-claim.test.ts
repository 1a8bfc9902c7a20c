import { expect, test } from 'vitest';
import { offerClaim } from '../../src/cli/offer-claim.ts';
import { Town } from '../commands/kit.ts';

type Parts = Parameters<typeof offerClaim>;

/** Starts a gateway with these channels, as far as the offer is concerned; gives what it logs and shows. */
async function start(town: Town, types: readonly string[], isTTY: boolean) {
  const shown: string[] = [];
  const logged: string[] = [];
  const channels = types.map((type) => ({ type, enabled: true }));
  const log = { info: (line: string) => logged.push(line) };
  const terminal = { isTTY, write: (text: string) => shown.push(text) };
  const parts = [{ channels }, log, terminal] as unknown as [Parts[1], Parts[2], Parts[3]];
  await offerClaim(town.operations, ...parts);
  return { logged, shown: shown.join('') };
}

test('while nobody is an admin, a terminal shows the code, and the log only how to get it', async () => {
  await using town = await Town.build();
  const { logged, shown } = await start(town, ['webchat', 'telegram'], true);
  const [line = ''] = /\/claim [A-Z2-9]{4}-[A-Z2-9]{4}/.exec(shown) ?? [];
  expect(logged).toEqual([
    'nobody is an admin yet; "openclaw-gateway claim" shows the code that makes you one',
  ]);
  expect(shown).not.toContain('!');
  expect((await start(town, ['slack'], true)).shown).toContain(line.replace('/', '(on Slack: !'));
  expect((await start(town, ['telegram'], false)).shown).toBe('');
  expect(await start(town, ['webchat'], true)).toEqual({ logged: [], shown: '' });
  expect(await town.ask(town.telegram, 'ann', line)).toContain('You are an admin now');
  expect(await start(town, ['telegram'], true)).toEqual({ logged: [], shown: '' });
});
