import { setTimeout as sleep } from 'node:timers/promises';
import { dataDirOf } from '../config/peek.ts';
import { errorText } from '../contract/index.ts';
import type { ChannelTotals } from '../telemetry/totals.ts';
import type { Report } from './report.ts';
import { openScreen } from './screen.ts';
import { askForReport } from './status.ts';
import { type Lately, statusLines } from './status-lines.ts';

const EVERY_MS = 1_000;

/**
 * `openclaw-gateway top`: what the gateway does, again each second; on a terminal it takes the whole screen. A gateway
 * that does not run, or is started anew meanwhile, is waited for.
 */
export async function top(options: { config: string }): Promise<void> {
  const dataDir = dataDirOf(options.config, process.env);
  const { stdout, stdin } = process;
  if (!stdout.isTTY || !stdin.isTTY) {
    stdout.on('error', () => process.exit()); // whoever reads has had enough (`top | head`)
    return again(
      dataDir,
      (lines) => void stdout.write(`${lines.join('\n')}\n\n`),
      new AbortController().signal,
    );
  }
  const screen = openScreen(stdout, stdin);
  try {
    await again(dataDir, (lines) => screen.show([...lines, '', 'q leaves']), screen.left);
  } finally {
    screen.close();
  }
}

async function again(dataDir: string, show: (lines: string[]) => void, left: AbortSignal): Promise<void> {
  let before: Report | undefined;
  while (!left.aborted) {
    let report: Report | undefined;
    try {
      report = await askForReport(dataDir);
      show(
        report === undefined ? ['The gateway is not running.'] : statusLines(report, between(before, report)),
      );
    } catch (error) {
      show([errorText(error)]);
    }
    before = report;
    await sleep(EVERY_MS, undefined, { signal: left }).catch(() => {});
  }
}

/** What happened between two reports of one process; nothing yet when there is only one. */
function between(before: Report | undefined, now: Report): Lately {
  const first = before?.pid === now.pid ? before : now;
  const channels = Object.entries(now.totals.channels).map(([id, totals]) => {
    return [id, difference(totals, first.totals.channels[id])] as const;
  });
  return { ms: Math.max(1, now.at - first.at), channels: Object.fromEntries(channels) };
}

function difference(now: ChannelTotals, before: ChannelTotals = { in: 0, out: 0, errors: 0 }): ChannelTotals {
  return { in: now.in - before.in, out: now.out - before.out, errors: now.errors - before.errors };
}
