import assert from 'node:assert';
import { expect, test } from 'vitest';
import { createCommands } from '../../src/commands/index.ts';
import { ChannelError, StartError } from '../../src/contract/index.ts';
import { agentOf, ScriptedChannel } from '../gateway/harness.ts';
import { codeIn, Town } from './kit.ts';

const COMMANDS = [
  'approve',
  'deny',
  'users',
  'sessions',
  'channels',
  'restart-channel',
  'dlq',
  'why',
  'broadcast',
];

test.each(COMMANDS)('/%s is refused to who is no admin, and in groups also to who is', async (name) => {
  await using town = await Town.build();
  const { telegram } = town;
  expect(await town.ask(telegram, 'ann', `/${name} telegram:x`)).toBe('Only an admin can do this.');
  await town.makeAdmin(telegram, 'owner');
  const inGroup = (who: string) => town.askIn(telegram, 'group', who, `/${name} telegram:x`);
  expect(await inGroup('owner')).toBe('Please write this to me directly, not in a group.');
  expect(await inGroup('ann')).toBe('Only an admin can do this.');
});

test('a stranger is let in by code, hears of it, and can be turned away again', async () => {
  await using town = await Town.build({ access: { dmPolicy: 'pairing' } });
  const { telegram, slack } = town;
  await town.makeAdmin(telegram, 'owner');
  const say = (text: string) => town.ask(telegram, 'owner', text);
  expect(await say('/approve')).toBe('Nobody waits to be let in.');
  const code = codeIn(
    await town.ask(slack, 'bob', 'hello', { sender: { id: 'bob' as never, name: 'Bob `x`' } }),
  );
  expect(await say('/approve')).toContain(`- \`slack:bob\` (Bob x): \`${code}\``);
  expect(await say('/users')).toContain(`- \`slack:bob\` (Bob x), 1 message: \`/approve ${code}\``);
  expect(await say('/approve WRNG-CDEX')).toContain('wrong, used up or too old');
  expect(await say(`/approve ${code}`)).toBe('`slack:bob` (Bob x) can write to me now. I told them so.');
  await town.untilSaid(slack, 'bob', 2);
  expect(slack.textsIn('bob').at(-1)).toBe('You can write to me now.');
  expect(await town.ask(slack, 'bob', 'hello again')).toBe('re: hello again');
  expect(await say(`/approve ${code}`)).toContain('wrong, used up or too old');

  expect(await say('/deny slack:bob')).toBe(
    'I no longer hear `slack:bob` (Bob x). `/approve slack:bob` undoes it.',
  );
  await slack.say('bob', 'anybody there?');
  await town.hub.until('inbound.ignored', 2);
  expect(await say('/users')).toContain('`slack:bob` (Bob x) (turned away)');
  expect(await say('/approve slack:bob')).toContain('I told them so.');
  await town.untilSaid(slack, 'bob', 4);
  expect(await say('/deny telegram:owner')).toContain('This is an admin.');
  expect(await say('/approve discord:bob')).toContain('There is no such channel');
  expect(await say('/approve slack:carla')).toContain('I have no chat with them yet');
  expect(await town.ask(slack, 'carla', 'hi')).toBe('re: hi');
});

test('users are listed, one by one too', async () => {
  await using town = await Town.build();
  const { telegram } = town;
  await town.makeAdmin(telegram, 'owner');
  const say = (text: string) => town.ask(telegram, 'owner', text);
  for (let index = 0; index < 21; index += 1) await town.ask(telegram, `p${index}`, '/lang zh');
  const list = await say('/users');
  expect(list.match(/^- /gm)).toHaveLength(20);
  const after = /`\/users (after \w+)`/.exec(list)?.[1];
  expect((await say(`/users ${after}`)).match(/^- /gm)).toHaveLength(2);
  const user = /`(\w+)`: `telegram:p0`/.exec(list)?.[1];
  expect(await say(`/users ${user}`)).toBe(`\`${user}\`\n- \`telegram:p0\`\nLanguage: zh`);
  expect(await say('/users nobody')).toContain('There is no such user');
});

test('channels are told, and connected anew, also one that was refused, and one that waits for its time', async () => {
  let trouble: ChannelError | undefined = new ChannelError('auth', 'the token is wrong', {
    hint: 'Take another.',
  });
  const slack = new ScriptedChannel('slack');
  slack.onStart = async () => {
    if (trouble !== undefined) throw trouble;
  };
  const telegram = new ScriptedChannel('telegram');
  await using town = await Town.build(
    { reconnect: { base: 3_600_000, cap: 3_600_000 } },
    [telegram, slack],
    1,
  );
  await town.makeAdmin(telegram, 'owner');
  const say = (text: string) => town.ask(telegram, 'owner', text);
  expect(await say('/channels')).toBe(
    'Channels:\n\n- telegram: connected\n- slack: rejected. the token is wrong. Take another.',
  );
  expect(await say('/restart-channel discord')).toBe(
    'There is no channel `discord`. There are: `telegram`, `slack`',
  );
  expect(await say('/restart-channel')).toContain('`/restart-channel <channel>`');
  expect(await say('/restart_channel telegram')).toContain('telegram connects anew');
  await town.hub.untilConnected(2);
  expect(telegram.starts).toBe(2);
  trouble = new ChannelError('network', 'no route');
  await say('/restart-channel slack');
  while (!(await say('/channels')).includes('slack: disconnected. no route'));
  trouble = undefined;
  await say('/restart-channel slack');
  await town.hub.untilConnected(3);
  expect(slack.stops).toBe(2);
});

