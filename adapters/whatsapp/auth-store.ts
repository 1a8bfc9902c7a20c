import { chmodSync } from 'node:fs';
import type { AuthenticationState, proto, SignalDataSet, SignalDataTypeMap } from '@whiskeysockets/baileys';
import Database from 'better-sqlite3';

/** Its name in the channel's folder. */
export const FILE = 'whatsapp.sqlite';

/** What was said and is not yet stored by the gateway: the event, by its key. */
export type JournalRow = { readonly key: string; readonly event: unknown };

/**
 * The login, its keys and the journal, in one SQLite file. One call of `keys.set` is one durable transaction: the
 * journal's rows go through it too, so that a message is decrypted (which uses up its key) and kept, or neither.
 */
export interface AuthStore {
  readonly state: AuthenticationState;
  saveCreds(): void;
  journal(): JournalRow[];
  forget(keys: readonly string[]): void;
  /** Whether this is or was in the journal. */
  wasHeard(key: string): boolean;
  /** Keeps what was sent: a phone that could not decrypt it asks for it again, also after a restart. */
  keepSent(stanzaId: string, message: proto.IMessage): void;
  sent(stanzaId: string): proto.IMessage | undefined;
  /** Forgets the login, so that the next connection pairs anew. The journal stays. */
  logOut(): void;
  close(): void;
}

/** A mapping that Baileys' own key store carries along: what it does not know, it hands on as it is. */
export const JOURNAL = 'journal';
/** Another one: what was in the journal at some time. */
export const HEARD = 'heard';

const SENT = 'sent';
/** Phones that are away for longer than this do not ask any more: a choice of ours. */
const KEEP_SENT_MS = 7 * 24 * 3_600_000;
/** WhatsApp's servers keep what we have not acknowledged for about as long. */
const KEEP_HEARD_MS = 30 * 24 * 3_600_000;

type Baileys = Pick<typeof import('@whiskeysockets/baileys'), 'BufferJSON' | 'initAuthCreds' | 'proto'>;

export function openAuthStore(
  file: string,
  { BufferJSON, initAuthCreds, proto: { Message } }: Baileys,
): AuthStore {
  const db = new Database(file);
  chmodSync(file, 0o600);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(
    'CREATE TABLE IF NOT EXISTS kept (type TEXT NOT NULL, id TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (type, id)) WITHOUT ROWID',
  );
  const select = db.prepare<[string, string], { value: string }>(
    'SELECT value FROM kept WHERE type = ? AND id = ?',
  );
  const all = db.prepare<[string], { id: string; value: string }>(
    'SELECT id, value FROM kept WHERE type = ?',
  );
  const upsert = db.prepare('INSERT OR REPLACE INTO kept (type, id, value) VALUES (?, ?, ?)');
  const remove = db.prepare('DELETE FROM kept WHERE type = ? AND id = ?');
  const removeLogin = db.prepare('DELETE FROM kept WHERE type <> ?');

  const read = (type: string, id: string): unknown => {
    const row = select.get(type, id);
    return row && JSON.parse(row.value, BufferJSON.reviver);
  };
  const write = (type: string, id: string, value: unknown) =>
    value === null || value === undefined
      ? remove.run(type, id)
      : upsert.run(type, id, JSON.stringify(value, BufferJSON.replacer));

  const setAll = db.transaction((data: SignalDataSet) => {
    for (const [type, values] of Object.entries(data))
      for (const [id, value] of Object.entries(values ?? {})) write(type, id, value);
  });
  const forget = db.transaction((keys: readonly string[]) => {
    for (const key of keys) remove.run(JOURNAL, key);
  });
  const removeOld = db.prepare("DELETE FROM kept WHERE type = ? AND json_extract(value, '$.at') < ?");
  removeOld.run(SENT, Date.now() - KEEP_SENT_MS);
  removeOld.run(HEARD, Date.now() - KEEP_HEARD_MS);
  // A pairing that nobody finished leaves a login that the server does not know: it begins anew.
  const kept = read('creds', '') as AuthenticationState['creds'] | undefined;
  const creds = kept?.account ? kept : initAuthCreds();

  return {
    state: {
      creds,
      keys: {
        get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]) {
          const found: Record<string, SignalDataTypeMap[T]> = {};
          for (const id of ids) {
            const value = read(type, id);
            if (value === undefined) continue;
            const isSyncKey = type === 'app-state-sync-key';
            const kept = isSyncKey ? Message.AppStateSyncKeyData.fromObject(value as object) : value;
            found[id] = kept as SignalDataTypeMap[T];
          }
          return found;
        },
        set: (data) => setAll.immediate(data),
      },
    },
    saveCreds: () => void write('creds', '', creds),
    journal: () =>
      all.all(JOURNAL).map(({ id, value }) => ({ key: id, event: JSON.parse(value) as unknown })),
    forget: (keys) => forget.immediate(keys),
    wasHeard: (key) => select.get(HEARD, key) !== undefined,
    keepSent(stanzaId, message) {
      const encoded = Buffer.from(Message.encode(message).finish());
      write(SENT, stanzaId, { encoded, at: Date.now() });
    },
    sent(stanzaId) {
      const row = read(SENT, stanzaId) as { encoded: Buffer } | undefined;
      return row && Message.decode(row.encoded);
    },
    logOut() {
      removeLogin.run(JOURNAL);
      for (const name of Object.keys(creds)) delete creds[name as keyof typeof creds];
      Object.assign(creds, initAuthCreds());
    },
    close: () => db.close(),
  };
}
