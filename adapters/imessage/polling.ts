import { z } from 'zod';
import { batchOf, createLatest } from '../../src/adapter-kit/index.ts';
import type { InboundBatch } from '../../src/contract/index.ts';
import type { BlueBubbles, Query, ServerInfo } from './bluebubbles.ts';
import { normalize, type RawEvent } from './inbound.ts';

/*
 * BlueBubbles tells of a message once, by a webhook that it never repeats. So we ask: for the rows of Messages' database
 * after the last one that we know. They are numbered in the order in which they came to the Mac, whenever they were written.
 */

/** Where to go on after a restart. */
interface Cursor {
  /** The last row that we know. */
  readonly row: number;
  /** What was written before (epoch milliseconds) is not for us, also if it comes to the Mac only now: it was there before us. */
  readonly since: number;
}

const cursorJson = z.object({ row: z.int(), since: z.number() });
const rowJson = z.object({
  originalROWID: z.int(),
  guid: z.string(),
  dateCreated: z.number().nullish(),
  dateEdited: z.number().nullish(),
  threadOriginatorGuid: z.string().nullish(),
});

/** What is new: a message, or an edit of one. */
interface News {
  readonly raw: unknown;
  readonly row: z.infer<typeof rowJson>;
  readonly edited: boolean;
  readonly key: string;
}

/** Rows of one question. */
const PAGE = 100;
/** The most that the server tells at once (messageValidator.ts). */
const MOST = 1000;
/** Messages makes a row first and puts it into its chat a moment later, and only then is it found: so we look back. */
const LOOK_BACK_ROWS = 10;
/** A message can be edited for 15 minutes, but a Mac that slept hears of it later. */
const LOOK_BACK_EDITS_MS = 86_400_000;
/** Far more than the rows and edits of one look back. */
const REMEMBERED = 2000;

export interface Poll {
  /** Absent when there is nothing new. */
  readonly batch?: InboundBatch;
  /** Whether to ask again at once. */
  readonly more: boolean;
  /** To be called when the batch is on disk; otherwise the next poll brings it again. */
  stored(): void;
}

export interface Poller {
  /** At the very first start: the cursor from which we listen, which is now. */
  begin(signal: AbortSignal): Promise<string | undefined>;
  next(signal: AbortSignal): Promise<Poll>;
}

export function pollFrom(server: BlueBubbles, info: ServerInfo, stored: string | undefined): Poller {
  let cursor: Cursor = stored === undefined ? { row: 0, since: 0 } : cursorJson.parse(JSON.parse(stored));
  const known = createLatest<true>(REMEMBERED);

  return {
    async begin(signal) {
      if (stored !== undefined) return undefined;
      const latest = await ask({ where: [], sort: 'DESC', limit: PAGE }, false, signal);
      cursor = {
        row: Math.max(0, ...latest.news.map(({ row }) => row.originalROWID)),
        since: Math.max(0, ...latest.news.map(({ row }) => row.dateCreated ?? 0)) + 1,
      };
      return JSON.stringify(cursor);
    },

    async next(signal) {
      const rows = await newRows(signal);
      const edits = info.edits ? await recentEdits(signal) : [];
      const fresh = [...rows.news, ...edits].filter(
        ({ key, row }) => !known.has(key) && (row.dateCreated ?? 0) >= cursor.since,
      );
      const next = { ...cursor, row: rows.upTo };
      const isNew = fresh.length > 0 || next.row > cursor.row;
      return {
        ...(isNew && { batch: { ...(await read(fresh, signal)), cursor: JSON.stringify(next) } }),
        more: rows.more,
        stored() {
          cursor = next;
          for (const { key } of fresh) known.set(key, true);
        },
      };
    },
  };

  /** The server orders by date and not by row, so a page is complete only when nothing is left out of it. */
  async function newRows(signal: AbortSignal): Promise<{ news: News[]; upTo: number; more: boolean }> {
    const from = Math.max(0, cursor.row - LOOK_BACK_ROWS);
    const after = { statement: 'message.ROWID > :fromRow', args: { fromRow: from } };
    const { news, total } = await ask({ where: [after], sort: 'ASC', limit: PAGE }, false, signal);
    if (total <= news.length) {
      return { news, upTo: Math.max(cursor.row, ...news.map(({ row }) => row.originalROWID)), more: false };
    }
    const upTo = from + PAGE;
    const until = { statement: 'message.ROWID <= :toRow', args: { toRow: upTo } };
    const page = await ask({ where: [after, until], sort: 'ASC', limit: PAGE }, false, signal);
    return { news: page.news, upTo, more: true };
  }

  async function recentEdits(signal: AbortSignal): Promise<News[]> {
    const where = [{ statement: 'message.date_edited > :never', args: { never: 0 } }];
    const after = Math.max(cursor.since, Date.now() - LOOK_BACK_EDITS_MS);
    return (await ask({ where, sort: 'ASC', limit: MOST, after }, true, signal)).news;
  }

  async function ask(
    query: Query,
    edited: boolean,
    signal: AbortSignal,
  ): Promise<{ news: News[]; total: number }> {
    const { messages, total } = await server.query(query, signal);
    const news = messages.map((raw) => {
      const row = rowJson.parse(raw);
      return { raw, row, edited, key: edited ? `${row.guid}/${row.dateEdited}` : row.guid };
    });
    return { news, total };
  }

  async function read(fresh: readonly News[], signal: AbortSignal): Promise<InboundBatch> {
    const events: { key: string; event: RawEvent }[] = [];
    for (const { raw, row, edited, key } of fresh) {
      const answers = row.threadOriginatorGuid;
      const answered = answers ? await server.message(answers, signal) : undefined;
      events.push({ key, event: { message: raw, edited, answered, ourAddress: info.ourAddress } });
    }
    return batchOf(
      events,
      ({ event }) => normalize(event),
      ({ key }) => key,
      ({ event }) => JSON.stringify(event),
    );
  }
}
