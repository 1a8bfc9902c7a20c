import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FakeOpenAI } from '../../platforms/openai.ts';
import { Daemon } from '../daemon.ts';
import type { Far } from './far.ts';

/** How fast answers may go out; mostly that is not what is tested, and would only make the tests slow. */
const AT_ONCE = '{ burst: 1000, per_second: 1000 }';
/** One after the other, so slowly that something can happen between two of them. */
export const SLOWLY = '{ burst: 1, per_second: 5 }';

/** A channel's line in the config. */
export function lineOf({ name, options }: Far, { more = 'dm_policy: open', pace = AT_ONCE } = {}): string {
  const limits = `rate_limits: { channel: ${pace}, direct: ${pace}, group: ${pace} }`;
  return `  ${name}: { ${[options, limits, more].filter(Boolean).join(', ')} }\n`;
}

/** A daemon with a channel on each of these platforms, connected. `more` is further config, as whole lines. */
export async function startWith(fars: readonly Far[], more = '', pace = AT_ONCE): Promise<Daemon> {
  const channels = fars.map((far) => lineOf(far, { pace })).join('');
  const config = `reconnect: { base: 50ms, cap: 200ms }\n${more}channels:\n${channels}`;
  const daemon = await Daemon.start(config, optionsFor(fars));
  for (const far of fars) await begin(daemon, far);
  return daemon;
}

/** What a daemon needs beside its config. */
export function optionsFor(fars: readonly Far[]) {
  return {
    env: Object.assign({}, ...fars.map(({ env }) => env)) as Record<string, string>,
    async prepare(folder: string) {
      for (const { name, prepare } of fars) {
        const own = join(folder, 'data', 'channels', name);
        if (prepare !== undefined) mkdirSync(own, { recursive: true, mode: 0o700 });
        await prepare?.(own);
      }
    },
  };
}

/** Boots it again, after a kill. */
export async function bootAgain(daemon: Daemon, ...fars: readonly Far[]): Promise<void> {
  const seen = daemon.lines.length;
  await daemon.boot();
  for (const far of fars) await begin(daemon, far, seen);
}

async function begin(daemon: Daemon, far: Far, from = 0): Promise<void> {
  await daemon.until(({ msg }) => msg === `${far.name} is connected`, `${far.name} is connected`, from);
  await far.open?.(daemon.url);
}

/** In the config: a model that answers. */
export function agentOf({ baseUrl }: FakeOpenAI): string {
  return `agents:
  default: { type: llm, provider: openai-compatible, base_url: "${baseUrl}", model: fake-model }
`;
}
