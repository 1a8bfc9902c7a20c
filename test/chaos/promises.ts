import type { InboundRecord, OutboundRecord } from '../../src/store/ledger.ts';
import { markOf, marksIn, marksOf } from './agent.ts';
import type { PlatformEvent } from './inflow.ts';
import type { Platform } from './platform.ts';
import type { Shown } from './screen.ts';
import type { World } from './world.ts';

const HOUR = 3_600_000;

/** What must hold when a gateway is about to start, however the last one ended. */
export function checkStart(world: World, platforms: readonly Platform[]): void {
  const ledger = world.ledger();
  for (const contradiction of ledger.audit().contradictions)
    world.broken('the ledger balances', contradiction);
  for (const { id } of ledger.deadLetters.list({ direction: 'out' })) world.givenUp.add(id);
  const stored = new Set(
    ledger.recent(Number.MAX_SAFE_INTEGER).map(({ channel, dedupeKey }) => `${channel} ${dedupeKey}`),
  );
  for (const platform of platforms) {
    for (const { key, acknowledged } of platform.inflow.events.values()) {
      if (acknowledged !== undefined && !stored.has(`${platform.profile.id} ${key}`))
        world.broken('what was acknowledged is on disk', `${platform.profile.id} #${key}`);
    }
  }
  ledger.close();
}

/** What must hold when all is over. `runs`: how often the agent was asked each message. */
export function checkEnd(
  world: World,
  platforms: readonly Platform[],
  runs: ReadonlyMap<number, number>,
): void {
  checkStart(world, platforms);
  const ledger = world.ledger();
  const inbound = ledger.recent(Number.MAX_SAFE_INTEGER).toReversed();
  const { in: sumsIn, out: sumsOut } = ledger.audit();
  const outbound = new Map(
    inbound.flatMap(({ turn }) => (turn === null ? [] : [[turn, ledger.outboundOf(turn)] as const])),
  );
  ledger.close();

  const sum = (sums: Readonly<Record<string, number>>) => Object.values(sums).reduce((a, b) => a + b, 0);
  const events = platforms.reduce((all, platform) => all + platform.inflow.events.size, 0);
  if (sum(sumsIn) !== events)
    world.broken('the sums are those of the world', `${sum(sumsIn)} messages came, and ${events} were said`);
  if (sum(sumsOut) !== [...outbound.values()].flat().length)
    world.broken('the sums are those of the world', `${sum(sumsOut)} go, and not all belong to a message`);

  for (const platform of platforms) {
    const { id } = platform.profile;
    const records = inbound.filter(({ channel }) => channel === id);
    checkOrderOfArrival(world, platform, records);
    checkOutcomes(world, platform, records, runs);
    const answers = [...new Set(records.flatMap(({ turn }) => turn ?? []))].flatMap(
      (turn) => outbound.get(turn) ?? [],
    );
    checkAnswers(world, platform, records, outbound);
    checkDelivery(world, platform, answers);
  }
}

/** Who was heard before another began to speak comes first. */
function checkOrderOfArrival(
  world: World,
  { inflow: { events } }: Platform,
  records: readonly InboundRecord[],
): void {
  const order = new Map(records.map(({ dedupeKey }, index) => [dedupeKey, index]));
  for (const a of events.values()) {
    for (const b of events.values()) {
      const heardBefore = (a.acknowledged ?? 0) < (b.offered ?? 0) && a.planned.chat === b.planned.chat;
      if (heardBefore && (order.get(a.key) ?? 0) > (order.get(b.key) ?? 0))
        world.broken('messages keep the order in which they came', `#${b.key} before #${a.key}`);
    }
  }
}

/** Everybody is answered, ignored with a reason, or given up with a reason; and the reason is a true one. */
function checkOutcomes(
  world: World,
  { inflow: { events }, profile }: Platform,
  records: readonly InboundRecord[],
  runs: ReadonlyMap<number, number>,
): void {
  for (const record of records) {
    const event = events.get(record.dedupeKey);
    const outcome = `${record.state}${record.reason === null ? '' : `: ${record.reason}`}`;
    if (event === undefined) world.broken('nobody is heard who said nothing', record.dedupeKey);
    else if (!isFair(record, event, { runs, records, world }))
      world.broken('every outcome has its cause', `${profile.id} #${record.dedupeKey} was ${outcome}`);
  }
}

