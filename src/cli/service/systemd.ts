import { join } from 'node:path';
import { type Keeper, must } from './keeper.ts';
import type { Machine } from './machine.ts';
import { NAME } from './plan.ts';
import { unitText } from './unit.ts';

const UNIT = `${NAME}.service`;

/** The systemd of the machine, or that of one person. */
export function systemd(machine: Machine, isSystem: boolean): Keeper {
  const { env, home } = machine;
  const scope = isSystem ? [] : ['--user'];
  const control = (...args: string[]) => must(machine, 'systemctl', ...scope, ...args);
  const userUnits = join(env.XDG_CONFIG_HOME ?? join(home, '.config'), 'systemd/user');
  return {
    file: join(isSystem ? machine.systemUnits : userUnits, UNIT),
    describe: unitText,
    greet: async () => void (await control('show', '--property=Version')),
    async start() {
      await control('daemon-reload');
      await control('enable', UNIT);
      await control('restart', UNIT);
      return isSystem ? [] : await linger(machine);
    },
    stop: async () => void (await control('disable', '--now', UNIT)),
    forget: async () => void (await control('daemon-reload')),
    status: () => machine.show('systemctl', [...scope, '--no-pager', 'status', UNIT]),
    logs({ follow, lines }) {
      const of = [isSystem ? '--unit' : '--user-unit', UNIT];
      return machine.show('journalctl', [
        ...of,
        '--lines',
        `${lines}`,
        ...(follow ? ['--follow'] : ['--no-pager']),
      ]);
    },
  };
}

/** Services of a person end when they log out, unless they may linger. */
async function linger({ run }: Machine): Promise<string[]> {
  const { code } = await run('loginctl', ['enable-linger']);
  return code === 0 ? [] : ['It ends when you log out. To prevent that: sudo loginctl enable-linger $USER'];
}
