import type { WebClient, WebClientOptions } from '@slack/web-api';
import { ChannelError, type ChannelLog } from '../../src/contract/index.ts';
import { CALL_TIMEOUT_MS } from './capabilities.ts';
import { COMMAND } from './commands.ts';
import { whileStarting } from './errors.ts';
import { addressee } from './events.ts';

/** Slack's clients log message texts and tickets: so they log nothing. The gateway hears of every error anyway. */
export const silent: NonNullable<WebClientOptions['logger']> = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  setName() {},
  getLevel: () => 'error' as ReturnType<NonNullable<WebClientOptions['logger']>['getLevel']>,
};

/** One try per call, no waiting inside, nothing sent to another host; `signal` breaks off what is under way. */
export function clientOptions(
  apiUrl: string,
  signal: AbortSignal,
): Omit<WebClientOptions, 'logger' | 'logLevel'> {
  return {
    slackApiUrl: apiUrl,
    allowAbsoluteUrls: false,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: CALL_TIMEOUT_MS,
    fetch: (url, init) =>
      fetch(url, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, signal]) : signal }),
  };
}

/** Who we are on Slack. */
export interface Self {
  readonly user: string;
  readonly team: string;
  /** Our app, if Slack has told. */
  readonly app?: string | undefined;
}

/** What there is between `start` and `stop`. */
export interface Session {
  readonly web: WebClient;
  readonly self: Self;
}

/**
 * Whether an event is for us, and a press is on a button of ours: an app can be installed in many workspaces, and gets the
 * events of all. The bot's user is a different one in each.
 */
export function isFor(self: Self, event: unknown): boolean {
  const { data } = addressee.safeParse(event);
  if (data === undefined) return false;
  const { type, api_app_id, authorizations, message } = data;
  if (self.app !== undefined && api_app_id !== self.app) return false;
  const [installed = data] = authorizations ?? [];
  const anyTeam = data.is_ext_shared_channel === true || installed.is_enterprise_install === true;
  if (!anyTeam && (data.team_id ?? data.team?.id) !== self.team) return false;
  switch (type) {
    case 'event_callback':
      return authorizations?.[0]?.user_id === self.user;
    case 'block_actions':
      return message?.user === self.user;
    default:
      return type === COMMAND || type === 'app_rate_limited';
  }
}

/** Without these the channel is deaf or dumb in part. Slack tells with each answer what the token may do. */
const USEFUL_SCOPES: Readonly<Record<string, string>> = {
  'app_mentions:read': 'mentions are not heard',
  'im:history': 'direct messages are not heard, and not looked up after a crash',
  'channels:history': 'missed messages of public channels are not fetched, and answers there not looked up',
  'groups:history': 'the same in private channels',
  'mpim:history': 'the same in group direct messages',
  'reactions:read': 'reactions are not heard',
  'reactions:write': 'reactions are not given, and no eyes show that the agent is at work',
  'files:read': 'files from people cannot be fetched',
  'files:write': 'files cannot be sent',
};

/** Who we are, as people call us, and which useful scopes the token lacks, with what that means. */
export interface Identity {
  readonly self: Self;
  readonly name: string;
  readonly workspace: string;
  readonly lacks: readonly { readonly scope: string; readonly lack: string }[];
}

/** Checks the token. Rejects with `auth` when a person has to do something. */
export async function identify(web: WebClient): Promise<Identity> {
  const answer = await web.auth.test().catch((error: unknown) => {
    throw whileStarting(error);
  });
  const { user_id: user, team_id: team, bot_id: bot, app_id: app, response_metadata } = answer;
  if (user === undefined || team === undefined || bot === undefined) {
    throw new ChannelError('auth', 'the bot_token is not the token of a bot', {
      hint: 'Use the "Bot User OAuth Token", which begins with xoxb-.',
    });
  }
  const scopes = response_metadata?.scopes;
  if (scopes?.includes('chat:write') === false) {
    throw new ChannelError('auth', 'the bot_token lacks the scope chat:write', {
      hint: 'Add it under "OAuth & Permissions" on api.slack.com/apps, and reinstall the app.',
    });
  }
  const lacks = Object.entries(USEFUL_SCOPES)
    .filter(([scope]) => scopes?.includes(scope) === false)
    .map(([scope, lack]) => ({ scope, lack }));
  return { self: { user, team, app }, name: answer.user ?? user, workspace: answer.team ?? team, lacks };
}

/** The same when a connection begins: what is lacking goes to the log. */
export async function whoAmI(web: WebClient, log: ChannelLog): Promise<Self> {
  const { self, lacks } = await identify(web);
  for (const { scope, lack } of lacks) log.warn(`the bot_token lacks the scope ${scope}: ${lack}`);
  return self;
}
