import { channelTypes } from '../../adapters/registry.ts';
import { agentTypes } from '../agents/registry.ts';
import { loadConfig } from '../config/index.ts';
import { errorText, type Finding } from '../contract/index.ts';
import { type Examined, examine } from '../doctor/index.ts';
import { escapeControls } from '../telemetry/escape.ts';
import { createRedactor, type Redact } from '../telemetry/redact.ts';
import { EXIT } from './exit.ts';
import { serviceCheck } from './service/check.ts';
import { packageVersion } from './version.ts';

interface DoctorOptions {
  readonly config: string;
  readonly json?: boolean;
  /** Mend what is safe to mend. */
  readonly fix?: boolean;
}

/** What is told of a finding. */
interface Told extends Finding {
  readonly check: string;
  readonly about?: string;
  /** `--fix` would mend it. */
  readonly fixable?: true;
  /** `--fix` has mended it. */
  readonly fixed?: true;
}

/** `openclaw-gateway doctor`: what is wrong, and what to do about it. Exit code 1 while there is a problem. */
export async function doctor(options: DoctorOptions): Promise<void> {
  const setting = { channelTypes, agentTypes, env: process.env };
  const config = await loadConfig(options.config, setting).catch(() => undefined);
  const redact = createRedactor(config?.secrets ?? []);
  const signal = new AbortController().signal;
  const found = await examine({ version: packageVersion(), configFile: options.config, ...setting, signal }, [
    serviceCheck(),
  ]);
  const told: Told[] = [];
  for (const examined of found) told.push(inWords(options.fix ? await mended(examined) : examined, redact));

  process.stdout.write(options.json ? told.map((one) => `${JSON.stringify(one)}\n`).join('') : report(told));
  if (told.some(({ level }) => level === 'problem')) process.exitCode = EXIT.failed;
}

type MaybeMended = Examined & { readonly fixed?: true };

/** What was mended is well; what could not be mended is told with the reason. */
async function mended(examined: Examined): Promise<MaybeMended> {
  const { fix, ...finding } = examined;
  if (fix === undefined) return examined;
  try {
    await fix();
    return { ...finding, level: 'ok', fixed: true };
  } catch (error) {
    return { ...finding, cure: `${finding.cure} (--fix could not: ${errorText(error)})` };
  }
}

/** Of all that is said, some comes from far away: it holds no secret of ours and no terminal escape. */
function inWords({ check, about, level, what, cure, fix, fixed }: MaybeMended, redact: Redact): Told {
  const clean = (text: string) => escapeControls(redact(text));
  return {
    check,
    ...(about !== undefined && { about }),
    level,
    what: clean(what),
    ...(cure !== undefined && { cure: clean(cure) }),
    ...(fix !== undefined && { fixable: true }),
    ...(fixed && { fixed }),
  };
}

const WIDTH = 20;

function report(told: readonly Told[]): string {
  const lines = told.flatMap(({ check, about, level, what, cure, fixed }) => {
    const name = about === undefined ? check : `${check} ${about}`;
    const state = fixed ? 'mended' : level;
    const line = `${state.padEnd(8)} ${name.padEnd(WIDTH)} ${what}`;
    return cure === undefined || fixed ? [line] : [line, `${' '.repeat(10 + WIDTH)}→ ${cure}`];
  });
  return `${lines.join('\n')}\n\n${sum(told)}\n`;
}

function sum(told: readonly Told[]): string {
  const count = (fits: (one: Told) => boolean | undefined) => told.filter(fits).length;
  const problems = count(({ level }) => level === 'problem');
  const warnings = count(({ level }) => level === 'warning');
  const fixable = count((one) => one.fixable);
  const fixed = count((one) => one.fixed);
  if (problems + warnings + fixed === 0) return 'All is well.';
  const parts = [
    problems > 0 && plural(problems, 'problem'),
    warnings > 0 && plural(warnings, 'warning'),
    fixed > 0 && `${fixed} mended`,
  ].filter(Boolean);
  const offer = fixable > 0 ? ` \`openclaw-gateway doctor --fix\` mends ${fixable} of them.` : '';
  return `${parts.join(', ')}.${offer}`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
