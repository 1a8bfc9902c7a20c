import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { dataDirOf } from '../../config/index.ts';
import { StartError } from '../../contract/index.ts';
import type { Keeper, LogOptions } from './keeper.ts';
import { launchd } from './launchd.ts';
import { type Machine, thisMachine } from './machine.ts';
import { adviceOn, planService } from './plan.ts';
import { systemd } from './systemd.ts';

interface ServiceOptions {
  readonly config: string;
}

/** `openclaw-gateway service install`: also after a change of what the unit depends on; the service is started anew. */
export async function install(
  options: ServiceOptions & { dryRun?: boolean },
  machine: Machine = thisMachine,
): Promise<void> {
  const plan = planService(options.config, machine);
  const keeper = keeperOf(machine, plan.isSystem);
  const text = keeper.describe(plan);
  if (options.dryRun) return void process.stdout.write(text);
  await keeper.greet();
  // The unit of a person binds it into its sandbox; for that of the machine, systemd makes it.
  if (!plan.isSystem) mkdirSync(plan.dataDir, { recursive: true, mode: 0o700 });
  mkdirSync(dirname(keeper.file), { recursive: true });
  writeFileSync(keeper.file, text, { mode: 0o644 });
  tell(`${keeper.file} is written.`, ...adviceOn(plan).map(({ what, cure }) => `${what}: ${cure}`));
  tell(...(await keeper.start()), 'The service runs, now and after every boot.');
}

/** `openclaw-gateway service uninstall`: nothing that was said is lost by it. */
export async function uninstall(options: ServiceOptions, machine: Machine = thisMachine): Promise<void> {
  const keeper = installed(machine);
  await keeper.stop();
  rmSync(keeper.file);
  await keeper.forget();
  tell(`The service is stopped, and ${keeper.file} is gone.`, whatIsLeft(options, machine));
}

function whatIsLeft({ config }: ServiceOptions, { env }: Machine): string {
  try {
    return `The data is kept in ${dataDirOf(config, env)}, and the configuration is ${config}.`;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return 'The data is kept, where data_dir of the configuration says.';
  }
}

/** `openclaw-gateway service status`: as the service manager sees it, whose exit code it is. */
export async function status(machine: Machine = thisMachine): Promise<void> {
  process.exitCode = await installed(machine).status();
}

/** `openclaw-gateway service logs`. */
export async function logs(options: LogOptions, machine: Machine = thisMachine): Promise<void> {
  process.exitCode = await installed(machine).logs(options);
}

function keeperOf(machine: Machine, isSystem: boolean): Keeper {
  if (machine.platform === 'linux') return systemd(machine, isSystem);
  if (machine.platform === 'darwin') return launchd(machine);
  throw new StartError(`there is no service manager for ${machine.platform} that this command knows`, {
    hint: 'Let yours run `openclaw-gateway --config FILE`, and not start it again after exit code 78.',
    exitCode: 1,
  });
}

function installed(machine: Machine): Keeper {
  const found = findService(machine);
  if (found !== undefined) return found.keeper;
  const { file } = keeperOf(machine, machine.uid === 0);
  throw new StartError(`no service is installed (there is no ${file})`, {
    hint: 'Install it: openclaw-gateway --config FILE service install',
    exitCode: 1,
  });
}

/** The service that there is: the person's own comes first. Throws a StartError where no manager of services is known. */
export function findService(machine: Machine): { keeper: Keeper; isSystem: boolean } | undefined {
  const own = machine.uid === 0;
  return [own, !own]
    .map((isSystem) => ({ keeper: keeperOf(machine, isSystem), isSystem }))
    .find(({ keeper }) => existsSync(keeper.file));
}

function tell(...lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}
