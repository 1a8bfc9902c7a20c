import type { Database } from 'better-sqlite3';
import type { DeadKind } from './dead-letters.ts';
import { idNumber, idText } from './ids.ts';
import { COMMAND } from './inbox.ts';

/** The sums of one direction: how many messages there are in each state, those included that were removed since. */
export type Sums = Readonly<Record<string, number>>;

export interface Audit {
  readonly in: Sums;
  readonly out: Sums;
  /** Rows that contradict each other, in words; none if the ledger balances. */
  readonly contradictions: readonly string[];
}

/** How many messages of each direction are not done with, and how many dead letters wait. */
export interface Waiting {
  readonly open: { readonly in: number; readonly out: number };
  readonly dead: { readonly in: number; readonly out: number };
}

/** What of one channel is not done with, and how many of its dead letters wait. */
export interface ChannelSums {
  readonly channel: string;
  readonly toAnswer: number;
  readonly toSend: number;
  /** When the oldest of what is to be sent was put into the outbox; epoch milliseconds. */
  readonly oldest: number | null;
  readonly deadIn: number;
  readonly deadOut: number;
}

/** A message that came, and what became of it. Times are epoch milliseconds. */
export interface InboundRecord {
  readonly id: string;
  readonly channel: string;
  readonly chat: string | null;
  readonly session: string | null;
  readonly dedupeKey: string;
  readonly state: string;
  readonly reason: string | null;
  readonly deadKind: DeadKind | null;
  readonly resolution: string | null;
  readonly attempts: number;
  readonly turn: string | null;
  readonly receivedAt: number;
  readonly endedAt: number | null;
  /** The InboundMessage as JSON, or the payload that could not be read. */
  readonly message: string;
}

/** A message that goes, and what became of it. */
export interface OutboundRecord {
  readonly id: string;
  readonly turn: string;
  readonly channel: string;
  readonly chat: string;
  readonly text: string;
  readonly files: string | null;
  readonly choices: string | null;
  readonly reaction: string | null;
  readonly state: string;
  readonly reason: string | null;
  readonly deadKind: DeadKind | null;
  readonly resolution: string | null;
  readonly attempts: number;
  readonly possiblyRepeated: boolean;
  readonly notBefore: number | null;
  readonly platformId: string | null;
  readonly createdAt: number;
  readonly endedAt: number | null;
  readonly failures: readonly AttemptRecord[];
}

export interface AttemptRecord {
  readonly attempt: number;
  readonly outcome: string;
  readonly error: string;
  readonly endedAt: number;
}

export interface TurnRecord {
  readonly id: string;
  readonly session: string;
  readonly agent: string;
  readonly state: string;
  readonly error: string | null;
  readonly attempts: number;
  readonly data: string | null;
  readonly startedAt: number;
  readonly endedAt: number;
}

const INBOUND = `SELECT i.id, i.channel, c.chat, i.session, i.dedupe_key AS dedupeKey, i.state, i.reason,
    i.dead_kind AS deadKind, i.resolution, i.attempts, i.turn, i.received_at AS receivedAt, i.ended_at AS endedAt, i.message
  FROM inbox i LEFT JOIN chats c ON c.id = i.chat`;
const OUTBOUND = `SELECT o.id, o.turn, c.channel, c.chat, o.body AS text, o.files, o.choices, o.reaction, o.state, o.reason,
    o.dead_kind AS deadKind, o.resolution, o.attempts, o.possibly_repeated AS possiblyRepeated, o.not_before AS notBefore,
    o.platform_id AS platformId, o.created_at AS createdAt, o.ended_at AS endedAt
  FROM outbox o JOIN chats c ON c.id = o.chat`;

/**
 * What can never be, as queries that find it: each names the rows that break a rule. The states themselves are part of it,
 * so that the sums hold every row exactly once.
 */
