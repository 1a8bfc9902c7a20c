import { expect, test } from 'vitest';
import type { InboundId, OutboundId, TurnId } from '../../src/contract/index.ts';
import { openDatabase } from '../../src/store/database.ts';
import { deadLettersView } from '../../src/store/dead-letters.ts';
import { inboxTable } from '../../src/store/inbox.ts';
import { idText, WrongState } from '../../src/store/index.ts';
import { ledgerView } from '../../src/store/ledger.ts';
import { outboxTable } from '../../src/store/outbox.ts';
import { emptyFolder } from '../kit/folder.ts';
import { fc } from '../kit/properties.ts';

/** One message as the protocol has it, and what it may become: for each step, the states it starts from and where it leads. */
type Steps = Readonly<
  Record<string, { readonly from: readonly string[]; readonly to: string; readonly attempts?: number }>
>;

const INBOX = {
  claim: { from: ['queued', 'running'], to: 'running', attempts: 1 },
  park: { from: ['running'], to: 'queued', attempts: -1 },
  answer: { from: ['running'], to: 'answered' },
  giveUp: { from: ['running'], to: 'dead' },
  putAway: { from: ['dead'], to: 'dead, put away' },
} satisfies Steps;

const OUTBOX = {
  send: { from: ['pending', 'unknown'], to: 'sending', attempts: 1 },
  arrive: { from: ['sending', 'unknown'], to: 'sent' },
  doubt: { from: ['sending'], to: 'unknown' },
  again: { from: ['sending', 'unknown'], to: 'pending' },
  giveUp: { from: ['pending', 'sending', 'unknown'], to: 'dead' },
  revive: { from: ['dead'], to: 'pending' },
  putAway: { from: ['dead'], to: 'dead, put away' },
} satisfies Steps;

interface Model {
  state: string;
  attempts: number;
}

const MESSAGES = 3;
const message = fc.nat({ max: MESSAGES - 1 });
const steps = <Name extends string>(names: Record<Name, unknown>) =>
  fc.array(fc.record({ message, step: fc.constantFrom(...(Object.keys(names) as Name[])) }), {
    maxLength: 30,
  });

function open(folder: string) {
  const { db, close } = openDatabase(folder);
  db.pragma('synchronous = OFF'); // thousands of steps, and none of them has to outlast anything
  const rows = (table: string) => db.prepare(`SELECT * FROM ${table} ORDER BY id`).all();
  return {
    db,
    close,
    rows,
    inbox: inboxTable(db),
    outbox: outboxTable(db),
    letters: deadLettersView(db),
    ledger: ledgerView(db),
  };
}

/** What the model says of a row, as the row says it. */
function asRow({ state, attempts }: Model) {
  const [column, isPutAway] = state.split(', ');
  const isOpen = ['queued', 'running', 'pending', 'sending', 'unknown'].includes(state);
  return {
    state: column,
    attempts,
    ended_at: isOpen ? null : expect.any(Number),
    reason: column === 'dead' ? expect.any(String) : null,
    resolution: isPutAway === undefined ? null : expect.any(String),
  };
}

/** A legal step changes its own message, as it should; another throws WrongState and changes nothing. */
function check(
  models: readonly Model[],
  step: Steps[string],
  model: Model,
  rows: () => unknown[],
  act: () => void,
): void {
  const before = rows();
  if (step.from.includes(model.state)) {
    act();
    model.state = step.to;
    model.attempts += step.attempts ?? 0;
  } else {
    expect(act).toThrow(WrongState);
    expect(rows()).toEqual(before);
  }
  expect(rows()).toMatchObject(models.map(asRow));
}

function sumsOf(models: readonly Model[]) {
  const states = models.map(({ state }) => state.split(',')[0] as string);
  return Object.fromEntries(states.map((state) => [state, states.filter((other) => other === state).length]));
}

