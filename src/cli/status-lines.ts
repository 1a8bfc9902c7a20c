import type { ChannelSnapshot, LaneLoad, TurnLoad } from '../gateway/index.ts';
import type { ChannelTotals } from '../telemetry/totals.ts';
import type { Report } from './report.ts';
import { table } from './table.ts';
import { shortened, span } from './words.ts';

/** What came, went and failed in each channel during the last `ms` milliseconds. */
export interface Lately {
  readonly ms: number;
  readonly channels: Readonly<Record<string, ChannelTotals>>;
}

/** A report in words; with what came and went per second if `lately` is known, and otherwise since the start. */
export function statusLines(report: Report, lately?: Lately): string[] {
  const { channels, turns, lanes, at } = report;
  return [
    ...overview(report),
    '',
    ...table(channelRows(report, lately)),
    ...channels.flatMap(({ id, detail }) =>
      detail === undefined ? [] : [`${id}: ${shortened(detail, 300)}`],
    ),
    ...part(
      'Longest unanswered',
      turns.map((turn) => turnLine(turn, at)),
    ),
    ...part(
      'Longest unsent',
      lanes.map((lane) => laneLine(lane, at)),
    ),
  ];
}

function overview(report: Report): string[] {
  const { version, pid, at, startedAt, residentBytes, sessions, totals, dead, resting, trouble } = report;
  const { answered, retried, failed } = totals.turns;
  const memory = `${Math.round(residentBytes / 1e6)} MB`;
  const more = dead.in + dead.out === 0 ? '' : ' (openclaw-gateway dlq)';
  return [
    `openclaw-gateway ${version}, process ${pid}, up ${span(at - startedAt)}, ${memory}`,
    `conversations  ${sessions.live} in memory, ${sessions.running} of ${sessions.places} at work, ${sessions.waiting} waiting`,
    `turns          ${answered} answered, ${retried} tried again, ${failed} failed`,
    `dead letters   ${dead.in} in, ${dead.out} out${more}`,
    ...(resting.length === 0
      ? []
      : [`resting        ${resting.join(', ')}: answers nobody, and is tried again`]),
    ...(trouble === undefined ? [] : [`trouble        ${shortened(trouble, 300)}`]),
  ];
}

function channelRows({ channels, totals, at }: Report, lately: Lately | undefined): string[][] {
  const per = lately === undefined ? '' : '/s';
  return [
    ['channel', 'state', 'since', `in${per}`, `out${per}`, `errors${per}`, ...LOAD],
    ...channels.map((channel) => [
      channel.id,
      channel.state,
      span(at - channel.since),
      ...(lately === undefined ? sums(totals.channels[channel.id]) : rates(lately, channel.id)),
      ...loadOf(channel, at),
    ]),
  ];
}

const NOTHING: ChannelTotals = { in: 0, out: 0, errors: 0 };

function sums(totals = NOTHING): string[] {
  return [totals.in, totals.out, totals.errors].map(String);
}

function rates({ ms, channels }: Lately, id: string): string[] {
  const totals = channels[id] ?? NOTHING;
  return [totals.in, totals.out, totals.errors].map((count) => ((count * 1000) / ms).toFixed(1));
}

const LOAD = ['to answer', 'to send', 'lanes', 'oldest', 'tokens'];

function loadOf({ toAnswer, toSend, lanes, oldest, tokens }: ChannelSnapshot, at: number): string[] {
  const age = oldest === undefined ? '' : span(at - oldest);
  return [...[toAnswer, toSend, lanes].map(String), age, `${Math.floor(tokens.left)}/${tokens.burst}`];
}

function part(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function turnLine(
  { head, channel, session, agent, mode, attempts, messages, since }: TurnLoad,
  at: number,
): string {
  const run = attempts > 1 ? `, run ${attempts}` : '';
  const about = `${head}  ${span(at - since)}  ${channel}  session ${session}`;
  return `${about}  ${agent} ${MODES[mode]}${run}${behind(messages)}`;
}

const MODES: Readonly<Record<TurnLoad['mode'], string>> = {
  running: 'is at it',
  ready: 'has no place free, or rests',
  waiting: 'is about to begin',
  pausing: 'failed, and tries again',
};

function laneLine(
  { head, channel, chat, state, attempts, notBefore, messages, since }: LaneLoad,
  at: number,
): string {
  const next = state === 'pending' && notBefore > at ? `, next attempt in ${span(notBefore - at)}` : '';
  const tried = attempts === 0 ? 'not tried yet' : `attempt ${attempts}`;
  const about = `${head}  ${span(at - since)}  ${channel} ${shortened(chat, 40)}`;
  return `${about}  ${state}, ${tried}${next}${behind(messages)}`;
}

function behind(messages: number): string {
  return messages > 1 ? `, ${messages - 1} behind it` : '';
}
