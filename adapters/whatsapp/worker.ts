import './silence.ts';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { connect } from './connection.ts';
import type { FromWorker, ToWorker, WorkerOptions } from './protocol.ts';

/** The process in which Baileys runs. It dies with the gateway: without it, nobody could tell it to stop. */
const tell = (message: FromWorker) => void process.send?.(message, undefined, undefined, () => {});
const fail = (error: unknown) => {
  process.send?.({ type: 'failed', reason: error instanceof Error ? error.message : String(error) }, () =>
    process.exit(1),
  );
};
process.on('uncaughtException', fail);
process.on('unhandledRejection', (error) => {
  // Baileys leaves some of its background work unawaited; the connection itself tells when it ends.
  if (error instanceof Error && 'isBoom' in error) return;
  fail(error);
});
process.on('disconnect', () => process.exit(0));
// It may have died while this was being loaded.
if (!process.connected) process.exit(0);

const options = JSON.parse(process.argv[2] ?? '{}') as WorkerOptions;
// Baileys writes each file that it sends to the temporary folder first: here nobody else can read it.
process.env.TMPDIR = join(dirname(options.file), 'uploads');
rmSync(process.env.TMPDIR, { recursive: true, force: true });
mkdirSync(process.env.TMPDIR, { mode: 0o700 });

const connection = await connect(options, tell);
process.on('message', (message: ToWorker) => {
  if (message.type === 'stop') connection.stop(() => process.exit(0));
  else connection.handle(message);
});
