import { expect, test } from 'vitest';
import { agentOf } from '../gateway/harness.ts';
import { codeIn, Town } from './kit.ts';

const remembering = () =>
  agentOf(
    (turn) =>
      `after ${turn.history
        .filter(({ role }) => role === 'user')
        .map(({ text }) => text)
        .join(', ')}`,
  );

test('one person on two channels has one conversation, both sides are told, and it can be undone', async () => {
  await using town = await Town.build({ agent: remembering() });
  const { telegram, slack } = town;
  await town.ask(telegram, 'ann', 'apples');
  await town.ask(slack, 'U1', 'pears');
  const offer = await town.ask(telegram, 'ann', '/link');
  expect(offer).toMatch(/within 10 minutes:\n\n`\/link [A-Z2-9]{4}-[A-Z2-9]{4}`/);
  expect(await town.ask(telegram, 'ann', `/link ${codeIn(offer)}`)).toContain('This is your own code.');
  expect(await town.ask(slack, 'U1', `/link ${codeIn(offer).toLowerCase().replace('-', ' ')}`)).toMatch(
    /^Linked: here you are now the same person as `telegram:ann`/,
  );
  await town.untilSaid(telegram, 'ann', 4);
  expect(telegram.textsIn('ann').at(-1)).toMatch(/^You are now the same person as `slack:U1`/);
  expect(await town.ask(slack, 'U1', 'plums')).toBe('after apples, pears');
  expect(await town.ask(telegram, 'ann', '/whoami')).toContain('- `slack:U1`');
  expect(await town.ask(telegram, 'ann', `/link ${codeIn(offer)}`)).toContain('wrong, used up or too old');

  expect(await town.ask(slack, 'U1', '/unlink')).toMatch(/^Unlinked/);
  await town.untilSaid(telegram, 'ann', 7);
  expect(telegram.textsIn('ann').at(-1)).toContain('`slack:U1` is no longer the same person as you');
  expect(await town.ask(telegram, 'ann', 'figs')).toBe('after apples');
  expect(await town.ask(slack, 'U1', 'grapes')).toBe('after pears, plums');
  expect(await town.ask(slack, 'U1', '/unlink')).toContain('nothing is linked');
});

test('a code is neither shown nor taken in a group', async () => {
  await using town = await Town.build();
  const { telegram } = town;
  const refused = 'Please write this to me directly, not in a group.';
  expect(await town.askIn(telegram, 'group', 'ann', '/link')).toBe(refused);
  expect(await town.askIn(telegram, 'group', 'ann', '/link ABCD-EFGH')).toBe(refused);
  expect(await town.askIn(telegram, 'group', 'ann', '/claim ABCD-EFGH')).toBe(refused);
});

test('nobody becomes an admin by having one type their code unseen', async () => {
  await using town = await Town.build();
  const { telegram, slack } = town;
  await town.makeAdmin(telegram, 'owner');
  const code = codeIn(await town.ask(slack, 'mallory', '/link'));
  expect(await town.ask(telegram, 'owner', `/link ${code}`)).toMatch(
    /^This code was given to `slack:mallory`\. .* as an admin/,
  );
  expect(await town.ask(slack, 'mallory', '/users')).toBe('Only an admin can do this.');
  expect(await town.ask(telegram, 'owner', `/link ${code} yes`)).toMatch(/^Linked/);
  await town.untilSaid(slack, 'mallory', 3);
  expect(await town.ask(slack, 'mallory', '/whoami')).toContain(', and an admin.');
});

test('admins link and unlink others; nobody else does', async () => {
  await using town = await Town.build({ agent: remembering() });
  const { telegram, slack } = town;
  await town.ask(telegram, 'ann', 'apples');
  await town.ask(slack, 'U1', 'pears');
  const user = /`(\w+)`/.exec(await town.ask(telegram, 'ann', '/whoami'))?.[1];
  expect(await town.ask(telegram, 'ann', `/link ${user} slack:U1`)).toContain(
    'Only an admin can link others',
  );
  expect(await town.ask(telegram, 'ann', '/unlink slack:U1')).toContain('Only an admin can unlink others');
  await town.makeAdmin(telegram, 'owner');
  const say = (text: string) => town.ask(telegram, 'owner', text);
  expect(await say('/link nobody slack:U1')).toContain('There is no such user');
  expect(await say(`/link ${user} slack:U9`)).toContain('I know nobody of this name');
  expect(await say(`/link ${user} slack:U1`)).toBe(
    `Linked: \`slack:U1\` is now the user \`${user}\`. Their conversations are one.`,
  );
  expect(await say(`/link ${user} slack:U1`)).toContain('They are the same person already');
  expect(await town.ask(slack, 'U1', 'plums')).toMatch(/You are now the same person|apples, pears/);
  expect(await say('/unlink slack:U1')).toBe('Unlinked: `slack:U1` is a person of their own again.');
});

test('answers follow whoever carries on elsewhere, until they write there', async () => {
  await using town = await Town.build();
  const { telegram, slack } = town;
  expect(await town.ask(telegram, 'ann', '/continue')).toContain('I know you only from here');
  expect(await town.ask(telegram, 'ann', '/continue on slack')).toContain('you are not linked there');
  await town.ask(slack, 'U1', 'hello');
  const code = codeIn(await town.ask(telegram, 'ann', '/link'));
  await town.ask(slack, 'U1', `/link ${code}`);
  await town.untilSaid(telegram, 'ann', 4);
  expect(await town.ask(telegram, 'ann', '/continue')).toMatch(/one of: slack$/);
  expect(await town.ask(telegram, 'ann', '/continue on slack')).toBe(
    'The next answers go to slack, until you write there.',
  );
  expect(await town.ask(telegram, 'ann', '/status')).toContain('Answers go to slack until you write there.');
  const before = slack.textsIn('U1').length;
  await telegram.say('ann', 'from the train');
  await town.untilSaid(slack, 'U1', before + 1);
  expect(slack.textsIn('U1').at(-1)).toBe('re: from the train');
  // In a group, what is asked is answered there.
  expect(await town.askIn(telegram, 'group', 'ann', 'in the group')).toBe('re: in the group');
  expect(await town.ask(slack, 'U1', 'I am here')).toBe('re: I am here');
  expect(await town.ask(telegram, 'ann', 'back on the train')).toBe('re: back on the train');
  await town.ask(telegram, 'ann', '/continue on slack');
  expect(await town.ask(telegram, 'ann', '/continue on telegram')).toContain('You are here already');
  expect(await town.ask(telegram, 'ann', 'still here')).toBe('re: still here');
});

test('answers do not go to a chat that is no longer of the same person', async () => {
  await using town = await Town.build();
  const { telegram, slack } = town;
  await town.ask(slack, 'U1', 'hello');
  await town.ask(slack, 'U1', `/link ${codeIn(await town.ask(telegram, 'ann', '/link'))}`);
  await town.untilSaid(telegram, 'ann', 2);
  await town.ask(telegram, 'ann', '/continue on slack');
  // Writing there would be arriving; so an admin does it.
  const { people } = town.operations;
  await people.change(() => people.unlink(people.identity('slack:U1'), 'cli'));
  expect(await town.ask(telegram, 'ann', 'a secret')).toBe('re: a secret');
  expect(slack.textsIn('U1').join()).not.toContain('secret');
});
