import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { reportOn } from './report.ts';

/*
 * `npm run chaos` plays many plans and tells of each that breaks a promise; exit code 1 if there is one.
 * `-- --seeds 2000` how many, `-- --from 1` beginning where, `-- --seed 7` only this one.
 */

interface Share {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

async function play({ from, to, step }: Share): Promise<void> {
  for (let seed = from; seed < to; seed += step) parentPort?.postMessage(await reportOn(seed));
}

/** Deals the seeds out to a thread for each core. */
async function deal(from: number, count: number): Promise<void> {
  const threads = Math.min(availableParallelism(), count);
  const began = performance.now();
  let [played, failed] = [0, 0];
  const hear = (report: string | undefined) => {
    played += 1;
    if (report === undefined) return;
    failed += 1;
    console.log(`${report}\n`);
  };
  await Promise.all(
    Array.from({ length: threads }, (_, index) => {
      const share: Share = { from: from + index, to: from + count, step: threads };
      const worker = new Worker(import.meta.filename, { workerData: share });
      worker.on('message', hear);
      return new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject));
    }),
  );
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${played} plans played in ${seconds} s; ${failed} broke a promise`);
  process.exitCode = failed === 0 && played === count ? 0 : 1;
}

if (isMainThread) {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '200' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
    },
  });
  await deal(Number(values.seed ?? values.from), values.seed === undefined ? Number(values.seeds) : 1);
} else {
  await play(workerData as Share);
}
