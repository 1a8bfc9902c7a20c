/** The store: one SQLite database in one folder, a file per table, every write durable before it is reported done. */
export { backUp, restore } from './backup.ts';
export type { ChatRow } from './chats.ts';
export type { CodeOwner, CodePurpose, CodeRow } from './codes.ts';
export type { Conversation } from './conversations.ts';
export type { DeadKind, DeadLetter, DeadLetterCount, DeadLetterFilter } from './dead-letters.ts';
export type { Deed } from './deeds.ts';
export { StorageFault, WrongState } from './errors.ts';
export { type DatabaseState, emptyJournal, examineDatabase } from './examine.ts';
export type { FailedOutcome } from './failed-attempts.ts';
export type { Identity } from './identities.ts';
export { idNumber, idText, idTime } from './ids.ts';
export { AGAIN, COMMAND, type Told } from './inbox.ts';
export type {
  AttemptRecord,
  Audit,
  ChannelSums,
  InboundRecord,
  LedgerView,
  OutboundRecord,
  Sums,
  TurnRecord,
  Waiting,
} from './ledger.ts';
export { isLocked, lookAtLock } from './lock.ts';
export type { OpenOutboxRow, OutboxContent } from './outbox.ts';
export { directKey, groupKey } from './sessions.ts';
export { type Ledger, openLedger, openStore, type Store } from './store.ts';
export type { Stranger } from './strangers.ts';
export type { UserChoices } from './users.ts';
