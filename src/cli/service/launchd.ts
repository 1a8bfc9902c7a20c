import { join } from 'node:path';
import { StartError } from '../../contract/index.ts';
import { type Keeper, must } from './keeper.ts';
import type { Machine } from './machine.ts';
import { NAME, type ServicePlan } from './plan.ts';

const UMASK = 0o077;
/** Longer than the gateway takes to end, in seconds. */
const STOP_TIMEOUT = 15;
/** launchd knows no exit code that forbids to start again, so it does that seldom; in seconds. */
const PAUSE = 30;

/** The launchd of one person on macOS: its own system services would run as root. */
export function launchd(machine: Machine): Keeper {
  const { home, uid } = machine;
  if (uid === 0) {
    throw new StartError('on macOS the service belongs to a person, and this is root', {
      hint: 'Run the same command without sudo.',
      exitCode: 1,
    });
  }
  const file = join(home, 'Library/LaunchAgents', `${NAME}.plist`);
  const log = join(home, 'Library/Logs', `${NAME}.log`);
  const domain = `gui/${uid}`;
  const control = (...args: string[]) => must(machine, 'launchctl', ...args);
  const target = `${domain}/${NAME}`;
  return {
    file,
    describe: (plan) => plistText(plan, log),
    greet: async () => void (await control('print', domain)),
    async start() {
      await machine.run('launchctl', ['bootout', target]); // an older one, if there is any
      await control('bootstrap', domain, file);
      return [];
    },
    stop: async () => void (await control('bootout', target)),
    forget: async () => {},
    status: () => machine.show('launchctl', ['print', target]),
    logs: ({ follow, lines }) => machine.show('tail', ['-n', `${lines}`, ...(follow ? ['-F'] : []), log]),
  };
}

function plistText({ command }: ServicePlan, log: string): string {
  const entries = {
    Label: string(NAME),
    ProgramArguments: `<array>${command.map((word) => `\n    ${string(word)}`).join('')}\n  </array>`,
    RunAtLoad: '<true/>',
    KeepAlive: '<dict><key>SuccessfulExit</key><false/></dict>',
    ThrottleInterval: integer(PAUSE),
    ExitTimeOut: integer(STOP_TIMEOUT),
    Umask: integer(UMASK),
    StandardOutPath: string(log),
    StandardErrorPath: string(log),
  };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    '<dict>',
    ...Object.entries(entries).map(([key, value]) => `  <key>${key}</key>\n  ${value}`),
    '</dict>',
    '</plist>',
    '',
  ].join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function string(text: string): string {
  return `<string>${text.replaceAll(/[&<>]/g, (sign) => ENTITIES[sign] ?? sign)}</string>`;
}

function integer(value: number): string {
  return `<integer>${value}</integer>`;
}
