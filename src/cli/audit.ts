import type { Audit, Sums } from '../store/index.ts';
import { EXIT } from './exit.ts';
import { withLedger } from './with-ledger.ts';

/** `openclaw-gateway audit`: whether every message has exactly one outcome. Exit code 1 when not, for cron. */
export function audit(options: { config: string; json?: boolean }): void {
  const found = withLedger(options, (ledger) => ledger.audit());
  const balances = found.contradictions.length === 0;
  process.stdout.write(options.json ? `${JSON.stringify({ balances, ...found })}\n` : told(found, balances));
  if (!balances) process.exitCode = EXIT.failed;
}

function told(found: Audit, balances: boolean): string {
  const pendingIn = sum(found.in, 'queued', 'running');
  const pendingOut = sum(found.out, 'pending', 'sending', 'unknown');
  const lines = [
    `in   ${all(found.in)} = ${of(found.in, 'answered')} + ${of(found.in, 'ignored')} + ${of(found.in, 'superseded')} + ${of(found.in, 'dead')} + ${pendingIn} pending`,
    `out  ${all(found.out)} = ${of(found.out, 'sent')} + ${of(found.out, 'dead')} + ${pendingOut} pending`,
    balances ? 'The ledger balances.' : 'The ledger does not balance:',
    ...found.contradictions.map((contradiction) => `  ${contradiction}`),
  ];
  return `${lines.join('\n')}\n`;
}

function all(sums: Sums): number {
  return Object.values(sums).reduce((total, count) => total + count, 0);
}

function sum(sums: Sums, ...states: readonly string[]): number {
  return states.reduce((total, state) => total + (sums[state] ?? 0), 0);
}

function of(sums: Sums, state: string): string {
  return `${sums[state] ?? 0} ${state}`;
}
