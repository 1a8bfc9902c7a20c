import { WebClient } from '@slack/web-api';
import type { Finding, ProbeHost } from '../../src/contract/index.ts';
import { clientOptions, identify, silent } from './api.ts';
import { whileStarting } from './errors.ts';
import type { SlackOptions } from './index.ts';

/** Proves the tokens, and looks at what they may do. Rejects with a ChannelError. */
export async function probe(options: SlackOptions, { signal }: ProbeHost): Promise<Finding[]> {
  const clientFor = (token: string) =>
    new WebClient(token, { ...clientOptions(options.api_url, signal), logger: silent });
  const { name, workspace, lacks } = await identify(clientFor(options.bot_token));
  const findings: Finding[] = [
    { level: 'ok', what: `the bot is ${name} in the workspace ${workspace}` },
    ...lacks.map(missing),
  ];
  if (options.mode === 'socket') {
    // Gives an address for a connection, which nobody opens.
    await clientFor(options.app_token)
      .apps.connections.open()
      .catch((error: unknown) => {
        throw whileStarting(error);
      });
    findings.push({ level: 'ok', what: 'the app_token opens connections' });
  }
  return findings;
}

function missing({ scope, lack }: { scope: string; lack: string }): Finding {
  return {
    level: 'warning',
    what: `the bot_token lacks the scope ${scope}: ${lack}`,
    cure: 'Add it under "OAuth & Permissions" on api.slack.com/apps, and reinstall the app.',
  };
}
