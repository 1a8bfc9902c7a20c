import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyFolder } from '../kit/folder.ts';

const PROGRAM = join(import.meta.dirname, '../../dist/src/cli/main.js');
const CONFIG = `channels: { telegram: { token: x }, work-bot: { type: slack } }
agents: { default: { type: echo } }
`;

let folder: ReturnType<typeof emptyFolder>;
/** With the program on it, by its name. */
let path: string;
beforeAll(() => {
  folder = emptyFolder();
  const bin = join(folder.path, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'openclaw-gateway'), `#!/bin/sh\nexec ${process.execPath} ${PROGRAM} "$@"\n`);
  chmodSync(join(bin, 'openclaw-gateway'), 0o755);
  writeFileSync(join(folder.path, 'openclaw.config.yaml'), CONFIG);
  writeFileSync(join(folder.path, 'other.yaml'), 'channels: { signal: {} }\n');
  path = `${bin}:${process.env.PATH}`;
});
afterAll(() => folder[Symbol.dispose]());

function run(program: string, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { PATH: path, HOME: folder.path, TERM: 'dumb' };
    execFile(program, args, { cwd: folder.path, env }, (error, out, err) =>
      error === null ? resolve(out) : reject(new Error(`${error.message}\n${err}`)),
    );
  });
}

const lines = (out: string) => out.split('\n').filter((line) => line !== '');
const isThere = (shell: string) => spawnSync(shell, ['--version']).error === undefined;

/** What each shell offers for a command line, of which the last word is begun. */
const shells: Readonly<Record<string, (typed: readonly string[]) => Promise<string[]>>> = {
  async bash(typed) {
    const words = ['openclaw-gateway', ...typed].map((word) => `'${word}'`).join(' ');
    const script = `source <(openclaw-gateway completion bash); compopt() { :; }
      COMP_WORDS=(${words}); COMP_CWORD=${typed.length}; _openclaw_gateway; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return lines(await run('bash', '-c', script));
  },
  async zsh(typed) {
    const words = ['openclaw-gateway', ...typed].map((word) => `'${word}'`).join(' ');
    const script = `compdef() { : }; _files() { print -l -- *(N) }; _describe() { print -l -- "\${(@P)2}" }
      source <(openclaw-gateway completion zsh); words=(${words}); CURRENT=${typed.length + 1}; _openclaw_gateway`;
    const begun = typed.at(-1) ?? '';
    const found = lines(await run('zsh', '-f', '-c', script)).map((line) => line.split(':')[0] ?? '');
    return found.filter((word) => word.startsWith(begun));
  },
  async fish(typed) {
    const script = `openclaw-gateway completion fish | source; complete -C "openclaw-gateway ${typed.join(' ')}"`;
    return lines(await run('fish', '-c', script)).map((line) => line.split('\t')[0] ?? '');
  },
};

describe.each(Object.keys(shells))('%s', (shell) => {
  const offers = shells[shell] as (typeof shells)[string];

  test.skipIf(!isThere(shell))('completes commands, options, their values, names and files', async () => {
    expect(await offers(['d'])).toContain('dlq');
    expect(await offers(['dlq', 'r'])).toEqual(['replay']);
    expect(await offers(['users', 'admin', ''])).toEqual(['add', 'remove']);
    expect(await offers(['dlq', 'list', '--k'])).toEqual(['--kind']);
    expect(await offers(['dlq', 'list', '--kind', 'e'])).toEqual(['exhausted', 'expired']);
    expect(await offers(['dlq', 'list', '--channel', ''])).toEqual(['telegram', 'work-bot']);
    expect(await offers(['--config', 'other.yaml', 'channels', 'restart', ''])).toEqual(['signal']);
    expect(await offers(['--config', 'oth'])).toEqual(['other.yaml']);
  });
});

test('another shell is refused with a list of those that there are', async () => {
  await expect(run('openclaw-gateway', 'completion', 'tcsh')).rejects.toThrow(
    'there is no completion for tcsh\nThere is one for bash, zsh, fish.',
  );
});
