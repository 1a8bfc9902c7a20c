import { type InboundMessage, StartError } from '../contract/index.ts';
import type { InboundRecord, Ledger, OutboundRecord, TurnRecord } from '../store/index.ts';
import { ruleOf } from './rules.ts';
import { withLedger } from './with-ledger.ts';
import { moment, shortened } from './words.ts';

/** The whole way of one message: what came, what was made of it, and what went out for it. */
interface Story {
  readonly in: readonly InboundRecord[];
  readonly turn: TurnRecord | undefined;
  readonly out: readonly OutboundRecord[];
}

/**
 * `openclaw-gateway why`: what became of a message, step by step, with the rule behind each. `words` is an id (of a message
 * in either direction, of a turn, of an event of the platform), or a channel and a chat for what came there last.
 */
export function why(words: readonly string[], options: { config: string; json?: boolean }): void {
  const story = withLedger(options, (ledger) => find(ledger, words));
  if (story === undefined) {
    throw new StartError(`nothing is known of ${words.join(' ')}`, {
      hint: 'Ids are in the log and in `openclaw-gateway messages`; or name a channel and a chat.',
      exitCode: 1,
    });
  }
  process.stdout.write(options.json ? `${JSON.stringify(story)}\n` : `${told(story).join('\n')}\n`);
}

function find(ledger: Ledger, [first = '', second]: readonly string[]): Story | undefined {
  if (second !== undefined) {
    const latest = ledger.latest(first, second, 1);
    const [message] = latest.in;
    if (message !== undefined) return storyOf(ledger, message.turn, message);
    const [said] = latest.out;
    return said && storyOf(ledger, said.turn);
  }
  const said = ledger.outbound(first);
  if (said !== undefined) return storyOf(ledger, said.turn);
  const came = ledger.inbound(first);
  return came && storyOf(ledger, came.turn, came);
}

function storyOf(ledger: Ledger, turn: string | null, came?: InboundRecord): Story {
  if (turn === null) return { in: came ? [came] : [], turn: undefined, out: [] };
  return { in: ledger.inboundOf(turn), turn: ledger.turn(turn), out: ledger.outboundOf(turn) };
}

function told({ in: came, turn, out }: Story): string[] {
  return [...came.flatMap(arrival), ...(turn === undefined ? [] : run(turn)), ...out.flatMap(departure)];
}

function arrival(record: InboundRecord): string[] {
  const { id, channel, chat, session, state, reason, deadKind, resolution, receivedAt, message } = record;
  const said = deadKind === 'unreadable' ? undefined : (JSON.parse(message) as InboundMessage);
  const files = (said?.attachments ?? []).map(({ kind }) => kind).join(', ');
  return [
    `in ${id}  ${channel} ${chat ?? ''}`,
    ...(said === undefined
      ? step('event', `${record.dedupeKey}: ${shortened(message)}`)
      : [
          ...step(
            'written',
            `${moment(said.sentAt)} by ${shortened(said.sender.name ?? '')} (${said.sender.id})`,
          ),
          ...step('says', [shortened(said.text), files && `with ${files}`].filter(Boolean).join(' ')),
          ...step('event', `${record.dedupeKey}, message ${said.platformId} of the platform`),
        ]),
    ...step('stored', `${moment(receivedAt)}, before the platform was told that we have it`),
    ...(session === null ? [] : step('session', session)),
    ...step('outcome', outcome(state, reason, resolution)),
    ...rule(state === 'ignored' ? `ignored:${reason}` : state === 'dead' ? `dead:${deadKind}` : state),
  ];
}

function run({ id, agent, state, error, attempts, data, startedAt, endedAt }: TurnRecord): string[] {
  return [
    `turn ${id}  agent ${agent}`,
    ...step(
      'ran',
      `${moment(startedAt)}, for ${((endedAt - startedAt) / 1000).toFixed(1)} s, run ${attempts}`,
    ),
    ...step('outcome', error === null ? state : `${state}: ${shortened(error, 300)}`),
    ...(data === null ? [] : step('reported', shortened(data, 300))),
  ];
}

function departure(record: OutboundRecord): string[] {
  const { id, channel, chat, text, files, reaction, state, reason, deadKind, resolution } = record;
  const { attempts, failures, endedAt, platformId, notBefore, possiblyRepeated } = record;
  const what = reaction ?? [shortened(text), files && `with ${filesIn(files)}`].filter(Boolean).join(' ');
  const as = platformId === null ? '' : ` as ${platformId}`;
  const when = endedAt === null ? '' : `, ${moment(endedAt)}`;
  const next = state === 'pending' && notBefore !== null ? `, next attempt ${moment(notBefore)}` : '';
  return [
    `out ${id}  ${channel} ${chat}`,
    ...step('says', what),
    ...failures.flatMap(({ attempt, outcome: how, error, endedAt: at }) =>
      step(`attempt ${attempt}`, `${moment(at)}, ${how}: ${shortened(error, 200)}`),
    ),
    ...step(
      'outcome',
      `${outcome(state, reason, resolution)}${as}${when}${next}, after ${attempts === 1 ? '1 attempt' : `${attempts} attempts`}`,
    ),
    ...(possiblyRepeated ? rule('possibly repeated') : []),
    ...rule(state === 'dead' ? `dead:${deadKind}` : state),
  ];
}

function outcome(state: string, reason: string | null, resolution: string | null): string {
  const why = reason === null ? state : `${state}: ${reason}`;
  return resolution === null ? why : `${why} (since then ${resolution})`;
}

function filesIn(json: string): string {
  return (JSON.parse(json) as { name: string }[]).map(({ name }) => name).join(', ');
}

function rule(key: string): string[] {
  const known = ruleOf(key);
  return known === undefined ? [] : step('because', known);
}

function step(name: string, words: string): string[] {
  return [`  ${name.padEnd(10)} ${words}`];
}
