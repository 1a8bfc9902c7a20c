import type { Finding, ProbeHost } from '../../src/contract/index.ts';
import { findGateway, readSettings } from './access.ts';
import { CLEAR_ENDPOINT, SWITCH_ON_CONTENT, toChannelError } from './errors.ts';
import type { DiscordOptions } from './index.ts';
import { createRest, letGo } from './rest.ts';

/** Discord lets a bot begin a thousand connections a day; with fewer left than this it may soon be shut out. */
const FEW_STARTS = 50;

/** Proves the token, and looks at the switches on the bot's page. Rejects with a ChannelError. */
export async function probe(options: DiscordOptions, { signal }: ProbeHost): Promise<Finding[]> {
  const rest = createRest(options);
  try {
    const { session_start_limit: starts } = await findGateway(rest, signal);
    const { name, readsAll, hearsButtons } = await readSettings(rest, signal);
    const findings: Finding[] = [{ level: 'ok', what: `the application is ${name}` }];
    if (readsAll) findings.push({ level: 'ok', what: 'the bot may read messages (Message Content Intent)' });
    else {
      const what = 'Discord hides messages that do not mention the bot';
      findings.push({ level: 'warning', what, cure: SWITCH_ON_CONTENT });
    }
    if (!hearsButtons) {
      const what = 'Discord tells others which buttons are pressed';
      findings.push({ level: 'warning', what, cure: CLEAR_ENDPOINT });
    }
    if (starts.remaining < FEW_STARTS) {
      const cure = 'Find out what restarts the gateway, or which other program uses the token, and stop it.';
      findings.push({
        level: 'warning',
        what: `the bot may connect ${starts.remaining} more times today`,
        cure,
      });
    }
    return findings;
  } catch (error) {
    throw toChannelError(error);
  } finally {
    letGo(rest);
  }
}