test('inbox: a message goes only the ways of the protocol', () => {
  using folder = emptyFolder();
  const { db, close, rows, inbox, letters, ledger } = open(folder.path);
  const states = fc.tuple(
    ...Array.from({ length: MESSAGES }, () => fc.constantFrom('queued', 'running', 'ignored')),
  );
  fc.assert(
    fc.property(states, steps(INBOX), (firsts, walk) => {
      db.exec('DELETE FROM inbox');
      const models = firsts.map((state) => ({ state, attempts: state === 'running' ? 1 : 0 }));
      for (const [index, state] of firsts.entries()) {
        const row = {
          id: idOf(index),
          channel: 'a' as never,
          dedupeKey: `${index}`,
          chat: 1,
          session: idText<never>(9),
        };
        const fresh = { ...row, message: '{}', state: state as never, reason: undefined, receivedAt: 5 };
        expect(inbox.insert(fresh)).toBe(true);
        expect(inbox.insert({ ...fresh, id: idOf(index + MESSAGES) }), 'the same key').toBe(false);
      }
      for (const { message, step } of walk) {
        const id = idOf(message);
        const acts = {
          claim: () => inbox.claim(id),
          park: () => inbox.park(id),
          answer: () => inbox.end(id, 'answered', undefined, id as string as TurnId, 7),
          giveUp: () => inbox.end(id, 'dead', 'it failed', id as string as TurnId, 7),
          putAway: () => letters.resolve({ direction: 'in', id }, 'seen'),
        };
        check(models, INBOX[step], models[message] as Model, () => rows('inbox'), acts[step]);
      }
      expect(ledger.audit().in).toEqual(sumsOf(models));
      const isOpen = ({ state }: Model) => state === 'queued' || state === 'running';
      expect(inbox.open(undefined, 10).map(({ id }) => id)).toEqual(
        models.flatMap((model, index) => (isOpen(model) ? [idOf(index)] : [])),
      );
    }),
  );
  close();
});

test('outbox: a message goes only the ways of the protocol, and no doubt is forgotten', () => {
  using folder = emptyFolder();
  const { db, close, rows, outbox, letters, ledger } = open(folder.path);
  const states = fc.tuple(...Array.from({ length: MESSAGES }, () => fc.constantFrom('pending', 'sending')));
  fc.assert(
    fc.property(states, steps(OUTBOX), (firsts, walk) => {
      db.exec('DELETE FROM outbox');
      const models = firsts.map((state) => ({ state, attempts: state === 'sending' ? 1 : 0 }));
      const doubted = new Set<number>();
      for (const [index, state] of firsts.entries()) {
        const content = { turn: idText<TurnId>(7), body: { text: 'x' } };
        outbox.insert({
          id: outIdOf(index),
          chat: 1,
          expiresAt: 9,
          content,
          state: state as never,
          createdAt: 5,
        });
      }
      for (const { message, step } of walk) {
        const id = outIdOf(message);
        const model = models[message] as Model;
        if (step === 'doubt' && model.state === 'sending') doubted.add(message);
        const acts = {
          send: () => outbox.sending(id, false),
          arrive: () => outbox.sent(id, undefined, 7),
          doubt: () => outbox.unknown(id, 6),
          again: () => outbox.again(id, 8, false),
          giveUp: () => outbox.dead(id, 'held', 'it may have arrived', 7),
          revive: () => letters.revive(id),
          putAway: () => letters.resolve({ direction: 'out', id }, 'seen'),
        };
        check(models, OUTBOX[step], model, () => rows('outbox'), acts[step]);
      }
      expect(rows('outbox')).toMatchObject(
        models.map((_, index) => ({ doubt_at: doubted.has(index) ? 6 : null })),
      );
      expect(ledger.audit().out).toEqual(sumsOf(models));
    }),
  );
  close();
});

const idOf = (index: number) => idText<InboundId>(100 + index);
const outIdOf = (index: number) => `7-${index}` as OutboundId;
