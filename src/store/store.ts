import { apartTable } from './apart.ts';
import { chatsTable } from './chats.ts';
import { codesTable } from './codes.ts';
import { contactsTable } from './contacts.ts';
import { conversationsView } from './conversations.ts';
import { cursorsTable } from './cursors.ts';
import { type OpenDatabase, openDatabase, openForReading } from './database.ts';
import { deadLettersView } from './dead-letters.ts';
import { deedsTable } from './deeds.ts';
import { isStorageFault, StorageFault } from './errors.ts';
import { failedAttemptsTable } from './failed-attempts.ts';
import { GroupCommit } from './group-commit.ts';
import { housekeeping } from './housekeeping.ts';
import { identitiesTable } from './identities.ts';
import { IdSource } from './ids.ts';
import { inboxTable } from './inbox.ts';
import { ledgerView } from './ledger.ts';
import { menusTable } from './menus.ts';
import { outboxTable } from './outbox.ts';
import { sessionsTable } from './sessions.ts';
import { strangersTable } from './strangers.ts';
import { turnsTable } from './turns.ts';
import { usersTable } from './users.ts';

export type Store = ReturnType<typeof storeOn>;

/** How long to wait before a write that the disk refused is tried again, in milliseconds. */
const DISK_RETRY_MS = 1000;

/**
 * Everything the gateway keeps, one member per table. Members that change something are called within `write` or
 * `insist`; reads may be called anywhere and are synchronous.
 * Throws what `openDatabase` throws.
 */
export function openStore(folder: string): Store {
  const database = openDatabase(folder);
  try {
    return storeOn(database, folder);
  } catch (error) {
    database.close(); // or the folder stays locked, and could not be tried again
    throw isStorageFault(error) ? new StorageFault(error) : error;
  }
}

function storeOn({ db, close }: OpenDatabase, folder: string) {
  const commits = new GroupCommit(db);
  const largest = db
    .prepare(
      `SELECT max(coalesce((SELECT max(id) FROM inbox), 0), coalesce((SELECT max(id) FROM sessions), 0),
                  coalesce((SELECT max(user) FROM identities), 0))`,
    )
    .pluck();
  const ids = new IdSource(largest.get() as number);
  const closing = new AbortController();

  return {
    folder,
    ids,
    chats: chatsTable(db),
    identities: identitiesTable(db, ids),
    users: usersTable(db),
    codes: codesTable(db),
    contacts: contactsTable(db),
    apart: apartTable(db),
    strangers: strangersTable(db),
    deeds: deedsTable(db),
    menus: menusTable(db),
    sessions: sessionsTable(db, ids),
    inbox: inboxTable(db),
    turns: turnsTable(db),
    outbox: outboxTable(db),
    failedAttempts: failedAttemptsTable(db),
    cursors: cursorsTable(db),
    deadLetters: deadLettersView(db),
    ledger: ledgerView(db),
    conversations: conversationsView(db),
    housekeeping: housekeeping(db),

    /** Runs `work` in a transaction shared with other writes; settles after the commit. See GroupCommit. */
    write: <T>(work: () => T): Promise<T> => commits.write(work),

    /**
     * As `write`, for what must not be given up: while the disk fails, it is tried again until it succeeds.
     * Rejects with the StorageFault only when the store closes meanwhile, and with what `work` throws.
     */
    async insist<T>(work: () => T): Promise<T> {
      for (;;) {
        try {
          return await commits.write(work);
        } catch (error) {
          if (!(error instanceof StorageFault) || closing.signal.aborted) throw error;
          await pause(DISK_RETRY_MS, closing.signal);
        }
      }
    },

    /** Hears of faults of the disk, and with `undefined` that one has passed. */
    onFault(listener: (fault: StorageFault | undefined) => void): void {
      commits.onFault = listener;
    },

    async close(): Promise<void> {
      closing.abort();
      await commits.flush();
      close();
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}

/** What the commands read of a data folder, also while a gateway works with it. Throws a StartError. */
export function openLedger(folder: string) {
  const db = openForReading(folder);
  return { ...ledgerView(db), deadLetters: deadLettersView(db), close: () => void db.close() };
}

export type Ledger = ReturnType<typeof openLedger>;
