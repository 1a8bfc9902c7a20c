import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { serviceCheck } from '../../src/cli/service/check.ts';
import type { Machine } from '../../src/cli/service/machine.ts';
import { planService } from '../../src/cli/service/plan.ts';
import { install, logs, status, uninstall } from '../../src/cli/service/service.ts';
import { unitText } from '../../src/cli/service/unit.ts';
import type { Check } from '../../src/doctor/index.ts';
import { emptyFolder } from '../kit/folder.ts';
import { missingSystemd } from '../kit/notify-socket.ts';

const ROOT = 0;
const ANN = 1000;
const CANARY = 'canary-of-the-bot';
/** What systemd calls well protected; the score goes from 0 to 10. */
const MOST_EXPOSURE = 2.5;

let folder: ReturnType<typeof emptyFolder>;
let said: string[];

beforeEach(() => {
  folder = emptyFolder();
  said = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said.push(String(text));
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  folder[Symbol.dispose]();
});

/** A machine whose service manager does as it is told, except for what `refuses` says. */
function machine(uid: number, refuses: RegExp = /^$/): Machine & { readonly calls: string[] } {
  const calls: string[] = [];
  const answer = (program: string, args: readonly string[]) => {
    const call = [program, ...args].join(' ');
    calls.push(call);
    return refuses.test(call) ? 1 : 0;
  };
  return {
    calls,
    platform: 'linux',
    uid,
    home: join(folder.path, 'home'),
    env: { TELEGRAM_BOT_TOKEN: CANARY },
    node: process.execPath,
    program: '/opt/openclaw-gateway/dist/src/cli/main.js',
    systemUnits: join(folder.path, 'etc/systemd/system'),
    run: async (program, args) => ({ code: answer(program, args), printed: 'it says no' }),
    show: async (program, args) => answer(program, args),
  };
}

function configure(dataDir: string, token = `\${credential:telegram}`): string {
  const file = join(folder.path, 'gateway.yaml');
  writeFileSync(
    file,
    `data_dir: ${dataDir}\nchannels: { telegram: { token: "${token}" } }\nagents: { default: { type: echo } }\n`,
  );
  return file;
}

function credential(name: string, mode = 0o600): string {
  const file = join(folder.path, 'credentials', name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, CANARY, { mode });
  return file;
}

describe('the unit of the machine', () => {
  const unit = () => unitText(planService(configure('/var/lib/openclaw-gateway'), machine(ROOT)));

  it('has a user of its own, the data where systemd makes it, and a watchdog', () => {
    const lines = unit().split('\n');
    expect(lines).toContain(
      `ExecStart=${process.execPath} --max-semi-space-size=8 /opt/openclaw-gateway/dist/src/cli/main.js run --config ${folder.path}/gateway.yaml`,
    );
    for (const line of [
      'Type=notify',
      'NotifyAccess=all',
      'WatchdogSec=60s',
      'Restart=on-failure',
      'RestartPreventExitStatus=78',
      'ExecReload=kill -HUP $MAINPID',
      'DynamicUser=yes',
      'StateDirectory=openclaw-gateway',
      'WantedBy=multi-user.target',
    ]) {
      expect(lines).toContain(line);
    }
  });

  it('names secrets, and holds none', () => {
    credential('telegram');
    expect(unit()).toContain(`LoadCredential=telegram:${folder.path}/credentials/telegram\n`);
    expect(unit()).toContain(`EnvironmentFile=-${folder.path}/openclaw.env\n`);
    const config = configure('/var/lib/gw', `\${TELEGRAM_BOT_TOKEN}`);
    expect(unit() + unitText(planService(config, machine(ROOT)))).not.toContain(CANARY);
  });

  it('keeps the data under /var/lib, whatever it is called there', () => {
    const plan = planService(configure('/var/lib/gw/ann'), machine(ROOT));
    expect(unitText(plan)).toContain('StateDirectory=gw/ann\n');
    for (const elsewhere of ['./data', '/var/lib', '/var/library']) {
      expect(() => unitText(planService(configure(elsewhere), machine(ROOT)))).toThrow(
        'the data of a system service must be under /var/lib',
      );
    }
  });
});

describe('the unit of a person', () => {
  it('shows of all homes only what the gateway needs', () => {
    const { node, program } = {
      node: '/home/ann/.nvm/bin/node',
      program: '/home/ann/lib/node_modules/a/b.js',
    };
    const unit = unitText(planService(configure('./data'), { ...machine(ANN), node, program }));
    const lines = unit.split('\n');
    for (const line of [
      'ProtectHome=tmpfs',
      `BindPaths=${folder.path}/data`,
      'BindReadOnlyPaths=%t/systemd/notify',
      'BindReadOnlyPaths=/home/ann/.nvm/bin/node',
      'BindReadOnlyPaths=/home/ann/lib/node_modules',
      'WantedBy=default.target',
    ]) {
      expect(lines).toContain(line);
    }
    expect(unit).not.toMatch(/DynamicUser|StateDirectory|network-online/);
  });
});

