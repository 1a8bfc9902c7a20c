import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CREDENTIALS, credentialsOf, dataDirOf } from '../../config/index.ts';
import type { Machine } from './machine.ts';

/** What is to run as a service, and what it needs. Paths are absolute. */
export interface ServicePlan {
  /** Of the whole machine, under a user of its own; otherwise of the person who installs it. */
  readonly isSystem: boolean;
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** What it reads: Node, the package, and the folder of the configuration. */
  readonly reads: readonly string[];
  readonly config: string;
  readonly dataDir: string;
  /** Holds lines such as `TELEGRAM_BOT_TOKEN=…`; need not be there. */
  readonly environmentFile: string;
  readonly credentials: readonly Credential[];
}

export interface Credential {
  readonly name: string;
  readonly file: string;
}

/** Of the service. */
export const NAME = 'openclaw-gateway';

const ENVIRONMENT = 'openclaw.env';
/** The reason is in young-heap.ts. */
const YOUNG_HEAP = '--max-semi-space-size=8';

/** Throws a StartError when the configuration cannot be read. What else may be wrong with it, the service will say. */
export function planService(config: string, machine: Machine): ServicePlan {
  const file = resolve(config);
  const folder = dirname(file);
  return {
    isSystem: machine.uid === 0,
    command: [machine.node, YOUNG_HEAP, machine.program, 'run', '--config', file],
    reads: [machine.node, packageOf(machine.program), folder],
    config: file,
    dataDir: dataDirOf(config, machine.env),
    environmentFile: join(folder, ENVIRONMENT),
    credentials: credentialsOf(config, machine.env).map((name) => ({
      name,
      file: join(folder, CREDENTIALS, name),
    })),
  };
}

/** What the person should mend; the service starts all the same, or says itself why it cannot. */
export interface Advice {
  readonly what: string;
  readonly cure: string;
}

export function adviceOn({ isSystem, config, environmentFile, credentials }: ServicePlan): Advice[] {
  const missing = credentials.filter(({ file }) => !existsSync(file));
  const secret = [environmentFile, ...credentials.map(({ file }) => file)].filter((file) =>
    allows(file, 0o077),
  );
  return [
    ...missing.map(({ name, file }) => ({
      what: `There is no credential ${name}`,
      cure: `put it into ${file}, and install again.`,
    })),
    ...secret.map((file) => ({
      what: `Others may read ${file}, which is for secrets`,
      cure: `chmod 600 ${file}`,
    })),
    ...(isSystem && !allows(config, 0o004)
      ? [
          {
            what: `The service has a user of its own, who may not read ${config}`,
            cure: 'chmod 644 it, and keep its secrets elsewhere.',
          },
        ]
      : []),
  ];
}

/** The folder of everything that the program loads: its package, or the node_modules that it lies in with its dependencies. */
function packageOf(program: string): string {
  const [modules] = /^.*?\/node_modules(?=\/)/.exec(program) ?? [];
  return modules ?? resolve(dirname(program), '../../..');
}

function allows(file: string, mode: number): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && (stat.mode & mode) !== 0;
}
