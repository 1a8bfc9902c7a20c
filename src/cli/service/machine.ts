import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { text } from 'node:stream/consumers';

/** What a service needs of the machine that it is to run on. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  /** 0 is root; whatever it is, on machines that have no such thing. */
  readonly uid: number;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What runs at this moment: Node, and the file that it was given. */
  readonly node: string;
  readonly program: string;
  /** Where system units are. */
  readonly systemUnits: string;
  /** Runs a program; resolves with its exit code (127 when there is none) and all that it printed. */
  run(program: string, args: readonly string[]): Promise<{ code: number; printed: string }>;
  /** The same, on the terminal of the person who asked. */
  show(program: string, args: readonly string[]): Promise<number>;
}

const NOT_FOUND = 127;

export const thisMachine: Machine = {
  platform: process.platform,
  uid: process.getuid?.() ?? -1,
  home: homedir(),
  env: process.env,
  node: process.execPath,
  program: realpathSync(process.argv[1] ?? ''),
  systemUnits: '/etc/systemd/system',
  async run(program, args) {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const [code, out, err] = await Promise.all([exitCode(child), text(child.stdout), text(child.stderr)]);
    return { code, printed: `${out}${err}`.trim() };
  },
  show: (program, args) => exitCode(spawn(program, args, { stdio: 'inherit' })),
};

async function exitCode(child: ReturnType<typeof spawn>): Promise<number> {
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? 1;
  } catch {
    return NOT_FOUND;
  }
}