const missing = missingSystemd();

describe.skipIf(missing)(`systemd-analyze${missing ? ` (skipped: ${missing})` : ''}`, () => {
  /** A unit as it would be installed, with names that need quoting. */
  function written(uid: number): string {
    const node = join(folder.path, 'node of 100%h and $HOME');
    symlinkSync(process.execPath, node);
    const config = configure('/var/lib/openclaw-gateway');
    const plan = planService(config, { ...machine(uid), node, program: '/opt/a "b" \\c %h $d.js' });
    const file = join(folder.path, 'openclaw-gateway.service');
    writeFileSync(file, unitText(plan));
    return file;
  }

  const analyze = (...args: string[]) =>
    new Promise<{ code: number; printed: string }>((resolve) => {
      const env = { PATH: process.env.PATH, XDG_RUNTIME_DIR: folder.path };
      const child = execFile('systemd-analyze', args, { env }, (_, out, err) =>
        resolve({ code: child.exitCode ?? -1, printed: out + err }),
      );
    });

  const verify = (file: string, ...scope: string[]) =>
    analyze(...scope, '--man=no', '--recursive-errors=no', 'verify', file);

  it.each([
    ['the machine', ROOT, []],
    ['a person', ANN, ['--user']],
  ])('finds no fault with the unit of %s', async (_, uid, scope) => {
    expect(await verify(written(uid), ...scope)).toEqual({ code: 0, printed: '' });
  });

  it('finds a fault where there is one', async () => {
    const file = written(ROOT);
    writeFileSync(file, readFileSync(file, 'utf8').replace('WatchdogSec=60s', 'WatchdogSec=sixty'));
    expect((await verify(file)).printed).toContain('sixty');
  });

  it.each([
    ['the machine', ROOT],
    ['a person', ANN],
  ])(`sees an exposure of at most ${MOST_EXPOSURE} in the unit of %s`, async (whose, uid) => {
    const { printed } = await analyze('security', '--offline=true', '--no-pager', written(uid));
    const [, score = ''] = /exposure level for .*: ([\d.]+) /.exec(printed) ?? [];
    console.log(`exposure of the unit of ${whose}: ${score}`);
    expect(score, printed).toMatch(/^\d/);
    expect(Number(score)).toBeLessThanOrEqual(MOST_EXPOSURE);
  });
});

