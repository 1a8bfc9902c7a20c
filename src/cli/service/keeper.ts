import { StartError } from '../../contract/index.ts';
import type { Machine } from './machine.ts';
import type { ServicePlan } from './plan.ts';

/** A service manager as the commands use it: systemd or launchd. What it refuses is a StartError. */
export interface Keeper {
  /** The description of our service. */
  readonly file: string;
  describe(plan: ServicePlan): string;
  /** Rejects when it cannot be talked to here. */
  greet(): Promise<void>;
  /** Takes note of the file, and starts the service now and at every boot; resolves when it is ready. Returns what is left to do. */
  start(): Promise<string[]>;
  /** Stops the service for good. */
  stop(): Promise<void>;
  /** Takes note that the file is gone. */
  forget(): Promise<void>;
  /** Shows how the service is; resolves with an exit code. */
  status(): Promise<number>;
  logs(options: LogOptions): Promise<number>;
}

export interface LogOptions {
  /** Goes on until it is interrupted. */
  readonly follow?: boolean;
  /** How many lines that are already there. */
  readonly lines: number;
}

/** Runs a program that must succeed. */
export async function must(machine: Machine, program: string, ...args: readonly string[]): Promise<string> {
  const { code, printed } = await machine.run(program, args);
  if (code === 0) return printed;
  throw new StartError(`${[program, ...args].join(' ')}: ${printed || `exit code ${code}`}`, {
    hint: '`openclaw-gateway service logs` may tell more; `service install --dry-run` shows what would be installed.',
    exitCode: 1,
  });
}