const RULES: readonly (readonly [rule: string, query: string])[] = [
  [
    'has a state that no message has',
    `SELECT 'in ' || id FROM inbox WHERE state NOT IN ('ignored', 'queued', 'running', 'answered', 'superseded', 'dead')
     UNION ALL SELECT id FROM outbox WHERE state NOT IN ('pending', 'sending', 'unknown', 'sent', 'dead')`,
  ],
  [
    'is ended without an end, or open with one',
    `SELECT 'in ' || id FROM inbox WHERE (state IN ('queued', 'running')) <> (ended_at IS NULL)
     UNION ALL SELECT id FROM outbox WHERE (state IN ('pending', 'sending', 'unknown')) <> (ended_at IS NULL)`,
  ],
  [
    'was ignored or given up without a reason',
    `SELECT 'in ' || id FROM inbox WHERE state IN ('ignored', 'superseded', 'dead') AND reason IS NULL
     UNION ALL SELECT id FROM outbox WHERE state = 'dead' AND reason IS NULL`,
  ],
  [
    'was answered by a turn that is not there',
    `SELECT 'in ' || i.id FROM inbox i LEFT JOIN turns t ON t.id = i.turn
     WHERE i.state IN ('answered', 'superseded') AND t.id IS NULL AND coalesce(i.reason, '') NOT GLOB '${COMMAND} *'`,
  ],
  [
    'was answered, but its turn failed',
    `SELECT 'in ' || i.id FROM inbox i JOIN turns t ON t.id = i.turn WHERE i.state = 'answered' AND t.state = 'failed'`,
  ],
  [
    'was superseded, but its turn went on to its end',
    `SELECT 'in ' || i.id FROM inbox i JOIN turns t ON t.id = i.turn
     WHERE i.state = 'superseded' AND t.state <> 'cancelled'`,
  ],
  [
    'is a turn that answers no message',
    `SELECT 'turn ' || t.id FROM turns t WHERE NOT EXISTS (SELECT 1 FROM inbox i WHERE i.id = t.id AND i.turn = t.id)`,
  ],
  [
    'was sent without an attempt',
    `SELECT id FROM outbox WHERE state IN ('sent', 'sending', 'unknown') AND attempts = 0`,
  ],
  [
    'lacks a message before it',
    `SELECT o.id FROM outbox o WHERE substr(o.id, -2) <> '-0' AND o.id GLOB '*-[1-9a-z]' AND NOT EXISTS
       (SELECT 1 FROM outbox b WHERE b.id = substr(o.id, 1, instr(o.id, '-')) || '0')`,
  ],
  [
    'is an attempt at a message that is not there',
    `SELECT f.outbox FROM failed_attempts f LEFT JOIN outbox o ON o.id = f.outbox WHERE o.id IS NULL`,
  ],
];

/** Contradictions are listed up to this number for each rule. */
const MOST_PER_RULE = 20;

export type LedgerView = ReturnType<typeof ledgerView>;