describe('service', () => {
  it('installs the unit and starts it, and leaves the data when it goes', async () => {
    credential('telegram');
    const config = configure('/var/lib/openclaw-gateway');
    const root = machine(ROOT);
    const unit = join(root.systemUnits, 'openclaw-gateway.service');
    await install({ config }, root);
    expect(readFileSync(unit, 'utf8')).toContain('[Service]');
    expect(root.calls).toEqual([
      'systemctl show --property=Version',
      'systemctl daemon-reload',
      'systemctl enable openclaw-gateway.service',
      'systemctl restart openclaw-gateway.service',
    ]);
    expect(said).toEqual([`${unit} is written.\n`, 'The service runs, now and after every boot.\n']);

    root.calls.length = 0;
    await uninstall({ config }, root);
    expect(existsSync(unit)).toBe(false);
    expect(root.calls).toEqual([
      'systemctl disable --now openclaw-gateway.service',
      'systemctl daemon-reload',
    ]);
    expect(said.join('')).toContain('The data is kept in /var/lib/openclaw-gateway');

    await install({ config }, root);
    await uninstall({ config: '/nowhere.yaml' }, root);
    expect(said.at(-1)).toContain('The data is kept');
  });

  it('is that of a person who is not root, with a folder for the data', async () => {
    const ann = machine(ANN, /loginctl/);
    await install({ config: configure('./data') }, ann);
    expect(existsSync(join(ann.home, '.config/systemd/user/openclaw-gateway.service'))).toBe(true);
    expect(existsSync(join(folder.path, 'data'))).toBe(true);
    expect(ann.calls.filter((call) => call.startsWith('systemctl'))).toEqual(
      ann.calls.filter((call) => call.startsWith('systemctl --user ')),
    );
    expect(said.join('')).toContain('sudo loginctl enable-linger');
  });

  it('only prints the unit when it is asked to', async () => {
    const root = machine(ROOT);
    await install({ config: configure('/var/lib/openclaw-gateway'), dryRun: true }, root);
    expect(said.join('')).toContain('[Service]\nType=notify\n');
    expect(root.calls).toEqual([]);
    expect(existsSync(root.systemUnits)).toBe(false);
  });

  it('writes nothing where no systemd answers, and says what systemctl said', async () => {
    const root = machine(ROOT, /show/);
    await expect(install({ config: configure('/var/lib/openclaw-gateway') }, root)).rejects.toMatchObject({
      name: 'StartError',
      message: 'systemctl show --property=Version: it says no',
      exitCode: 1,
    });
    expect(existsSync(root.systemUnits)).toBe(false);
  });

  it('tells what it needs: a credential that is not there, a secret that others may read, a config that it may not', async () => {
    const config = configure('/var/lib/openclaw-gateway');
    await install({ config }, machine(ROOT));
    expect(said.join('')).toContain(
      `There is no credential telegram: put it into ${folder.path}/credentials/telegram, and install again.`,
    );
    said.length = 0;
    const file = credential('telegram', 0o644);
    chmodSync(config, 0o600);
    await install({ config }, machine(ROOT));
    expect(said.join('')).toContain(`chmod 600 ${file}\n`);
    expect(said.join('')).toContain(`who may not read ${config}: chmod 644 it`);
  });

  it('shows how it is and what it logged, as the service manager does', async () => {
    const ann = machine(ANN, / status /);
    await expect(status(ann)).rejects.toMatchObject({
      message: expect.stringContaining('no service is installed'),
    });
    await install({ config: configure('./data') }, ann);
    await status(ann);
    expect(process.exitCode).toBe(1);
    await logs({ lines: 7, follow: true }, ann);
    expect(process.exitCode).toBe(0);
    expect(ann.calls.slice(-2)).toEqual([
      'systemctl --user --no-pager status openclaw-gateway.service',
      'journalctl --user-unit openclaw-gateway.service --lines 7 --follow',
    ]);
    // Of the machine's service, anybody may ask.
    const root = machine(ROOT);
    await uninstall({ config: configure('./data') }, ann);
    await install({ config: configure('/var/lib/openclaw-gateway') }, root);
    await status(ann);
    expect(ann.calls.at(-1)).toBe('systemctl --no-pager status openclaw-gateway.service');
  });

  it('is one of launchd on macOS', async () => {
    const mac = { ...machine(501), platform: 'darwin' as const, program: '/opt/a & b/main.js' };
    await install({ config: configure('./data') }, mac);
    const plist = readFileSync(join(mac.home, 'Library/LaunchAgents/openclaw-gateway.plist'), 'utf8');
    expect(plist).toContain('<string>/opt/a &amp; b/main.js</string>');
    expect(plist).not.toContain(CANARY);
    expect(mac.calls.at(-1)).toMatch(/^launchctl bootstrap gui\/501 .*openclaw-gateway\.plist$/);
    await expect(install({ config: configure('./data') }, { ...mac, uid: ROOT })).rejects.toThrow(
      'the service belongs to a person',
    );
  });

  it('is a command, which names the program that it is', async () => {
    const program = join(import.meta.dirname, '../../dist/src/cli/main.js');
    const config = configure('/var/lib/openclaw-gateway');
    const args = [program, 'service', 'install', '--dry-run', '--config', config];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env: {} });
    expect(stdout).toContain(`${program} run --config ${config}\n`);
  });

  it('is nothing for machines without either', async () => {
    const other = { ...machine(ANN), platform: 'win32' as const };
    await expect(install({ config: configure('./data') }, other)).rejects.toThrow(
      'no service manager for win32',
    );
  });
});

describe('the doctor', () => {
  const look = async (file: string, on: Machine) => {
    const scene = { configFile: file } as Parameters<Check['run']>[0];
    return (await serviceCheck(on).run(scene)).map(({ level, what, cure }) => [level, `${what} → ${cure}`]);
  };

  it('sees whether the unit is still what would be installed', async () => {
    const root = machine(ROOT);
    const file = configure('/var/lib/openclaw-gateway');
    credential('telegram');
    expect(await look(file, root)).toEqual([['ok', expect.stringContaining('none is installed')]]);
    await install({ config: file }, root);
    expect(await look(file, root)).toEqual([
      ['ok', expect.stringContaining('is as this program installs it')],
    ]);
    expect(await look(file, machine(ANN)), 'whoever asks').toEqual([['ok', expect.anything()]]);

    const unit = join(root.systemUnits, 'openclaw-gateway.service');
    writeFileSync(unit, `${readFileSync(unit, 'utf8')}Nice=5\n`);
    expect(await look(file, root)).toEqual([
      [
        'warning',
        expect.stringMatching(/is not what this program would install.*→.*service install.*systemctl edit/),
      ],
    ]);
    await install({ config: file }, root);
    expect(await look(file, root)).toEqual([['ok', expect.anything()]]);
  });

  it('sees what the service will not get at', async () => {
    const root = machine(ROOT);
    const file = configure('/var/lib/openclaw-gateway');
    await install({ config: file }, root);
    expect(await look(file, root)).toEqual([
      ['warning', expect.stringMatching(/no credential telegram → put it into/)],
    ]);
    credential('telegram');
    chmodSync(file, 0o600);
    expect(await look(file, root)).toEqual([
      ['warning', expect.stringMatching(/may not read .* → chmod 644/)],
    ]);
  });

  it('sees a service that this configuration cannot have', async () => {
    const root = machine(ROOT);
    const file = configure('/var/lib/openclaw-gateway');
    credential('telegram');
    await install({ config: file }, root);
    configure('/srv/data');
    expect(await look(file, root)).toEqual([
      ['warning', expect.stringMatching(/must be under \/var\/lib.*→.*data_dir: \/var\/lib/)],
    ]);
  });
});
