import { parseArgs } from 'node:util';
import { runCampaign } from './campaign.ts';
import { crowds as all } from './crowds/index.ts';

/*
 * `npm run chaos:kills -- --kills 1000 --seed 7`: how many times the daemon can be killed before it loses a message.
 * With `--messages`, as many are said at least; with `--channels telegram,slack` only these are on; with `--minutes 10` it
 * ends early.
 */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    messages: { type: 'string', default: '20000' },
    minutes: { type: 'string', default: '600' },
    every: { type: 'string', default: '40' },
    channels: { type: 'string', default: Object.keys(all).join(',') },
  },
});
const [kills, seed, messages, everyMs] = [values.kills, values.seed, values.messages, values.every].map(
  Number,
) as [number, number, number, number];
const began = Date.now();
console.log(`seed ${seed}`);
await using stack = new AsyncDisposableStack();
const crowds = [];
for (const name of values.channels.split(',')) {
  const crowd = await all[name]?.();
  if (crowd !== undefined) crowds.push(stack.use(crowd));
}
const tell = (progress: string) => console.log(`${Math.round((Date.now() - began) / 1000)} s: ${progress}`);
const until = began + Number(values.minutes) * 60_000;
const { reckonings, kills: killed } = await runCampaign(crowds, {
  seed,
  kills,
  messages,
  everyMs,
  until,
  tell,
});
console.table(reckonings.map(({ wrong, ...figures }) => ({ ...figures, wrong: wrong.length })));
if (reckonings.some(({ wrong }) => wrong.length > 0)) {
  console.error(`seed ${seed}: a promise is broken`);
  process.exitCode = 1;
} else {
  tell(`${killed} kills (seed ${seed}): nothing lost, nothing doubled unmarked, every chat in order`);
}
