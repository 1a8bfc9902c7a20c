import { errorText } from '../contract/index.ts';

/**
 * The disk under the database failed or is full. Nothing of the write was kept; the same write may succeed later.
 */
export class StorageFault extends Error {
  override readonly name = 'StorageFault';
  readonly full: boolean;

  constructor(cause: unknown) {
    const full = codeOf(cause) === 'SQLITE_FULL';
    super(
      full
        ? 'the disk that holds the database is full'
        : `the database cannot be written: ${errorText(cause)}`,
      {
        cause,
      },
    );
    this.full = full;
  }
}

/** A row was not in the state that a transition starts from: somebody else ended it. Nothing was changed. */
export class WrongState extends Error {
  override readonly name = 'WrongState';
}

/** Faults of the medium, as opposed to mistakes in a statement. https://sqlite.org/rescode.html */
export function isStorageFault(error: unknown): boolean {
  return /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|BUSY|NOMEM|PROTOCOL)/.test(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
