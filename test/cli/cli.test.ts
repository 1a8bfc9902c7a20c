import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { refuseNode } from '../../src/cli/node-version.ts';
import { emptyFolder } from '../kit/folder.ts';

const ROOT = join(import.meta.dirname, '../..');
const PROGRAM = join(ROOT, 'dist/src/cli/main.js');
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

interface Outcome {
  code: number;
  out: string;
  err: string;
}

function cli(
  args: readonly string[],
  { node = process.execPath, nodeArgs = [] as string[], program = PROGRAM, cwd = ROOT } = {},
) {
  return new Promise<Outcome>((resolve) => {
    const child = execFile(
      node,
      [...nodeArgs, program, ...args],
      { cwd, env: { PATH: process.env.PATH } },
      (_, out, err) => resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

/** A folder with `openclaw.config.yaml` in it. */
function folderWith(yaml: string) {
  const folder = emptyFolder();
  writeFileSync(join(folder.path, 'openclaw.config.yaml'), yaml);
  return folder;
}

const ECHO = 'agents: { default: { type: echo } }\n';

describe('the command', () => {
  it('says its version', async () => {
    expect(await cli(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  it('says how it is used, exit codes included', async () => {
    const { code, out } = await cli(['--help']);
    expect(code).toBe(0);
    for (const word of ['run', 'check', '--config <file>', '--version', 'Exit codes:', '78'])
      expect(out).toContain(word);
    expect((await cli(['check', '--help'])).out).toContain('--config <file>');
  });

  it.each([
    [['--cnofig', 'x'], "unknown option '--cnofig'", 'Did you mean --config?'],
    [['chekc'], "unknown command 'chekc'", 'Did you mean check?'],
    [
      ['dance'],
      "unknown command 'dance'",
      'Commands: run, init, check, doctor, reload, status, top, logs, audit, why, messages, backup, restore, dlq, claim, users, identity, sessions, channels, agents, broadcast, service, completion.',
    ],
    [['check', 'me'], "too many arguments for 'check'", 'Try: openclaw-gateway --help'],
    [['--config'], "option '--config <file>' argument missing", 'Try: openclaw-gateway --help'],
  ])('says what is wrong with %j', async (args, wrong, help) => {
    const { code, out, err } = await cli(args);
    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(err).toContain(`openclaw-gateway: ${wrong}`);
    expect(err).toContain(help);
  });

  it('loads nothing that it does not need', async () => {
    const loads = async (args: string[]) => {
      // From source, where packages go by their names.
      const program = join(ROOT, 'src/cli/main.ts');
      const { err } = await cli(args, { nodeArgs: ['--import', traceLoads()], program });
      return err;
    };
    expect(await loads(['--version'])).not.toMatch(/zod|yaml|pino|better-sqlite3|grammy|hono|\bai\b/);
    const status = await loads(['status']);
    expect(status).toContain('status.ts');
    expect(status).not.toMatch(/zod|pino|grammy|hono/);
    const check = await loads(['check']);
    expect(check).toContain('zod');
    expect(check).not.toMatch(/pino|better-sqlite3|grammy|hono|node_modules\/ai\//);
  });
});

describe('check', () => {
  it('says what the configuration means', async () => {
    using folder = folderWith(`${ECHO}channels: { webchat: {}, telegram: { enabled: false } }`);
    const { code, out, err } = await cli(['check'], { cwd: folder.path });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(
      [
        './openclaw.config.yaml is fine.',
        `listens on  http://127.0.0.1:18790 without a token, data in ${join(folder.path, 'data')}`,
        'channels    webchat → default (off: telegram)',
        'agents      default (echo)',
        '',
      ].join('\n'),
    );
  });

  it('accepts the configuration that comes with the program', async () => {
    expect(await cli(['check'])).toMatchObject({ code: 0, err: '' });
  });

  it.each([
    ['--config before', true],
    ['--config after', false],
  ])('takes %s the command', async (_, before) => {
    using folder = folderWith(ECHO);
    const option = ['--config', join(folder.path, 'openclaw.config.yaml')];
    const { code, out } = await cli(before ? [...option, 'check'] : ['check', ...option]);
    expect(code).toBe(0);
    expect(out).toContain('warning: no channel is enabled');
  });

  it('names the agents that nobody hears, and not those of a single chat', async () => {
    const agents = ['default', 'coder', 'idle'].map((id) => `${id}: { type: echo }`).join(', ');
    using folder = folderWith(
      `agents: { ${agents} }\nchannels: { webchat: { agent_for: { someone: coder } } }\n`,
    );
    const { out } = await cli(['check'], { cwd: folder.path });
    expect(out).toMatch(/warning: no enabled channel uses: idle$/m);
  });

  it('tells all mistakes without a stack trace, and ends with 78', async () => {
    using folder = folderWith('agents: { default: { type: ehco } }\nchanels: {}\n');
    const { code, out, err } = await cli(['check'], { cwd: folder.path });
    expect({ code, out }).toEqual({ code: 78, out: '' });
    expect(err).toMatch(/^\.\/openclaw\.config\.yaml:1:28: agents\.default\.type: there is no type "ehco"/);
    expect(err).toContain('did you mean channels?');
    expect(err).not.toMatch(/^\s+at /m);
  });

  it('refuses what the gateway would refuse to serve', async () => {
    using folder = folderWith(`${ECHO}gateway: { host: 0.0.0.0 }`);
    const { code, err } = await cli(['check'], { cwd: folder.path });
    expect(code).toBe(78);
    expect(err).toContain('no token');
  });
});

describe('run', () => {
  it('is what happens without a command, and ends with 78 when the configuration is missing', async () => {
    using folder = emptyFolder();
    for (const args of [[], ['run']]) {
      const { code, err } = await cli(args, { cwd: folder.path });
      expect(code).toBe(78);
      expect(err).toContain('./openclaw.config.yaml cannot be read: there is no such file');
      expect(err).not.toMatch(/^\s+at /m);
    }
  });
});

describe('an outdated Node', () => {
  it.each(['18.20.4', '20.20.2', '22.17.1'])('%s is refused', (old) => {
    expect(refuseNode(old)).toContain(`this is Node ${old}`);
  });

  it.each(['22.18.0', '24.0.0', '26.1.0'])('%s does', (good) => {
    expect(refuseNode(good)).toBeUndefined();
  });

  it('is told in one line, before anything is loaded that it cannot run', async (context) => {
    const node = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => existsSync(path));
    const old = node && (await versionOf(node));
    if (node === undefined || old === undefined || refuseNode(old) === undefined) {
      return context.skip('this machine has no outdated Node');
    }
    const { code, out, err } = await cli(['--version'], { node });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe(`${refuseNode(old)}\n`);
  });
});

function versionOf(node: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(node, ['-p', 'process.versions.node'], (error, out) => resolve(error ? undefined : out.trim()));
  });
}

/** A module that prints each file that is loaded to standard error. */
function traceLoads(): string {
  const source = `
    import { registerHooks } from 'node:module';
    registerHooks({ load(url, context, next) { process.stderr.write(url + '\\n'); return next(url, context); } });
  `;
  return `data:text/javascript,${encodeURIComponent(source)}`;
}
