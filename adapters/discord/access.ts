import type { REST } from '@discordjs/rest';
import { z } from 'zod';
import type { ConnectionOptions } from './gateway.ts';
import { gatewayUrl } from './wire.ts';

/** https://discord.com/developers/docs/events/gateway#gateway-intents */
const GUILDS = 1 << 0;
const GUILD_MESSAGES = 1 << 9;
const GUILD_MESSAGE_REACTIONS = 1 << 10;
const DIRECT_MESSAGES = 1 << 12;
const DIRECT_MESSAGE_REACTIONS = 1 << 13;
const MESSAGE_CONTENT = 1 << 15;

/** https://discord.com/developers/docs/resources/application#application-object-application-flags: for bots in many servers, and in few. */
const MAY_READ_CONTENT = (1 << 18) | (1 << 19);

const application = z.object({
  name: z.string().catch('the bot'),
  flags: z.number().default(0),
  interactions_endpoint_url: z.string().nullish(),
});

const gateway = z.object({
  url: gatewayUrl,
  shards: z.number(),
  session_start_limit: z.object({
    total: z.number(),
    remaining: z.number(),
    reset_after: z.number(),
    max_concurrency: z.number(),
  }),
});

/** Without the content intent, what does not mention the bot arrives blank, except in direct messages. */
export function intents(readsAll: boolean): number {
  const needed =
    GUILDS | GUILD_MESSAGES | GUILD_MESSAGE_REACTIONS | DIRECT_MESSAGES | DIRECT_MESSAGE_REACTIONS;
  return readsAll ? needed | MESSAGE_CONTENT : needed;
}

/** What the owner has set on the bot's page. */
export interface Settings {
  /** What the application is called. */
  readonly name: string;
  /** The switch "Message Content Intent". To ask for the intent without it ends the connection. */
  readonly readsAll: boolean;
  /** Whether pressed buttons are told to us, and not to an address on the web. */
  readonly hearsButtons: boolean;
}

export async function readSettings(rest: REST, signal: AbortSignal): Promise<Settings> {
  const answer = await rest.get('/applications/@me', { signal: AbortSignal.any([signal]) });
  const { name, flags, interactions_endpoint_url: url } = application.parse(answer);
  return { name, readsAll: (flags & MAY_READ_CONTENT) !== 0, hearsButtons: !url };
}

/** Where the gateway is; also proves the token. */
export async function findGateway(rest: REST, signal: AbortSignal): Promise<ConnectionOptions['gateway']> {
  return gateway.parse(await rest.get('/gateway/bot', { signal: AbortSignal.any([signal]) }));
}