test('the latest conversations are told, groups by name', async () => {
  await using town = await Town.build();
  const { telegram } = town;
  await town.makeAdmin(telegram, 'owner');
  expect(await town.ask(telegram, 'owner', '/sessions')).toBe('No conversation yet.');
  await town.ask(telegram, 'ann', 'hello');
  await town.askIn(telegram, 'group', 'ann', 'hello');
  const told = await town.ask(telegram, 'owner', '/sessions');
  expect(told).toMatch(/^The latest conversations; 2 are live at the moment:/);
  expect(told).toMatch(/- group `telegram:group`, default, [\d: -]+\n- user `\w+`, default, /);
});

test('dead letters are listed, tried again and put away', async () => {
  let fails = true;
  const agent = agentOf(async (turn) => {
    if (fails) throw new Error('the model is on holiday');
    return `re: ${turn.messages.at(-1)?.text}`;
  });
  await using town = await Town.build({ agent, turns: { maxAttempts: 1, timeout: 1_000, maxMessages: 1 } });
  const { telegram } = town;
  await town.makeAdmin(telegram, 'owner');
  const say = (text: string) => town.ask(telegram, 'owner', text);
  expect(await say('/dlq')).toBe('No dead letters.');
  await town.ask(telegram, 'ann', 'a private word');
  await town.ask(telegram, 'bob', 'another one');
  const list = await say('/dlq');
  expect(list).toMatch(/^2 dead letters, oldest first:\n\n- `\w+` in telegram, .*: the model is on holiday/);
  expect(list).not.toContain('private');
  const [first] = /`(\w{10,})`/.exec(list)?.slice(1) ?? [];
  expect(await say('/dlq replay')).toContain('Write it like this');
  expect(await say('/dlq eat all')).toContain('Write it like this');
  fails = false;
  expect(await say(`/dlq replay ${first}`)).toBe('1 to be tried again.');
  await town.untilSaid(telegram, 'ann', 2);
  expect(telegram.textsIn('ann').at(-1)).toBe('re: a private word');
  expect(await say('/dlq discard all')).toBe('1 put away.');
  expect(await say('/status')).toMatch(/Channels: 2 of 2 connected\.\nUnder way: \d in, \d out\.$/);
});

test('why tells the way of the latest message of the chat, or of an id, and nothing ends its fence', async () => {
  await using town = await Town.build();
  const { telegram } = town;
  await town.makeAdmin(telegram, 'owner');
  const say = (text: string) => town.ask(telegram, 'owner', text);
  expect(await say('/why')).toBe('Nothing came in this chat before.');
  await say('plain words');
  expect(await say('/why')).toMatch(/^```\nin /);
  await say('what ```is``` this');
  const story = await say('/why');
  expect(story).toMatch(/^````\nin \w+ {2}telegram owner\n/);
  expect(story).toContain('says       what ```is``` this');
  expect(story).toMatch(/outcome {4}answered\n/);
  expect(story).toMatch(/turn \w+ {2}agent default/);
  const id = /^out (\S+)/m.exec(story)?.[1];
  expect(await say(`/why ${id}`)).toBe(story);
  expect(await say('/why nothing')).toContain('Nothing is known of `nothing`.');
});

test('a broadcast reaches everybody once, where they wrote last, after the number was shown', async () => {
  await using town = await Town.build();
  const { telegram, slack } = town;
  await town.makeAdmin(telegram, 'owner');
  await town.ask(telegram, 'ann', 'hello');
  await town.ask(slack, 'U1', `/link ${codeIn(await town.ask(telegram, 'ann', '/link'))}`);
  await town.untilSaid(telegram, 'ann', 3);
  await town.ask(slack, 'bob', 'hello');
  await town.askIn(slack, 'group', 'carla', 'hello');
  await town.ask(slack, 'mallory', 'hello');
  const say = (text: string) => town.ask(telegram, 'owner', text);
  await say('/deny slack:mallory');
  expect(await say('/broadcast yes')).toContain('There is nothing to send.');
  expect(await say('/broadcast We move on **Friday**')).toBe(
    'This would go to 3 people, each in the chat in which they wrote last:\n\nWe move on **Friday**\n\nTo send it, write `/broadcast yes` within ten minutes.',
  );
  await telegram.say('owner', '/broadcast yes');
  await town.untilSaid(slack, 'bob', 2);
  await town.untilSaid(slack, 'U1', 2);
  await town.untilSaid(telegram, 'owner', 6);
  const heard = [telegram, slack].flatMap((channel) =>
    channel.arrived.filter(({ body }) => body.text === 'We move on **Friday**').map(({ chat }) => chat.id),
  );
  expect(heard.sort()).toEqual(['U1', 'bob', 'owner']);
  expect(telegram.textsIn('owner')).toContain('Sent to 3 people.');
  expect(await say('/broadcast yes')).toContain('There is nothing to send.');
});

test('reload says what has changed, or why nothing has; without it there is no such command', async () => {
  const read = [
    async () => 'Nothing has changed.',
    async () => Promise.reject(new StartError('line 3 is wrong', { hint: 'Mend it.' })),
  ];
  await using town = await Town.build({
    commands: (gateway) => createCommands(gateway, () => (read.shift() ?? assert.fail)()),
  });
  const { telegram } = town;
  await town.makeAdmin(telegram, 'owner');
  expect(await town.ask(telegram, 'owner', '/reload')).toBe('Nothing has changed.');
  expect(await town.ask(telegram, 'owner', '/reload')).toMatch(
    /stays as it was:\n\n```\nline 3 is wrong\n```\n\nMend it\.$/,
  );
  await using without = await Town.build();
  expect(await without.ask(without.telegram, 'ann', '/reload')).toBe('re: /reload');
});
