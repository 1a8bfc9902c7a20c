import { REST } from '@discordjs/rest';
import type { DiscordOptions } from './index.ts';

/** The longest that Discord may take to answer one request, in milliseconds. */
const ANSWER_WITHIN_MS = 15_000;

/** Discord's REST API, as the bot: one attempt a call. */
export function createRest({ token, api_url }: DiscordOptions): REST {
  return new REST({
    api: api_url,
    version: '10',
    timeout: ANSWER_WITHIN_MS,
    // The outbox owns all retries and waits.
    retries: 0,
    rejectOnRateLimit: () => true,
  }).setToken(token);
}

/** Ends its timers. */
export function letGo(rest: REST): void {
  rest.clearHashSweeper();
  rest.clearHandlerSweeper();
}
