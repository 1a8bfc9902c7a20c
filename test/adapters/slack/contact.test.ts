import { expect, test } from 'vitest';
import { ChannelError, senderId } from '../../../src/contract/index.ts';
import { connectedSlack } from './kit.ts';

const ALICE = senderId('U0ALICE');
const soon = () => AbortSignal.timeout(20_000);

test('tells the address that somebody has confirmed, in small letters', async () => {
  await using slack = await connectedSlack();
  slack.fake.profiles.set(ALICE, { email: 'Alice@Example.org', confirmed: true });
  expect(await slack.adapter.contactOf?.(ALICE, soon())).toEqual({ email: 'alice@example.org' });
});

test.each([
  ['has not confirmed it', { confirmed: false }],
  [
    'is a guest from another workspace, which may write down what it likes',
    { confirmed: true, team: 'T0ELSE' },
  ],
])('tells no address of who %s', async (_, more) => {
  await using slack = await connectedSlack();
  slack.fake.profiles.set(ALICE, { email: 'alice@example.org', ...more });
  expect(await slack.adapter.contactOf?.(ALICE, soon())).toEqual({});
});

test.each(['users:read', 'users:read.email'])(
  'says that it lacks the scope %s, and how to get it',
  async (scope) => {
    await using slack = await connectedSlack();
    slack.fake.profiles.set(ALICE, { email: 'alice@example.org', confirmed: true });
    slack.fake.scopes = slack.fake.scopes.filter((one) => one !== scope);
    const error = await slack.adapter.contactOf?.(ALICE, soon()).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ChannelError);
    expect(error).toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining(scope),
      hint: expect.stringContaining('OAuth & Permissions'),
    });
  },
);
