import { existsSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { channelTypes } from '../../adapters/registry.ts';
import { agentTypes } from '../agents/registry.ts';
import { loadConfig } from '../config/index.ts';
import { StartError } from '../contract/index.ts';
import { type Asker, askNobody, askTerminal, interview, settingsFrom, writeSetup } from '../setup/index.ts';

interface InitOptions {
  readonly config: string;
  /** Ask nothing: take the defaults. */
  readonly yes?: boolean;
  readonly channel?: readonly string[];
  readonly set?: readonly string[];
}

/** `openclaw-gateway init`: asks, tries out, and writes a configuration. Rejects with a StartError when nothing was written. */
export async function init(options: InitOptions): Promise<void> {
  const { stdin, stdout } = process;
  if (options.yes) return setUp(options, askNobody(stdout), false);
  if (!stdin.isTTY || !stdout.isTTY) {
    throw new StartError('init asks questions, and there is no terminal to ask them on', {
      hint: `In a script, say --yes, and what is not to be the default: --channel telegram --set 'telegram.token=\${TELEGRAM_BOT_TOKEN}'`,
      exitCode: 64,
    });
  }
  using asker = askTerminal(stdin, stdout);
  await setUp(options, asker, true);
}

async function setUp(options: InitOptions, asker: Asker, isPerson: boolean): Promise<void> {
  const settings = settingsFrom(options.set ?? []);
  const folder = dirname(resolve(options.config));
  await refuseToOverwrite(options.config, asker, isPerson);
  const plan = await interview({
    asker,
    isPerson,
    settings,
    env: process.env,
    folder,
    channels: options.channel ?? (options.yes ? [] : undefined),
    channelTypes,
    agentTypes,
  });
  const { files, putAside } = writeSetup(plan, options.config, schemaFor(folder), new Date());
  await loadConfig(options.config, { channelTypes, agentTypes, env: process.env });
  const shown = (paths: readonly string[]) => paths.map((path) => relative(process.cwd(), path)).join(', ');
  asker.say(
    files.length > 0 ? `\nWritten: ${shown(files)}` : '\nAll of it is there already, as it would be written.',
  );
  if (putAside.length > 0) asker.say(`What was there before: ${shown(putAside)}`);
  asker.say(nextSteps(options.config, String(plan.port), [...plan.channels.keys()]));
}

async function refuseToOverwrite(file: string, asker: Asker, isPerson: boolean): Promise<void> {
  if (!existsSync(file)) return;
  const kept = `${file} is there already`;
  if (!isPerson) {
    throw new StartError(kept, { hint: 'Name another file with --config, or move it away.', exitCode: 1 });
  }
  const words = `${kept}. Write a new one, and keep this one under another name? (yes or no)`;
  const answer = await asker.ask({ key: 'gateway.replace', words, fallback: 'no' });
  if (!/^y(es)?$/i.test(answer)) throw new StartError('Nothing was written.', { exitCode: 1 });
}

/** For editors; as seen from the folder of the configuration. */
function schemaFor(folder: string): string | undefined {
  const file = join(dirname(findPackageJSON('..', import.meta.url) ?? ''), 'openclaw.schema.json');
  if (!existsSync(file)) return undefined;
  const path = relative(folder, file);
  return path.startsWith('.') ? path : `./${path}`;
}

function nextSteps(config: string, port: string, channels: readonly string[]): string {
  const viaNpm = process.env.npm_lifecycle_event !== undefined;
  const named = config === './openclaw.config.yaml' ? '' : ` --config ${config}`;
  const program = viaNpm ? 'npm run --silent openclaw-gateway --' : 'openclaw-gateway';
  const start = viaNpm ? `npm start${named && ` --${named}`}` : `${program}${named}`;
  const others = channels.filter((name) => name !== 'webchat');
  return [
    '',
    'Next:',
    `  ${start}`,
    port === '0' ? '  and open the page that it names' : `  and open http://127.0.0.1:${port}`,
    ...(others.length > 0 ? [firstWords(others, `${program}${named} claim`)] : []),
  ].join('\n');
}

/** On all platforms it answers only whom an admin has let in, and nobody is an admin yet. */
function firstWords(channels: readonly string[], claim: string): string {
  const onSlack = channels.includes('slack') ? ' (on slack: !claim CODE)' : '';
  return [
    `  or write to it on ${channels.join(', ')}, first of all: /claim CODE${onSlack}`,
    '  That makes you its admin; the code is shown when it starts on a terminal, and by',
    `  ${claim}`,
  ].join('\n');
}
