import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { errorText } from '../../contract/index.ts';
import { type Check, type Diagnosis, ok } from '../../doctor/index.ts';
import { type Machine, thisMachine } from './machine.ts';
import { type Advice, adviceOn, planService } from './plan.ts';
import { findService } from './service.ts';

/** For the doctor: the service, if there is one, is as `service install` would install it now, and gets at what it needs. */
export function serviceCheck(machine: Machine = thisMachine): Check {
  return {
    name: 'service',
    run({ configFile }) {
      const found = isKnown(machine) ? findService(machine) : undefined;
      if (found === undefined) return [ok('none is installed')];
      const install = `openclaw-gateway --config ${resolve(configFile)} service install`;
      try {
        const plan = { ...planService(configFile, machine), isSystem: found.isSystem };
        const { file } = found.keeper;
        const isAsInstalled = readFileSync(file, 'utf8') === found.keeper.describe(plan);
        const told = [...(isAsInstalled ? [] : [differs(file, install)]), ...adviceOn(plan).map(warning)];
        return told.length > 0 ? told : [ok(`${file} is as this program installs it`)];
      } catch (error) {
        return [impossible(error, install)];
      }
    },
  };
}

function isKnown({ platform }: Machine): boolean {
  return platform === 'linux' || platform === 'darwin';
}

const warning = (advice: Advice): Diagnosis => ({ level: 'warning', ...advice });

function differs(file: string, install: string): Diagnosis {
  return {
    level: 'warning',
    what: `${file} is not what this program would install for this configuration`,
    cure: `${install}; changes of your own belong into a drop-in, which stays: systemctl edit openclaw-gateway`,
  };
}

function impossible(error: unknown, install: string): Diagnosis {
  const { hint = 'Mend the configuration.' } = Object(error) as { hint?: string };
  const what = `a service is installed, but not for this configuration: ${errorText(error)}`;
  return { level: 'warning', what, cure: `${hint} Then: ${install}` };
}
