import type { Argument, Command, Option } from 'commander';
import { namesIn } from '../config/peek.ts';
import { StartError } from '../contract/index.ts';
import { EXIT } from './exit.ts';

/** What can be written next; `files` leaves it to the shell. */
export type Candidates = readonly Candidate[] | 'files';

interface Candidate {
  readonly word: string;
  readonly description: string;
}

/** What the shells' scripts read as "leave it to the shell". */
const FILES = ':files';

/**
 * The scripts only ask the program itself what fits, so that they know every command of the version that is installed. Each is given
 * the words up to the cursor, and gives back lines of a word, a tab and what it is for.
 */
const SCRIPTS: Readonly<Record<string, (program: string) => string>> = {
  bash: (program) => `# Put this into ~/.bashrc:  source <(${program} completion bash)
_openclaw_gateway() {
  local IFS=$'\\n' found current="\${COMP_WORDS[COMP_CWORD]}"
  found=$(${program} completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1)
  if [[ "$found" == ${FILES} ]]; then
    compopt -o filenames
    COMPREPLY=($(compgen -f -- "$current"))
  else
    COMPREPLY=($(compgen -W "$found" -- "$current"))
  fi
}
complete -F _openclaw_gateway ${program}
`,
  zsh: (program) => `#compdef ${program}
# Put this into ~/.zshrc, after compinit:  source <(${program} completion zsh)
_openclaw_gateway() {
  local -a found=("\${(@f)$(${program} completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ "$found[1]" == ${FILES} ]]; then
    _files
  else
    found=("\${(@)\${(@)found//:/\\\\:}/$'\\t'/:}")
    _describe '${program}' found
  fi
}
compdef _openclaw_gateway ${program}
`,
  fish: (program) => `# Put this into ~/.config/fish/completions/${program}.fish
function __openclaw_gateway
  set -l typed (commandline -opc) (commandline -ct)
  set -l found (${program} completion words -- $typed[2..-1] 2>/dev/null)
  if test "$found[1]" = ${FILES}
    __fish_complete_path (commandline -ct)
  else
    printf '%s\\n' $found
  end
end
complete -c ${program} -f -a '(__openclaw_gateway)'
`,
};

/** `openclaw-gateway completion`: a script for a shell; or, for such a script, what fits at the end of `words`. */
export function completion(shell: string, words: readonly string[], program: Command): void {
  if (shell === 'words') {
    const found = candidates(program, words);
    const lines =
      found === 'files' ? [FILES] : found.map(({ word, description }) => `${word}\t${description}`);
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
    return;
  }
  const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
  if (script === undefined) {
    throw new StartError(`there is no completion for ${shell}`, {
      hint: `There is one for ${Object.keys(SCRIPTS).join(', ')}.`,
      exitCode: EXIT.usage,
    });
  }
  process.stdout.write(script(program.name()));
}

/** What fits at the end of a command line; its last word may be begun, or empty. */
export function candidates(program: Command, words: readonly string[]): Candidates {
  const { command, place, awaited, config } = read(program, words.slice(0, -1));
  if (awaited !== undefined) return valuesOf(awaited, awaited.long?.slice(2) ?? '', config);
  if (words.at(-1)?.startsWith('-')) return flagsOf(command, program);
  if (command.commands.length > 0) {
    return command.commands.map((one) => ({ word: one.name(), description: one.description() }));
  }
  const argument =
    command.registeredArguments[place] ?? command.registeredArguments.findLast((one) => one.variadic);
  return argument === undefined ? flagsOf(command, program) : valuesOf(argument, argument.name(), config);
}

/** Which command the words give, how many arguments of it are there, and whether an option waits for its value. */
function read(program: Command, words: readonly string[]) {
  let command = program;
  let place = 0;
  let awaited: Option | undefined;
  let config = String(program.getOptionValue('config'));
  for (const word of words) {
    if (awaited !== undefined) {
      if (awaited.long === '--config') config = word;
      awaited = undefined;
    } else if (word.startsWith('-')) {
      const option = [...command.options, ...program.options].find(({ long }) => long === word);
      if (option?.required) awaited = option;
    } else {
      const next = command.commands.find((one) => one.name() === word);
      if (next === undefined) place += 1;
      else [command, place] = [next, 0];
    }
  }
  return { command, place, awaited, config };
}

function flagsOf(command: Command, program: Command): Candidate[] {
  const options = new Set([...command.options, ...program.options.filter(({ long }) => long === '--config')]);
  const flags = [...options].map(({ long, flags, description }) => ({ word: long ?? flags, description }));
  return [...flags, { word: '--help', description: 'show help' }];
}

/** By what it is called in the usage, e.g. `<folder>`. */
function valuesOf({ argChoices }: Option | Argument, name: string, config: string): Candidates {
  if (argChoices !== undefined) return argChoices.map((word) => ({ word, description: '' }));
  if (name === 'config' || name === 'folder' || name === 'file') return 'files';
  if (name !== 'channel' && name !== 'agent') return [];
  try {
    return namesIn(config, process.env, `${name}s`).map((word) => ({ word, description: name }));
  } catch {
    return []; // without a configuration there are no names
  }
}