function isFair(
  { state, reason, turn, attempts }: InboundRecord,
  { planned, greatestAge, key }: PlatformEvent,
  {
    runs,
    records,
    world,
  }: { runs: ReadonlyMap<number, number>; records: readonly InboundRecord[]; world: World },
): boolean {
  if (planned.kind === 'unreadable') return state === 'dead' && reason === 'unreadable: cut off';
  if (planned.kind === 'unaddressed') return state === 'ignored' && reason === 'not_addressed';
  if (planned.kind === 'from bot') return state === 'ignored' && reason === 'from_bot';
  if (state === 'ignored' && reason === 'much_too_late') return greatestAge > 2 * HOUR;
  if (planned.kind === 'edit') return state === 'ignored' && reason === 'noted';
  if (state === 'ignored' && reason === 'too_late') return greatestAge > HOUR;
  if (state === 'superseded')
    return world.plan.whileBusy === 'interrupt' && isSuccessor(reason, key, records);
  const taken = (turn === null ? undefined : world.taken.get(turn)) ?? [];
  if (taken.includes(planned.n)) return world.plan.whileBusy === 'steer' && state === 'answered';
  // An album is answered once, as its last part says; and so is what was collected.
  const last = records.findLast(
    (record) => record.turn === turn && !taken.includes(Number(record.dedupeKey)),
  )?.dedupeKey;
  if (last !== undefined && last !== key) return state === 'answered' || state === 'dead';
  const { does } = planned.script;
  if (state === 'dead') {
    if (/^the gateway ended \d+ times/.test(reason ?? '')) return attempts >= 5;
    if (does === 'fail') return reason === 'it failed' && attempts >= 3;
    if (does === 'throw') return reason === 'the agent threw: it threw' && attempts >= 3;
    if (does === 'refuse') return reason === 'it refused';
    return does === 'hang' && reason === 'the agent did not end within 60 s';
  }
  if (state !== 'answered' || !runs.has(planned.n)) return false;
  return reason === 'stopped' || (does !== 'hang' && does !== 'refuse');
}

/** Whether what took a message's place came later, in the same chat. */
function isSuccessor(reason: string | null, key: string, records: readonly InboundRecord[]): boolean {
  const mine = records.find(({ dedupeKey }) => dedupeKey === key);
  const later = records.find(({ id }) => reason === `by ${id}`);
  return later !== undefined && mine !== undefined && later.id > mine.id && later.chat === mine.chat;
}

/** A turn says what its agent said: all of it, once, in order. */
function checkAnswers(
  world: World,
  { inflow: { events } }: Platform,
  records: readonly InboundRecord[],
  outbound: ReadonlyMap<string, readonly OutboundRecord[]>,
): void {
  for (const [turn, said] of outbound) {
    const taken = world.taken.get(turn) ?? [];
    const record = records.findLast((one) => one.turn === turn && !taken.includes(Number(one.dedupeKey)));
    const planned = record && events.get(record.dedupeKey)?.planned;
    if (record?.state !== 'answered' || planned === undefined || record.reason === 'stopped') continue;
    const marks = said.flatMap(({ text, files }) => marksIn(`${text} ${namesOf(files)}`));
    const { script } = planned;
    const own = marksOf(planned);
    const files = script.does === 'answer' && script.with === 'files' ? own.splice(script.parts) : [];
    const wanted = [...own, ...taken.map((n) => markOf(n, 1)), ...files]; // files come after the text
    if (marks.join() !== wanted.join())
      world.broken(
        'an answer is what the agent said',
        `#${planned.n}: ${marks.join()} and not ${wanted.join()}`,
      );
  }
}

function namesOf(files: string | null): string {
  return files === null ? '' : (JSON.parse(files) as { name: string }[]).map(({ name }) => name).join(' ');
}

/** What people saw is what the ledger says they saw. */
function checkDelivery(
  world: World,
  { screen: { shown }, profile }: Platform,
  answers: readonly OutboundRecord[],
): void {
  const messages = answers.filter(({ reaction }) => reaction === null);
  const known = new Map(messages.map((message) => [message.id, message]));
  const seen = new Set(shown.map(({ id }) => id));
  for (const { id, state, failures, deadKind } of messages) {
    if (state === 'sent' && !seen.has(id)) world.broken('what counts as sent was seen', id);
    if (deadKind === 'held' && !failures.some(({ outcome }) => outcome === 'unknown'))
      world.broken('only what is in doubt is held', id);
    if (deadKind === 'held' && profile.onUnknown !== 'hold')
      world.broken('it is held only where the owner wants so', id);
  }
  for (const id of seen)
    if (!known.has(id)) world.broken('nothing is said that the ledger does not know', id);
  checkNoSecondAnswer(world, shown);
  checkOrder(world, shown, messages);
}

/** Whatever ids say: no words of an answer are seen under two of them. */
function checkNoSecondAnswer(world: World, shown: readonly Shown[]): void {
  const saidBy = new Map<string, string>();
  for (const { id, text } of shown) {
    for (const mark of marksIn(text)) {
      if ((saidBy.get(mark) ?? id) !== id)
        world.broken('nothing is answered twice', `${mark} by ${saidBy.get(mark)} and ${id}`);
      saidBy.set(mark, id);
    }
  }
}

/** In each chat things are seen in the order in which they were said, and those in the order of the questions. */
function checkOrder(world: World, shown: readonly Shown[], messages: readonly OutboundRecord[]): void {
  for (const chat of new Set(messages.map((message) => message.chat))) {
    const inOrder = messages
      .filter(
        (message) => message.chat === chat && message.state === 'sent' && !world.givenUp.has(message.id),
      )
      .map(({ id }) => id);
    const seen = [...new Set(shown.map(({ id }) => id))].filter((id) => inOrder.includes(id));
    if (seen.join() !== inOrder.filter((id) => seen.includes(id)).join())
      world.broken('a chat keeps its order', `${chat}: ${seen.join(' ')}`);
  }
}
