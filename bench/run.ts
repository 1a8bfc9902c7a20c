import { cpus, totalmem } from 'node:os';

/** One line of the table: what was measured, and beside what. */
export interface Figure {
  readonly what: string;
  readonly value: string;
  readonly beside: string;
  readonly ratio: string;
}

/** `npm run bench`, or some of it: `npm run bench -- start channels commands throughput eviction streaming latency strangers soak`. */
const parts: Record<string, () => Promise<Figure[]>> = {
  start: async () => (await import('./start-and-idle.ts')).startAndIdle(),
  channels: async () => (await import('./all-channels.ts')).allChannels(),
  commands: async () => (await import('./commands.ts')).commands(),
  throughput: async () => (await import('./full-path.ts')).full(),
  eviction: async () => (await import('./eviction.ts')).eviction(),
  streaming: async () => (await import('./streaming.ts')).streaming(),
  latency: async () => (await import('./latency.ts')).latency(),
  strangers: async () => (await import('./strangers.ts')).strangers(),
  soak: async () => (await import('./soak.ts')).soak(),
};
const wanted = process.argv.slice(2);

console.log(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ` +
    `Node ${process.version}, ${process.platform} ${process.arch}, ${new Date().toISOString().slice(0, 10)}\n`,
);
for (const [name, measure] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  print(await measure());
}

function print(figures: readonly Figure[]): void {
  for (const { what, value, beside, ratio } of figures) {
    console.log(`${what.padEnd(58)} ${value.padStart(18)}   ${beside.padEnd(46)} ${ratio}`);
  }
}
