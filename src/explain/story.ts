import type { InboundMessage } from '../contract/index.ts';
import {
  COMMAND,
  type InboundRecord,
  type LedgerView,
  type OutboundRecord,
  type TurnRecord,
} from '../store/index.ts';
import { ruleOf } from './rules.ts';
import { moment, shortened } from './words.ts';

/** The whole way of one message: what came, what was made of it, and what went out for it. */
export interface Story {
  readonly in: readonly InboundRecord[];
  readonly turn: TurnRecord | undefined;
  readonly out: readonly OutboundRecord[];
}

/** The story of an id: of a message in either direction, of a turn, of an event of the platform. */
export function storyOf(ledger: LedgerView, id: string): Story | undefined {
  const said = ledger.outbound(id);
  if (said !== undefined) return storyAround(ledger, said.turn);
  const came = ledger.inbound(id);
  return came && storyAround(ledger, came.turn, came);
}

/** The story of what came last in a chat, or else of what was said there last. */
export function latestStory(ledger: LedgerView, channel: string, chat: string): Story | undefined {
  const latest = ledger.latest(channel, chat, 1);
  const [message] = latest.in;
  if (message !== undefined) return storyAround(ledger, message.turn, message);
  const [said] = latest.out;
  return said && storyAround(ledger, said.turn);
}

/** So many messages of a chat are looked through for one that was no command. */
const LOOK_BACK = 50;

/** The story of the latest message of a chat that was no command. */
export function latestQuestion(ledger: LedgerView, channel: string, chat: string): Story | undefined {
  const came = ledger.latest(channel, chat, LOOK_BACK).in.find((message) => !isCommand(message));
  return came && storyAround(ledger, came.turn, came);
}

function isCommand({ reason }: InboundRecord): boolean {
  return reason === COMMAND || reason?.startsWith(`${COMMAND} `) === true;
}

/** `came` is for what no turn has answered yet. */
function storyAround(ledger: LedgerView, turn: string | null, came?: InboundRecord): Story {
  if (turn === null) return { in: came ? [came] : [], turn: undefined, out: [] };
  return { in: ledger.inboundOf(turn), turn: ledger.turn(turn), out: ledger.outboundOf(turn) };
}

/** The story in lines, for whoever runs the gateway: in English, indented. */
export function told({ in: came, turn, out }: Story): string[] {
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
    ...rule(ruleOfArrival(record)),
  ];
}

function ruleOfArrival(record: InboundRecord): string {
  const { state, reason, deadKind } = record;
  if (state === 'ignored') return `ignored:${reason}`;
  if (state === 'dead') return `dead:${deadKind}`;
  return isCommand(record) ? 'command' : state;
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
