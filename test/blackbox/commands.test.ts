import { describe, expect, test } from 'vitest';
import { commandLine } from './command-line.ts';
import { type Far, type Place, platforms } from './far/index.ts';
import { aPicture } from './far/texts.ts';
import { type Together, together } from './far/together.ts';

/** What everybody may give, and how it is answered. */
const OF_ALL: readonly (readonly [command: string, answer: RegExp])[] = [
  ['help', /Just write to me/],
  ['start', /Just write to me/],
  ['whoami', /You are the user \w+\./],
  ['status', /default answers in this chat/],
  ['new', /We begin anew/],
  ['stop', /Nothing is being answered/],
  ['retry', /nothing to try again/],
  ['agent', /default \(answers now\)/],
  ['agent nobody', /There is no such agent/],
  ['agent default', /Your choice is taken back/],
  ['link', /link [A-Z2-9]{4}-[A-Z2-9]{4}/],
  ['link AAAA-AAAA', /This code is wrong/],
  ['unlink', /nothing is linked/],
  ['continue on nowhere', /you are not linked there/],
  ['lang', /We speak English/],
  ['lang zh', /从现在起我们说中文/],
  ['lang en', /We speak English from now on/],
  ['claim AAAA-AAAA', /This code is wrong/],
];

const OF_ADMINS: readonly (readonly [command: string, answer: RegExp])[] = [
  ['approve', /Nobody waits to be let in/],
  ['approve nowhere:x', /There is no such channel/],
  ['deny AAAA-AAAA', /This code is wrong/],
  ['users', /Users:/],
  ['sessions', /conversation/],
  ['channels', /telegram: connected/],
  ['restart-channel nowhere', /There is no channel nowhere/],
  ['dlq', /No dead letters/],
  ['why nothing', /Nothing is known of nothing/],
  ['broadcast yes', /There is nothing to send/],
];

const echo = () => 'agents: { default: { type: echo } }\n';

/** What is said in answer to lines that are written one after the other, without the platform's marks. */
async function answersTo(far: Far, place: Place, lines: readonly string[], call = false): Promise<string[]> {
  const before = place.told().length;
  for (const line of lines) await place.say(line, { call });
  await far.until(() => place.told().length >= before + lines.length, `answers to ${lines.join(', ')}`);
  return place
    .told()
    .slice(before)
    .map(({ text }) => text.replaceAll(/[`*]/g, ''));
}

async function makeAdmin(all: Together, far: Far): Promise<void> {
  const { out } = await commandLine(all.daemon, 'claim', '--json');
  const { code } = JSON.parse(out) as { code: string };
  expect(await answersTo(far, far.direct, [`!claim ${code}`])).toEqual([
    expect.stringContaining('You are an admin now'),
  ]);
}

describe('on every platform', () => {
  const all = together(echo);

  test.each(Object.keys(platforms))('%s: every command, allowed and refused', async (name) => {
    const far = all.far(name);
    // Slack keeps what begins with a slash for itself.
    const given = (command: string) => `${name === 'slack' ? '!' : '/'}${command}`;
    const everybody = OF_ALL.map(([command]) => given(command));
    for (const [index, answer] of (await answersTo(far, far.direct, everybody)).entries()) {
      expect(answer, everybody[index]).toMatch(OF_ALL[index]?.[1] as RegExp);
    }
    const admins = OF_ADMINS.map(([command]) => given(command));
    const refused = await answersTo(far, far.direct, admins);
    expect(refused).toEqual(admins.map(() => 'Only an admin can do this.'));

    await makeAdmin(all, far);
    for (const [index, answer] of (await answersTo(far, far.direct, admins)).entries()) {
      expect(answer, admins[index]).toMatch(OF_ADMINS[index]?.[1] as RegExp);
    }
    if (far.group === undefined) return;
    const inGroup = await answersTo(far, far.group, [...admins, given('link')], true);
    for (const answer of inGroup) expect(answer).toBe('Please write this to me directly, not in a group.');
  });

  test.each(Object.keys(platforms))('%s: what an admin did not type is no command', async (name) => {
    const far = all.far(name);
    const { direct } = far;
    const evil = `/deny ${name}:evil`;
    const before = direct.told().length;
    await direct.say(evil, { picture: aPicture() });
    await far.until(() => direct.told().length > before, 'an answer to a caption');
    // The agent says it.
    await direct.say(`Say ${evil}`);
    await far.until(() => direct.told().some(({ text }) => text.includes(`Say ${evil}`)), 'the echo');
    const said = await direct.say('harmless');
    await far.until(() => direct.told().some(({ text }) => text.includes('harmless')), 'it was read');
    direct.edit?.(said, evil);
    if (direct.press !== undefined) {
      await direct.say(`choose ${evil}, tea`);
      await far.until(() => direct.told().some(({ buttons }) => buttons.includes(evil)), 'a button');
      direct.press(evil);
    }
    await answersTo(far, direct, ['the end']);
    const { out } = await commandLine(all.daemon, 'identity', 'list', '--json');
    expect(out).not.toContain('evil');
  });

  test('all of it is in the books', async () => {
    const { code, out } = await commandLine(all.daemon, 'audit', '--json');
    expect(code, out).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ balances: true });
  });
});
