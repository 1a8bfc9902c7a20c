import { resolve } from 'node:path';
import type { Registry } from '../config/index.ts';
import { type AgentType, type ChannelType, errorText, StartError } from '../contract/index.ts';
import { tryPort } from '../server/index.ts';
import { answerTo, type Interviewing, named } from './answers.ts';
import { askAgent } from './ask-agent.ts';
import { askChannel } from './ask-channel.ts';
import type { Plan, Values } from './plan.ts';

export interface InterviewOptions extends Interviewing {
  readonly channelTypes: Registry<ChannelType>;
  readonly agentTypes: Registry<AgentType>;
  /** Channels that were chosen beforehand. */
  readonly channels: readonly string[] | undefined;
}

/** Always on: it needs nothing and nobody else reaches it. */
const WEBCHAT = 'webchat';
const DEFAULT_PORT = 18_790;

/** Asks for all that a first configuration needs, and tries each part out. Rejects with a StartError. */
export async function interview(options: InterviewOptions): Promise<Plan> {
  const { channelTypes, settings } = options;
  const dataDir = dataDirIn(options);
  const channels = new Map<string, Values>([[WEBCHAT, {}]]);
  for (const name of await chosenChannels(options)) {
    const type = await channelTypes[name]?.();
    const values =
      type && (await askChannel({ ...options, dataDir: resolve(options.folder, dataDir) }, name, type));
    if (values !== undefined) channels.set(name, values);
  }
  const agent = await askAgent(options);
  const port = await askPort(options);
  const [unused] = settings.keys();
  if (unused !== undefined) {
    throw new StartError(`--set ${unused}: nothing here has this key`, {
      hint: 'Is the channel among the chosen ones (--channel), and does its page in docs/channels have the key?',
      exitCode: 64,
    });
  }
  return { port: Number(port), dataDir, channels, agent };
}

/** What belongs to the machine has its data where those of its services are. */
function dataDirIn({ settings, folder }: Interviewing): string {
  const said = settings.get('gateway.data_dir');
  settings.delete('gateway.data_dir');
  return said ?? (folder.startsWith('/etc/') ? '/var/lib/openclaw-gateway' : './data');
}

async function chosenChannels(options: InterviewOptions): Promise<readonly string[]> {
  const names = Object.keys(options.channelTypes).filter((name) => name !== WEBCHAT);
  const list = (text: string) => text.split(/[\s,]+/).filter((word) => word !== '' && word !== WEBCHAT);
  const chosen = options.channels?.join(',') ?? (await askWhich(options, names, list));
  const unknown = list(chosen).find((word) => named(word, names) === undefined);
  if (unknown !== undefined) throw new StartError(noChannel(unknown, names), { exitCode: 64 });
  return [...new Set(list(chosen).flatMap((word) => named(word, names) ?? []))];
}

async function askWhich(
  it: Interviewing,
  names: readonly string[],
  list: (text: string) => readonly string[],
): Promise<string> {
  const question = {
    key: 'gateway.channels',
    words:
      'Where will people write to the agent? A page on this machine (webchat) is always there. Besides, by numbers or names with commas:',
    choices: names,
    fallback: '',
    fallbackWords: 'only the page',
  };
  return answerTo(it, question, (text) => {
    const unknown = list(text).find((word) => named(word, names) === undefined);
    return unknown && noChannel(unknown, names);
  });
}

function noChannel(word: string, names: readonly string[]): string {
  return `there is no channel "${word}"; there are ${names.join(', ')}`;
}

async function askPort(it: Interviewing): Promise<string> {
  const question = {
    key: 'gateway.port',
    words: 'The port of the gateway on this machine.',
    fallback: String(await firstFree(DEFAULT_PORT)),
  };
  return answerTo(it, question, async (text) => {
    const port = Number(text);
    if (!Number.isInteger(port) || port < 0 || port > 65_535 || text === '')
      return 'it must be a whole number from 0 to 65535';
    return port === 0 ? undefined : trouble(port);
  });
}

/** The first that nobody has, of a few. */
async function firstFree(port: number): Promise<number> {
  for (let next = port; next < port + 20; next++) {
    if ((await trouble(next)) === undefined) return next;
  }
  return port;
}

async function trouble(port: number): Promise<string | undefined> {
  try {
    await tryPort({ host: '127.0.0.1', port });
    return undefined;
  } catch (error) {
    return `${errorText(error)} Choose another one, or stop what uses it.`;
  }
}
