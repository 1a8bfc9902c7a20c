import { dataDirOf } from '../config/peek.ts';
import { askIfRunning } from './ask-gateway.ts';
import { EXIT } from './exit.ts';
import type { Report } from './report.ts';
import { statusLines } from './status-lines.ts';

/** A gateway answers within milliseconds; one that does not is hung, or hopelessly busy. */
const PATIENCE_MS = 3_000;

/** What the gateway that works with this data folder tells of itself; `undefined` when none runs. */
export async function askForReport(dataDir: string): Promise<Report | undefined> {
  const answer = await askIfRunning(dataDir, { do: 'status' }, PATIENCE_MS);
  return answer?.result as Report | undefined;
}

/** `openclaw-gateway status`: what the gateway does at this moment. Exit code 1 when it does not run. */
export async function status(options: { config: string; json?: boolean }): Promise<void> {
  const dataDir = dataDirOf(options.config, process.env);
  const report = await askForReport(dataDir);
  if (report === undefined) {
    process.exitCode = EXIT.failed;
    const { tellStopped } = await import('./status-stopped.ts');
    return tellStopped(dataDir, options.json === true);
  }
  const lines = options.json ? [JSON.stringify({ running: true, ...report })] : statusLines(report);
  process.stdout.write(`${lines.join('\n')}\n`);
}
