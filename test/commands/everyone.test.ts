import { expect, test } from 'vitest';
import { agentOf } from '../gateway/harness.ts';
import { Town } from './kit.ts';

test('everybody is told what they can do, in their language, and admins more', async () => {
  await using town = await Town.build();
  const { telegram } = town;
  const help = await town.ask(telegram, 'ann', '/help');
  expect(help).toContain('`/whoami`: Who you are to me');
  expect(help).not.toContain('/approve');
  expect(await town.ask(telegram, 'ann', '/start')).toBe(help);
  expect(await town.ask(telegram, 'ann', '!HELP')).toBe(help);
  const chinese = { sender: { id: 'li' as never, language: 'zh-hans' } };
  expect(await town.ask(telegram, 'li', '/help', chinese)).toContain('`/whoami`: 我怎么认识你');
  await town.makeAdmin(telegram, 'ann');
  expect(await town.ask(telegram, 'ann', '/help')).toContain(
    '`/approve [code | channel:sender]`: Let somebody in',
  );
  const inGroup = await town.askIn(telegram, 'group', 'ann', '/help');
  expect(inGroup).toContain('/stop');
  expect(inGroup).not.toMatch(/approve|\/link/);
});

test('whoami names all that a person writes from, but not to a group', async () => {
  await using town = await Town.build();
  const { telegram } = town;
  expect(await town.ask(telegram, 'ann', '/whoami')).toMatch(
    /^You are the user `\w+`\.\nYou write to me from:\n- `telegram:ann` \(here\)$/,
  );
  expect(await town.askIn(telegram, 'group', 'ann', '/whoami')).toBe('Here you are `telegram:ann`.');
  await town.makeAdmin(telegram, 'ann');
  expect(await town.ask(telegram, 'ann', '/whoami')).toContain(', and an admin.');
});

test('a language is chosen, and given back', async () => {
  await using town = await Town.build();
  const { telegram } = town;
  const say = (text: string) => town.ask(telegram, 'ann', text);
  expect(await say('/lang')).toMatch(/^We speak English/);
  expect(await say('/lang 中文')).toBe('从现在起我们说中文。');
  expect(await say('/lang')).toMatch(/^我们说中文/);
  expect(await say('/lang klingon')).toBe('请这样写：`/lang [en | zh | auto]`');
  expect(await say('/lang constructor')).toBe('请这样写：`/lang [en | zh | auto]`');
  await say('/lang auto');
  expect(await say('/lang')).toMatch(/^We speak English/);
});

test('stop ends the running turn at once, while others wait', async () => {
  const begun = Promise.withResolvers<void>();
  const agent = agentOf(async function* (turn) {
    yield { type: 'chunk', text: 'It was a dark and stormy' };
    begun.resolve();
    if (turn.messages.at(-1)?.text === 'a novel') {
      await new Promise((resolve) => turn.signal.addEventListener('abort', resolve));
    }
    yield { type: 'done' };
  });
  await using town = await Town.build({ agent });
  const { telegram } = town;
  expect(await town.ask(telegram, 'ann', '/stop')).toBe('Nothing is being answered at the moment.');
  await telegram.say('ann', 'a novel');
  await begun.promise;
  expect(await town.ask(telegram, 'ann', '/status')).toContain(
    '1 message of this conversation is being answered',
  );
  await telegram.say('ann', '/stop');
  await town.untilSaid(telegram, 'ann', 4);
  const said = telegram.textsIn('ann').slice(2);
  expect(said.sort()).toEqual(['It was a dark and stormy\n\n_Stopped._', 'Stopped.']);
  expect(await town.ask(telegram, 'ann', '/status')).toContain('No message of this conversation waits');
});

test('an agent is chosen by each person, in a group by admins, and taken back', async () => {
  const named = (id: string) => ({ ...agentOf(() => `I am ${id}`), id: id as never });
  const agents = new Map([named('default'), named('poet')].map((one) => [one.id, one]));
  await using town = await Town.build({ agent: named('default'), agents });
  const { telegram } = town;
  const say = (text: string) => town.ask(telegram, 'ann', text);
  const inGroup = (who: string, text: string) => town.askIn(telegram, 'group', who, text);
  expect(await say('/agent')).toContain('- `default` (answers now)\n- `poet`');
  expect(await say('/agent plumber')).toBe('There is no such agent. `/agent` lists them.');
  expect(await say('/agent poet')).toBe('From now on **poet** answers here.');
  expect(await say('hello')).toBe('I am poet');
  expect(await town.ask(telegram, 'bob', 'hello')).toBe('I am default');
  expect(await inGroup('ann', '/agent poet')).toBe('In a group, only an admin can choose who answers.');
  expect(await inGroup('ann', 'hello')).toBe('I am default');
  await say('/agent default');
  expect(await say('hello')).toBe('I am default');
  await town.makeAdmin(telegram, 'ann');
  await inGroup('ann', '/agent poet');
  expect(await inGroup('bob', 'hello')).toBe('I am poet');
});

test('a command that is none goes to the agent', async () => {
  await using town = await Town.build();
  const { telegram } = town;
  for (const text of ['/nonsense', '/approv X', '/ help', '/help-me', 'say /help', '//help', '/tmp/file']) {
    expect(await town.ask(telegram, 'ann', text)).toBe(`re: ${text}`);
  }
});

test('new forgets what was said, and retry answers the latest anew', async () => {
  let run = 0;
  const agent = agentOf((turn) => {
    const said = turn.history.filter(({ role }) => role === 'user').map(({ text }) => text);
    run += 1;
    return `${run}: ${[...said, turn.messages.at(-1)?.text].join(', ')}`;
  });
  await using town = await Town.build({ agent });
  const { telegram } = town;
  const say = (text: string) => town.ask(telegram, 'ann', text);
  expect(await say('/retry')).toBe('There is nothing to try again.');
  await say('apples');
  expect(await say('pears')).toBe('2: apples, pears');
  await telegram.say('ann', '/retry');
  await town.untilSaid(telegram, 'ann', 5);
  expect(telegram.textsIn('ann').slice(3).sort()).toEqual([
    '3: apples, pears',
    'I try your last message again.',
  ]);
  expect(await say('/new')).toMatch(/^We begin anew/);
  expect(await say('plums')).toBe('4: plums');
});
