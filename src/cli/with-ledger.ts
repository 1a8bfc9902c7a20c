import { dataDirOf } from '../config/peek.ts';
import { type Ledger, openLedger } from '../store/index.ts';

/** Hands the ledger of a configuration's data to `use`, and closes it again, whatever happens. */
export function withLedger<T>({ config }: { config: string }, use: (ledger: Ledger) => T): T {
  const ledger = openLedger(dataDirOf(config, process.env));
  try {
    return use(ledger);
  } finally {
    ledger.close();
  }
}
