import { StartError } from '../contract/index.ts';

/** Answers that were given beforehand, by the key of their question. */
export type Settings = Map<string, string>;

const SETTING = /^([a-z0-9_-]+\.[a-z0-9_]+)=(.*)$/s;

/** Reads `--set telegram.token=…`. Throws a StartError for what is none. */
export function settingsFrom(flags: readonly string[]): Settings {
  return new Map(
    flags.map((flag) => {
      const [, key, value] = SETTING.exec(flag) ?? [];
      if (key !== undefined && value !== undefined) return [key, value];
      // What stands behind the sign may be a secret.
      throw new StartError(`--set ${flag.split('=', 1)[0]}: this is not key=value`, {
        hint: `Such as --set 'telegram.token=\${TELEGRAM_BOT_TOKEN}', --set agent.type=llm or --set gateway.port=18790.`,
        exitCode: 64,
      });
    }),
  );
}
