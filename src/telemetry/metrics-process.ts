import { stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface ProcessAbout {
  /** Its disk is what is looked at. */
  readonly dataDir: string;
  readonly version: string;
}

/** How late timers may be, in seconds: below 10 ms all is well, beyond a second everybody notices. */
const DELAY_BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const PROBE_EVERY_MS = 250;

/** The process and its disk, under the names that Prometheus' own libraries use where there are such. */
export function watchProcess({ dataDir, version }: ProcessAbout, registry: Registry): void {
  const registers = [registry];
  const gauge = (name: string, help: string, value: () => number | Promise<number>) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        // A disk that does not tell shows no number rather than a wrong one.
        this.set(await Promise.resolve(value()).catch(() => Number.NaN));
      },
    });

  new Gauge({
    name: 'openclaw_build_info',
    help: 'Always 1; its label is the version.',
    labelNames: ['version'],
    registers,
  }).set({ version }, 1);
  gauge(
    'process_start_time_seconds',
    'When the process started, in seconds since 1970.',
    () => performance.timeOrigin / 1000,
  );
  gauge('process_resident_memory_bytes', 'Memory that the process takes.', () => process.memoryUsage.rss());
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Time for which the process had a processor.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
  gauge('openclaw_disk_free_bytes', 'Room on the disk of the data folder.', async () => {
    const { bavail, bsize } = await statfs(dataDir);
    return bavail * bsize;
  });
  gauge(
    'openclaw_database_bytes',
    'Size of the database.',
    async () => (await stat(join(dataDir, 'gateway.db'))).size,
  );
  probeLoop(registry);
}

/** A timer that asks how late it is: what everybody in this process has to wait, beside what they wait for. */
function probeLoop(registry: Registry): void {
  const delay = new Histogram({
    name: 'openclaw_event_loop_delay_seconds',
    help: 'How late a timer fires: for so long the process was busy with something else.',
    buckets: DELAY_BUCKETS,
    registers: [registry],
  });
  let due = performance.now() + PROBE_EVERY_MS;
  setInterval(() => {
    const now = performance.now();
    delay.observe(Math.max(0, now - due) / 1000);
    due = now + PROBE_EVERY_MS;
  }, PROBE_EVERY_MS).unref();
}
