/** The store: one SQLite database in one folder, a file per table, every write durable before it is reported done. */
export { backUp, restore } from './backup.ts';
export type { DeadKind, DeadLetter, DeadLetterFilter } from './dead-letters.ts';
export { StorageFault, WrongState } from './errors.ts';
export type { FailedOutcome } from './failed-attempts.ts';
export { idNumber, idText } from './ids.ts';
export { AGAIN, type Told } from './inbox.ts';
export type {
  AttemptRecord,
  Audit,
  InboundRecord,
  OutboundRecord,
  Sums,
  TurnRecord,
  Waiting,
} from './ledger.ts';
export { isLocked } from './lock.ts';
export type { OpenOutboxRow, OutboxContent } from './outbox.ts';
export { type Ledger, openLedger, openStore, type Store } from './store.ts';
