import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { didYouMean } from '../config/did-you-mean.ts';
import type { DeadLetterFilter } from '../store/index.ts';
import { EXIT, tellError } from './exit.ts';
import { JSON_FLAG } from './json-flag.ts';
import type { LogsOptions } from './logs.ts';
import { addPeopleCommands } from './people-program.ts';
import { packageVersion } from './version.ts';

const NAME = 'openclaw-gateway';
const DEFAULT_CONFIG = './openclaw.config.yaml';

const EXIT_CODES = `
Exit codes:
  ${EXIT.done}   it did what it was asked to, or stopped when it was asked to
  ${EXIT.failed}   it could not run or go on; starting it again may help
  ${EXIT.usage}  the command line is wrong
  ${EXIT.config}  the configuration is wrong; starting it again does not help`;

const INIT_HELP = `
An answer may name a variable, which is then written down in place of its value:
  --set 'telegram.token=\${TELEGRAM_BOT_TOKEN}'
Every key of a channel can be given so (telegram.api_root, feishu.domain), and those of the agent and the
gateway: agent.type, agent.provider, agent.api_key, agent.model, agent.base_url, gateway.port and gateway.data_dir.`;

/** Runs the command line; each command's own file is loaded only when it is the one. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
    else tellError(error);
  }
}

function createProgram(): Command {
  const program = new Command(NAME)
    .description(
      'Connects AI agents to every chat platform: no message lost, none answered twice, every one explained.',
    )
    .version(packageVersion(), '--version', 'show the version')
    .helpOption('--help', 'show this help')
    .helpCommand(false)
    .option('--config <file>', 'the configuration', DEFAULT_CONFIG)
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', EXIT_CODES)
    .showHelpAfterError(`Try: ${NAME} --help`)
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, `${NAME}: `)) })
    .exitOverride();

  const config = (): { config: string } => program.opts();
  program
    .command('run', { isDefault: true })
    .description('start the gateway (what happens when no command is given)')
    .option('--take-over', 'end the gateway that runs with the same data, and go on in its place')
    .allowExcessArguments()
    .action(async (options: { takeOver?: boolean }, command: Command) => {
      refuseWords(program, command.args);
      const { run } = await import('./run.ts');
      await run({ ...config(), ...options });
    });
  program
    .command('init')
    .description(
      'ask what a first configuration needs, try it out, and write it, with the secrets in files of their own',
    )
    .option('--yes', 'ask nothing, and take the defaults: for scripts')
    .option('--channel <type>', 'a channel beside webchat; repeat it for more', collected)
    .option('--set <key=value>', 'an answer, such as telegram.token=… or agent.type=llm', collected)
    .addHelpText('after', INIT_HELP)
    .action(async (options: { yes?: boolean; channel?: string[]; set?: string[] }) => {
      const { init } = await import('./init.ts');
      await init({ ...config(), ...options });
    });
  program
    .command('check')
    .description('read the configuration and say what it means, without starting anything')
    .action(async () => {
      const { check } = await import('./check.ts');
      await check(config());
    });
  program
    .command('doctor')
    .description(
      'look at everything the gateway needs, and say what to do about what is wrong; exit code 1 when there is a problem',
    )
    .option('--fix', 'mend what is safe to mend: modes of files, missing folders, leftovers')
    .option(...JSON_FLAG)
    .action(async (options: { json?: boolean; fix?: boolean }) => {
      const { doctor } = await import('./doctor.ts');
      await doctor({ ...config(), ...options });
    });
  program
    .command('reload')
    .description('have the running gateway go by its configuration as it is now, and say what has changed')
    .action(async () => {
      const { reload } = await import('./reload.ts');
      await reload(config());
    });
  addLiveCommands(program, config);
  addLedgerCommands(program, config);
  addPeopleCommands(program, config);
  addServiceCommands(program, config);
  program
    .command('completion')
    .description('print what lets a shell complete commands, options and names')
    .argument('<shell>', 'bash, zsh or fish')
    .argument('[words...]')
    .usage('<shell>')
    .action(async (shell: string, words: string[]) => {
      const { completion } = await import('./completion.ts');
      completion(shell, words, program);
    });
  return program;
}

const LEVELS = ['debug', 'info', 'warn', 'error'];
const DEAD_KINDS = ['refused', 'exhausted', 'held', 'expired', 'failed', 'unreadable'];

/** What looks at the gateway while it runs. */
function addLiveCommands(program: Command, config: () => { config: string }): void {
  program
    .command('status')
    .description('what the gateway does at this moment; exit code 1 when it does not run')
    .option(...JSON_FLAG)
    .action(async (options: { json?: boolean }) => {
      const { status } = await import('./status.ts');
      await status({ ...config(), ...options });
    });
  program
    .command('top')
    .description('the same, again each second, until you press q')
    .action(async () => {
      const { top } = await import('./top.ts');
      await top(config());
    });
  program
    .command('logs')
    .description("show the log: of log.file if the configuration has it, otherwise of systemd's journal")
    .option('--follow', 'go on with what is written from now on')
    .addOption(
      new Option('--level <level>', 'only what is at least so important').choices(LEVELS).default('debug'),
    )
    .option('--since <when>', 'only what is not older: 10m, 2h, 1d, or a date with or without a time', moment)
    .option('--lines <n>', 'only the last so many; 200 when neither this nor --since is given', atLeastOne)
    .option('--json', 'as it was written')
    .action(async (options: Omit<LogsOptions, 'config'>) => {
      const { logs } = await import('./logs.ts');
      await logs({ ...config(), ...options });
    });
}

