import { dataDirOf } from '../config/peek.ts';
import { StartError } from '../contract/index.ts';
import type { DeadLetter, DeadLetterFilter } from '../store/index.ts';
import { askGateway } from './ask-gateway.ts';
import { withLedger } from './with-ledger.ts';
import { moment, shortened } from './words.ts';

interface DlqOptions {
  readonly config: string;
  readonly json?: boolean;
  /** Everything is meant. */
  readonly all?: boolean;
}

/** `openclaw-gateway dlq list`: the dead letters that wait for somebody. */
export function list(filter: DeadLetterFilter, options: DlqOptions): void {
  const count = withLedger(options, ({ deadLetters }) => {
    let listed = 0;
    for (const letter of deadLetters.list(filter)) {
      listed += 1;
      process.stdout.write(options.json ? `${JSON.stringify(letter)}\n` : `${line(letter)}\n`);
    }
    return listed;
  });
  if (!options.json) process.stdout.write(count === 0 ? 'No dead letters.\n' : `${count} in all.\n`);
}

/** `openclaw-gateway dlq replay`: tries them again. Only a running gateway can. */
export async function replay(filter: DeadLetterFilter, options: DlqOptions): Promise<void> {
  refuseAll(filter, options, 'replay');
  await act({ do: 'dlq.replay', filter }, 'to be tried again', options);
}

/** `openclaw-gateway dlq discard`: puts them away for good. */
export async function discard(filter: DeadLetterFilter, reason: string, options: DlqOptions): Promise<void> {
  refuseAll(filter, options, 'discard');
  await act({ do: 'dlq.discard', filter, reason }, 'put away', options);
}

async function act(
  request: Parameters<typeof askGateway>[1],
  done: string,
  options: DlqOptions,
): Promise<void> {
  const count = await askGateway(dataDirOf(options.config, process.env), request);
  process.stdout.write(options.json ? `${JSON.stringify({ count })}\n` : `${count} ${done}.\n`);
}

/** Everything at once should be meant. */
function refuseAll(filter: DeadLetterFilter, { all }: DlqOptions, verb: string): void {
  if (all || Object.keys(filter).length > 0) return;
  throw new StartError(`say which dead letters to ${verb}`, {
    hint: 'Name their ids, or a filter such as --channel telegram; --all means all of them.',
    exitCode: 64,
  });
}

function line({ direction, id, channel, chat, kind, reason, at, text }: DeadLetter): string {
  const where = chat === undefined ? channel : `${channel} ${chat}`;
  return `${moment(at)}  ${direction.padEnd(3)}  ${id}  ${where}  ${kind}: ${reason}\n    ${shortened(text)}`;
}
