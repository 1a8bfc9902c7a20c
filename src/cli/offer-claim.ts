import type { Config } from '../config/index.ts';
import type { Operations } from '../gateway/index.ts';
import type { Logger } from '../telemetry/logger.ts';

/**
 * While nobody is an admin, says how to become one; the code itself is shown on a terminal only, because logs are kept. Who only
 * has WebChat needs none: whoever gets that far owns the gateway.
 */
export async function offerClaim(
  { people }: Operations,
  { channels }: Config,
  log: Logger,
  terminal: NodeJS.WriteStream,
): Promise<void> {
  const types = channels.filter(({ enabled }) => enabled).map(({ type }) => type);
  if (people.hasAdmin || types.every((type) => type === 'webchat')) return;
  log.info('nobody is an admin yet; "openclaw-gateway claim" shows the code that makes you one');
  if (!terminal.isTTY) return;
  const { code } = await people.change(() => people.claimCode());
  const onSlack = types.includes('slack') ? ` (on Slack: !claim ${code})` : '';
  terminal.write(
    `\nTo become an admin, write this to your bot, in a direct chat: /claim ${code}${onSlack}\n\n`,
  );
}
