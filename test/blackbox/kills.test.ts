import { expect, test } from 'vitest';
import { runCampaign } from '../chaos/campaign.ts';
import { crowds } from '../chaos/crowds/index.ts';

const KILLS = 10;
/** WhatsApp's login and its library would take most of the time: it is in the long version, `npm run chaos:kills`. */
const QUICK = Object.keys(crowds).filter((name) => name !== 'whatsapp');

test(`${KILLS} kills at random, with people on ${QUICK.length} channels who write all the time: all answered, nothing doubled unrecorded, every chat in order`, {
  timeout: 120_000,
}, async () => {
  await using stack = new AsyncDisposableStack();
  const people = await Promise.all(QUICK.map(async (name) => stack.use(await crowds[name]?.())));
  const { reckonings } = await runCampaign(
    people.flatMap((crowd) => crowd ?? []),
    { seed: 1, kills: KILLS, messages: 200, everyMs: 25, tell: console.error },
  );
  expect(reckonings.flatMap(({ wrong }) => wrong)).toEqual([]);
  expect(reckonings.filter(({ said }) => said === 0)).toEqual([]);
  // Otherwise no kill has hit a message on its way out.
  expect(reckonings.reduce((sum, { doubts }) => sum + doubts, 0)).toBeGreaterThan(0);
});
