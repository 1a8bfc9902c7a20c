import { type ChannelSums, isLocked, openLedger } from '../store/index.ts';
import { table } from './table.ts';
import { span } from './words.ts';

/** What the database knows while no gateway runs, or none that can be asked. */
export function tellStopped(dataDir: string, json: boolean): void {
  const ledger = openLedger(dataDir);
  const channels = ledger.channels();
  ledger.close();
  // One that works with the data may all the same have no socket for commands.
  const running = isLocked(dataDir);
  const words = running
    ? 'A gateway works with this data, but cannot be asked: its log says why.'
    : 'The gateway is not running.';
  const lines = json ? [JSON.stringify({ running, channels })] : [words, ...told(channels)];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function told(channels: readonly ChannelSums[]): string[] {
  if (channels.length === 0) return ['Nothing waits in its data, and there are no dead letters.'];
  const rows = channels.map(({ channel, toAnswer, toSend, oldest, deadIn, deadOut }) => [
    channel,
    String(toAnswer),
    String(toSend),
    oldest === null ? '' : span(Date.now() - oldest),
    String(deadIn + deadOut),
  ]);
  return [
    'What waits in its data:',
    ...table([['channel', 'to answer', 'to send', 'oldest', 'dead'], ...rows]),
  ];
}