/** What looks into the data, and works beside a running gateway. */
function addLedgerCommands(program: Command, config: () => { config: string }): void {
  program
    .command('audit')
    .description('prove that every message has exactly one outcome; exit code 1 when not')
    .option(...JSON_FLAG)
    .action(async (options: { json?: boolean }) => {
      const { audit } = await import('./audit.ts');
      audit({ ...config(), ...options });
    });
  program
    .command('why')
    .description('tell the whole way of one message, with the rule behind each step')
    .argument('<what>', 'an id from the log, or a channel')
    .argument('[chat]', 'a chat of that channel: what was said there last')
    .option(...JSON_FLAG)
    .action(async (what: string, chat: string | undefined, options: { json?: boolean }) => {
      const { why } = await import('./why.ts');
      why(chat === undefined ? [what] : [what, chat], { ...config(), ...options });
    });
  program
    .command('messages')
    .description('list what came last, and what became of it')
    .option('--limit <n>', 'how many', atLeastOne, 20)
    .option('--before <id>', 'only what came before this one')
    .option(...JSON_FLAG)
    .action(async (options: { json?: boolean; limit: number; before?: string }) => {
      const { messages } = await import('./messages.ts');
      messages({ ...config(), ...options });
    });

  program
    .command('backup')
    .description('copy the data into a new folder, also while the gateway runs')
    .argument('<folder>', 'where to; must not be there yet')
    .action(async (folder: string) => {
      const { backup } = await import('./backup.ts');
      backup(folder, config());
    });
  program
    .command('restore')
    .description('put a backup in the place of the data; what was there is kept beside it')
    .argument('<folder>', 'the backup')
    .action(async (folder: string) => {
      const { restore } = await import('./backup.ts');
      restore(folder, config());
    });

  const dlq = program
    .command('dlq')
    .description('the dead letters: what the gateway gave up on')
    .helpCommand(false);
  const filtered = (command: Command) =>
    command
      .option('--channel <id>', 'only of this channel')
      .addOption(new Option('--kind <kind>', 'only of this kind').choices(DEAD_KINDS))
      .addOption(new Option('--direction <direction>', 'only of this direction').choices(['in', 'out']))
      .option(...JSON_FLAG);
  const chosen = (command: Command) =>
    filtered(command.argument('[ids...]', 'only these')).option('--all', 'all of them');
  filtered(dlq.command('list', { isDefault: true }))
    .description('list them, oldest first')
    .action(async (options: FilterOptions) => {
      const { list } = await import('./dlq.ts');
      list(filterOf([], options), { ...config(), ...options });
    });
  chosen(dlq.command('replay'))
    .description('try them again')
    .action(async (ids: string[], options: FilterOptions) => {
      const { replay } = await import('./dlq.ts');
      await replay(filterOf(ids, options), { ...config(), ...options });
    });
  chosen(dlq.command('discard'))
    .description('put them away for good')
    .requiredOption('--reason <words>', 'why; kept with them')
    .action(async (ids: string[], options: FilterOptions & { reason: string }) => {
      const { discard } = await import('./dlq.ts');
      await discard(filterOf(ids, options), options.reason, { ...config(), ...options });
    });
}

function collected(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

function addServiceCommands(program: Command, config: () => { config: string }): void {
  const service = program
    .command('service')
    .description('run as a service of systemd (Linux) or launchd (macOS)')
    .helpCommand(false);
  service
    .command('install')
    .description('start it, now and at every boot; as root, for the whole machine')
    .option('--dry-run', 'only print the unit')
    .action(async (options: { dryRun?: boolean }) => {
      const { install } = await import('./service/service.ts');
      await install({ ...config(), ...options });
    });
  service
    .command('uninstall')
    .description('stop it, and remove the unit; the data stays')
    .action(async () => {
      const { uninstall } = await import('./service/service.ts');
      await uninstall(config());
    });
  service
    .command('status')
    .description('how the service is')
    .action(async () => {
      const { status } = await import('./service/service.ts');
      await status();
    });
  service
    .command('logs')
    .description('what the service logged')
    .option('--follow', 'and what it logs from now on')
    .option('--lines <n>', 'how many lines', atLeastOne, 100)
    .action(async (options: { follow?: boolean; lines: number }) => {
      const { logs } = await import('./service/service.ts');
      await logs(options);
    });
}

function atLeastOne(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('It must be a whole number from 1 upwards.');
}

/** A while ago, or a date as this machine writes it; in epoch milliseconds. */
function moment(text: string): number {
  const [, count, unit = ''] = /^(\d+)(s|m|h|d)$/.exec(text) ?? [];
  const at = count === undefined ? Date.parse(text) : Date.now() - Number(count) * (UNITS[unit] ?? 0);
  if (!Number.isNaN(at)) return at;
  throw new InvalidArgumentError(
    'It must be a while such as 10m, 2h or 1d, or a date such as 2026-11-21T18:30.',
  );
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

interface FilterOptions {
  readonly json?: boolean;
  readonly all?: boolean;
  readonly channel?: string;
  readonly kind?: DeadLetterFilter['kind'];
  readonly direction?: DeadLetterFilter['direction'];
}

function filterOf(ids: readonly string[], { channel, kind, direction }: FilterOptions): DeadLetterFilter {
  return {
    ...(ids.length > 0 && { ids }),
    ...(channel !== undefined && { channel }),
    ...(kind !== undefined && { kind }),
    ...(direction !== undefined && { direction }),
  };
}

/** With a default command, a mistyped one looks like an argument of it. */
function refuseWords(program: Command, [word]: readonly string[]): void {
  if (word === undefined) return;
  const names = program.commands.map((command) => command.name());
  const near = didYouMean(word, names);
  program.error(
    `error: unknown command '${word}'\n(${near ? `Did you mean ${near}?` : `Commands: ${names.join(', ')}.`})`,
  );
}
