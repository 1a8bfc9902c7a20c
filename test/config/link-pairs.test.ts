import { expect, it } from 'vitest';
import { AGENT, knowing, load, mistakesIn } from './fixture.ts';

const CHANNELS = 'channels: { phone: {}, both: {}, my-mail: { type: mail }, page: {} }\n';

it('names pairs of channels on which somebody may be the same person; none if it does not say so', async () => {
  const yaml = `${AGENT}${CHANNELS}identity: { propose_links: [[phone, both], [both, my-mail]] }`;
  expect((await load(yaml, { knowing })).proposeLinks).toEqual([
    ['phone', 'both'],
    ['both', 'my-mail'],
  ]);
  expect((await load(AGENT)).proposeLinks).toEqual([]);
});

it('a channel of a pair may be switched off', async () => {
  const yaml = `${AGENT}channels: { phone: { enabled: false }, both: {} }\nidentity: { propose_links: [[phone, both]] }`;
  expect((await load(yaml, { knowing })).proposeLinks).toEqual([['phone', 'both']]);
});

it('tells of each pair what is wrong with it, and where', async () => {
  const yaml = `${AGENT}${CHANNELS}identity:
  propose_links:
    - [phon, both]
    - [phone, page]
    - [phone, my-mail]
    - [both, both]
    - [phone]
    - [phone, "\${MISSING}"]
`;
  expect(await mistakesIn(yaml, { knowing })).toEqual([
    'test.yaml:5:8: identity.propose_links[0][0]: found "phon", which is no channel; those that tell: phone, both, my-mail; did you mean phone?',
    'test.yaml:6:15: identity.propose_links[1][1]: found "page", which tells neither people\'s phone numbers nor their e-mail addresses; those that tell: phone, both, my-mail',
    'test.yaml:7:15: identity.propose_links[2][1]: phone tells only phone numbers, and my-mail only e-mail addresses, so nobody can be found on both',
    'test.yaml:8:14: identity.propose_links[3][1]: found both again, must be another channel',
    'test.yaml:9:7: identity.propose_links[4]: found a list, must be two channels, such as [whatsapp, signal]',
    expect.stringContaining(
      'test.yaml:10:15: identity.propose_links[5][1]: the environment variable MISSING is not set',
    ),
  ]);
});

it('says so when no channel can tell', async () => {
  const [first] = await mistakesIn(
    `${AGENT}channels: { page: {} }\nidentity: { propose_links: [[page, page]] }`,
  );
  expect(first).toContain(
    "which tells neither people's phone numbers nor their e-mail addresses; no channel here does",
  );
});

it('is silent about a channel whose type is wrong, which is told already', async () => {
  const yaml = `${AGENT}channels: { phone: { type: pone }, both: {} }\nidentity: { propose_links: [[phone, both]] }`;
  expect(await mistakesIn(yaml, { knowing })).toEqual([expect.stringContaining('there is no type "pone"')]);
});
