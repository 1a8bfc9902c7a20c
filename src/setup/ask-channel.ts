import type { ZodType } from 'zod';
import { channelKeys, mistakesIn } from '../config/index.ts';
import { type ChannelType, channelId, StartError } from '../contract/index.ts';
import { askedChannel } from '../doctor/index.ts';
import { answerTo, type Interviewing, meaningOf, typed } from './answers.ts';
import { type Field, fieldsOf } from './fields.ts';
import type { Values } from './plan.ts';
import { judge } from './trial.ts';

/** Asks for what one channel needs, and its platform whether that will do. `undefined` when it is left out after all. */
export async function askChannel(
  it: Interviewing & { readonly dataDir: string },
  name: string,
  type: ChannelType,
): Promise<Values | undefined> {
  const { asked, fixed } = fieldsOf(type.options);
  it.asker.say(`\n${name}: docs/channels/${name}.md says where its credentials come from.`);
  const { own, common } = otherSettings(it, name, asked);
  refuseWrong(it, name, type.options, own);
  refuseWrong(it, name, channelKeys, common);
  for (;;) {
    const values: Record<string, string> = { ...fixed, ...own };
    for (const field of asked) {
      const answer = await askField(it, name, type, field, values);
      if (answer !== field.fallback) values[field.key] = answer;
    }
    const { meaning, problem } = meaningOf(type.options, values, it);
    const [mistake] = mistakesIn(type.options, meaning);
    if (problem !== undefined || mistake !== undefined) {
      it.asker.refuse(name, problem ?? `${mistake?.path.join('.')}: ${mistake?.message}`);
      continue;
    }
    it.asker.say(`  Asking ${name} …`);
    const options: unknown = type.options.parse(meaning);
    const findings = await askedChannel(type, { id: channelId(name), options }, it.dataDir, it.asker.stopped);
    const verdict = await judge(it, { name, tried: meaning, findings });
    if (verdict === 'without') return undefined;
    if (verdict === 'again') continue;
    return { ...typed(values, meaning), ...typed(common, meaningOf(channelKeys, common, it).meaning) };
  }
}

function askField(
  it: Interviewing,
  name: string,
  { options }: ChannelType,
  field: Field,
  before: Readonly<Record<string, string>>,
): Promise<string> {
  const { key, words, secret, fallback } = field;
  const question = { key: `${name}.${key}`, words: `${key}: ${words}`, hidden: secret };
  return answerTo(it, { ...question, ...(fallback !== undefined && { fallback }) }, (answer) => {
    if (answer === '') return 'it is needed';
    const { meaning, problem } = meaningOf(options, { ...before, [key]: answer }, it);
    return problem ?? mistakesIn(options, meaning).find(({ path }) => path[0] === key)?.message;
  });
}

interface OtherSettings {
  /** Of this type of channel, such as `telegram.api_root`. */
  readonly own: Record<string, string>;
  /** Of every channel, such as `telegram.dm_policy`. */
  readonly common: Record<string, string>;
}

/** Settings that nobody is asked for. */
function otherSettings({ settings }: Interviewing, name: string, asked: readonly Field[]): OtherSettings {
  const found: OtherSettings = { own: {}, common: {} };
  for (const [key, value] of settings) {
    const [of, field = ''] = key.split('.');
    if (of !== name || asked.some((one) => one.key === field)) continue;
    found[Object.hasOwn(channelKeys.shape, field) ? 'common' : 'own'][field] = value;
    settings.delete(key);
  }
  return found;
}

/** Nobody is asked for these again, so they have to be right. */
function refuseWrong(
  it: Interviewing,
  name: string,
  schema: ZodType,
  settings: Readonly<Record<string, string>>,
): void {
  const { meaning, problem } = meaningOf(schema, settings, it);
  const mistake = mistakesIn(schema, meaning).find(({ path }) => Object.hasOwn(settings, String(path[0])));
  if (problem === undefined && mistake === undefined) return;
  const wrong = problem ?? `${mistake?.path.join('.')}: ${mistake?.message}`;
  throw new StartError(`--set ${name}.${wrong}`, { hint: 'Nothing was written.', exitCode: 64 });
}
