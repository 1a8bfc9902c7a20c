import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { Command, CommanderError } from 'commander';
import { didYouMean } from '../config/did-you-mean.ts';
import { EXIT, tellError } from './exit.ts';

const NAME = 'openclaw-gateway';
const DEFAULT_CONFIG = './openclaw.config.yaml';

const EXIT_CODES = `
Exit codes:
  ${EXIT.done}   it did what it was asked to, or stopped when it was asked to
  ${EXIT.failed}   it could not run or go on; starting it again may help
  ${EXIT.usage}  the command line is wrong
  ${EXIT.config}  the configuration is wrong; starting it again does not help`;

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
    .allowExcessArguments()
    .action(async (_, command: Command) => {
      refuseWords(program, command.args);
      const { run } = await import('./run.ts');
      await run(config());
    });
  program
    .command('check')
    .description('read the configuration and say what it means, without starting anything')
    .action(async () => {
      const { check } = await import('./check.ts');
      await check(config());
    });
  return program;
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

function packageVersion(): string {
  const file = findPackageJSON('..', import.meta.url);
  return (JSON.parse(readFileSync(file ?? '', 'utf8')) as { version: string }).version;
}