/** Reads the inbox and outbox as accounts. Nothing here changes anything. */
export function ledgerView(db: Database) {
  const sums = (direction: 'in' | 'out', table: string) =>
    db.prepare(
      `SELECT state, sum(n) AS n FROM (
         SELECT state, count(*) AS n FROM ${table} GROUP BY state
         UNION ALL SELECT state, removed FROM tallies WHERE direction = '${direction}')
       GROUP BY state`,
    );
  const inSums = sums('in', 'inbox');
  const outSums = sums('out', 'outbox');
  const breakers = (query: string) =>
    db.prepare(`${query} LIMIT ${MOST_PER_RULE}`).pluck().all() as (string | number)[];
  const inboundById = db.prepare(`${INBOUND} WHERE i.id = ?`);
  const inboundByTurn = db.prepare(`${INBOUND} WHERE i.id >= ? AND i.turn = ? ORDER BY i.id LIMIT 100`);
  const inboundByKey = db.prepare(`${INBOUND} WHERE i.dedupe_key = ? ORDER BY i.id DESC LIMIT 1`);
  const latestIn = db.prepare(`${INBOUND} WHERE c.channel = ? AND c.chat = ? ORDER BY i.id DESC LIMIT ?`);
  const outboundOfTurn = db.prepare(`${OUTBOUND} WHERE o.id >= ? AND o.id < ? ORDER BY o.seq`);
  const latestOut = db.prepare(`${OUTBOUND} WHERE c.channel = ? AND c.chat = ? ORDER BY o.seq DESC LIMIT ?`);
  const outboundByPlatformId = db.prepare(`${OUTBOUND} WHERE o.platform_id = ? ORDER BY o.seq DESC LIMIT 1`);
  const turn = db.prepare(
    `SELECT id, session, agent, state, error, attempts, data, started_at AS startedAt, ended_at AS endedAt
     FROM turns WHERE id = ?`,
  );
  const failures = db.prepare(
    `SELECT attempt, outcome, error, ended_at AS endedAt FROM failed_attempts WHERE outbox = ? ORDER BY attempt`,
  );
  // By the partial indexes: cheap however much there is.
  const count = (table: string, which: string) =>
    db.prepare(`SELECT count(*) FROM ${table} WHERE ${which}`).pluck();
  const openIn = count('inbox', 'ended_at IS NULL');
  const openOut = count('outbox', 'ended_at IS NULL');
  const deadIn = count('inbox', `state = 'dead' AND resolution IS NULL`);
  const deadOut = count('outbox', `state = 'dead' AND resolution IS NULL`);
  const channels = db.prepare(
    `SELECT channel, sum(toAnswer) AS toAnswer, sum(toSend) AS toSend, min(oldest) AS oldest,
            sum(deadIn) AS deadIn, sum(deadOut) AS deadOut FROM (
       SELECT channel, 1 AS toAnswer, 0 AS toSend, NULL AS oldest, 0 AS deadIn, 0 AS deadOut
         FROM inbox WHERE ended_at IS NULL
       UNION ALL SELECT c.channel, 0, 1, o.created_at, 0, 0
         FROM outbox o JOIN chats c ON c.id = o.chat WHERE o.ended_at IS NULL
       UNION ALL SELECT channel, 0, 0, NULL, 1, 0 FROM inbox WHERE state = 'dead' AND resolution IS NULL
       UNION ALL SELECT c.channel, 0, 0, NULL, 0, 1
         FROM outbox o JOIN chats c ON c.id = o.chat WHERE o.state = 'dead' AND o.resolution IS NULL)
     GROUP BY channel ORDER BY channel`,
  );
  const recentIn = db.prepare(`${INBOUND} WHERE i.id < ? ORDER BY i.id DESC LIMIT ?`);

  const inbound = (row: unknown): InboundRecord | undefined => {
    if (row === undefined) return undefined;
    const {
      id,
      session,
      turn: turnId,
      ...rest
    } = row as InboundRecord & Record<'id' | 'session' | 'turn', number | null>;
    return { ...rest, id: text(id) ?? '', session: text(session), turn: text(turnId) };
  };
  const outbound = (row: unknown): OutboundRecord => {
    const record = row as Omit<OutboundRecord, 'turn' | 'possiblyRepeated'> & {
      turn: number;
      possiblyRepeated: number;
    };
    return {
      ...record,
      turn: idText(record.turn),
      possiblyRepeated: record.possiblyRepeated === 1,
      failures: failures.all(record.id) as AttemptRecord[],
    };
  };
  const sumsOf = (statement: ReturnType<typeof sums>): Sums =>
    Object.fromEntries((statement.all() as { state: string; n: number }[]).map(({ state, n }) => [state, n]));

  return {
    /** All from one moment, also while the gateway works. */
    audit(): Audit {
      return db.transaction(() => ({
        in: sumsOf(inSums),
        out: sumsOf(outSums),
        contradictions: RULES.flatMap(([rule, query]) =>
          breakers(query).map((row) => `${named(String(row))} ${rule}`),
        ),
      }))();
    },

    waiting(): Waiting {
      const number = (statement: ReturnType<typeof count>) => statement.get() as number;
      return {
        open: { in: number(openIn), out: number(openOut) },
        dead: { in: number(deadIn), out: number(deadOut) },
      };
    },

    /** Channels with nothing that waits are not among them. */
    channels: (): ChannelSums[] => channels.all() as ChannelSums[],

    inbound(id: string): InboundRecord | undefined {
      return inbound(inboundById.get(idNumber(id))) ?? inbound(inboundByKey.get(id));
    },
    outbound(id: string): OutboundRecord | undefined {
      const [row] = outboundOfTurn.all(id, `${id}\0`);
      const found = row ?? outboundByPlatformId.get(id);
      return found === undefined ? undefined : outbound(found);
    },
    /** The messages that a turn answers. */
    inboundOf(turnId: string): InboundRecord[] {
      const id = idNumber(turnId);
      return inboundByTurn.all(id, id).map((row) => inbound(row) as InboundRecord);
    },
    /** What a turn said. */
    outboundOf: (turnId: string): OutboundRecord[] =>
      outboundOfTurn.all(`${turnId}-`, `${turnId}.`).map(outbound),
    turn(id: string): TurnRecord | undefined {
      const row = turn.get(idNumber(id)) as
        | (Omit<TurnRecord, 'id' | 'session'> & { id: number; session: number })
        | undefined;
      return row && { ...row, id: idText(row.id), session: idText(row.session) };
    },
    /** The latest of a chat, newest first. */
    latest(channel: string, chat: string, limit: number): { in: InboundRecord[]; out: OutboundRecord[] } {
      return {
        in: latestIn.all(channel, chat, limit).map((row) => inbound(row) as InboundRecord),
        out: latestOut.all(channel, chat, limit).map(outbound),
      };
    },
    /** The latest that came, newest first, before the message `before`. */
    recent(limit: number, before?: string): InboundRecord[] {
      const from = before === undefined ? Number.MAX_SAFE_INTEGER : idNumber(before);
      return recentIn.all(from, limit).map((row) => inbound(row) as InboundRecord);
    },
  };
}

function text(id: number | null): string | null {
  return id === null ? null : idText(id);
}

/** Rows are named as `why` takes them. */
function named(row: string): string {
  return row.replace(/^(in|turn) (\d+)$/, (_, kind: string, id: string) => `${kind} ${idText(Number(id))}`);
}
