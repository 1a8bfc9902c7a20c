/** The store: one SQLite database in one folder, a file per table, every write durable before it is reported done. */
export { StorageFault, WrongState } from './errors.ts';
export type { FailedOutcome } from './failed-attempts.ts';
export { idNumber, idText } from './ids.ts';
export type { OutboxContent } from './outbox.ts';
export { openStore, type Store } from './store.ts';
