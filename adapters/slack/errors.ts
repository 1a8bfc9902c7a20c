import { type Meaning, NEVER_SENT } from '../../src/adapter-kit/index.ts';
import { ChannelError } from '../../src/contract/index.ts';

const NEW_TOKEN =
  'On api.slack.com/apps, choose the app, reinstall it under "Install App", and put the new tokens in the configuration.';

const auth = (hint = NEW_TOKEN): Meaning => ({ kind: 'auth', hint });
const rejected = (hint?: string): Meaning => ({ kind: 'rejected', ...(hint && { hint }) });
const busy: Meaning = { kind: 'rate_limited', retryAfterMs: 30_000 };
const trouble: Meaning = { kind: 'unavailable', certain: false };

const SCOPE =
  'Add the scope on api.slack.com/apps (connections:write at the App-Level Token, others under "OAuth & Permissions"), and reinstall the app.';

/** Slack's error codes (docs.slack.dev, at each method). What is not here is temporary, and its outcome uncertain. */
const CODES: ReadonlyMap<string, Meaning> = new Map([
  ['invalid_auth', auth()],
  ['not_authed', auth()],
  ['token_revoked', auth()],
  ['token_expired', auth()],
  ['account_inactive', auth()],
  ['user_removed_from_team', auth()],
  ['team_disabled', auth('The Slack workspace is switched off; ask its owner.')],
  ['org_login_required', auth('The workspace is moving to an organisation; wait, then restart the channel.')],
  [
    'not_allowed_token_type',
    auth('bot_token must be a token that begins with xoxb-, app_token one with xapp-.'),
  ],
  ['missing_scope', rejected(SCOPE)],
  ['ratelimited', busy],
  ['rate_limited', busy],
  ['message_limit_exceeded', busy],
  ['channel_not_found', rejected('The conversation is gone, or the app was never invited to it.')],
  ['not_in_channel', rejected('Invite the app in that channel: /invite and its name.')],
  ['is_archived', rejected()],
  ['is_inactive', rejected()],
  ['thread_not_found', rejected()],
  ['cannot_reply_to_message', rejected()],
  ['user_not_found', rejected()],
  ['user_disabled', rejected()],
  ['cannot_dm_bot', rejected()],
  ['messages_tab_disabled', rejected('Switch on the Messages Tab under "App Home" on api.slack.com/apps.')],
  ['msg_too_long', rejected()],
  ['msg_blocks_too_long', rejected()],
  ['invalid_blocks', rejected()],
  ['invalid_blocks_format', rejected()],
  ['message_not_found', rejected()],
  ['cant_update_message', rejected()],
  ['cant_delete_message', rejected()],
  ['edit_window_closed', rejected()],
  ['invalid_name', rejected('The workspace has no emoji of this name.')],
  ['too_many_emoji', rejected()],
  ['too_many_reactions', rejected()],
  ['not_reactable', rejected()],
  ['thread_locked', rejected()],
  ['no_text', rejected()],
  ['invalid_arguments', rejected()],
  ['access_denied', rejected()],
  ['restricted_action', rejected('The workspace does not let the app post there; ask its admins.')],
  ['restricted_action_read_only_channel', rejected()],
  ['restricted_action_thread_only_channel', rejected()],
  ['restricted_action_non_threadable_channel', rejected()],
  ['restricted_action_thread_locked', rejected()],
  ['file_not_found', rejected()],
  ['file_deleted', rejected()],
  ['file_uploads_disabled', rejected()],
  ['storage_limit_reached', rejected("The workspace's storage for files is full.")],
  ['internal_error', trouble],
  ['fatal_error', trouble],
  ['service_unavailable', trouble],
  ['request_timeout', trouble],
]);

/** Whatever Slack's clients throw, without a word of what was sent. */
export function toChannelError(error: unknown): ChannelError {
  if (error instanceof ChannelError) return error;
  const { code, data, retryAfter, statusCode } = fieldsOf(error);
  switch (code) {
    case 'slack_webapi_platform_error':
      return fromAnswer(fieldsOf(data));
    case 'slack_webapi_rate_limited_error':
      return new ChannelError('rate_limited', 'Slack asks to wait', {
        retryAfterMs: Math.max(1, Number(retryAfter)) * 1000,
      });
    case 'slack_webapi_http_error':
      return new ChannelError('unavailable', `Slack answered with the HTTP status ${Number(statusCode)}`, {
        certain: Number(statusCode) < 500,
      });
    default:
      return fromNetwork(error);
  }
}

/** The code by which Slack refuses a call. */
export function codeOf(error: unknown): unknown {
  const { code, data } = fieldsOf(error);
  return code === 'slack_webapi_platform_error' ? fieldsOf(data).error : undefined;
}

function fromAnswer({ error, needed }: Record<string, unknown>): ChannelError {
  // In place of a code, Slack's client puts the whole body of what is no JSON.
  if (typeof error !== 'string' || !/^\w{1,80}$/.test(error)) {
    return new ChannelError('unavailable', 'Slack gave an answer that cannot be read');
  }
  const { kind, ...options } = CODES.get(error) ?? trouble;
  const scope = typeof needed === 'string' ? ` (${needed})` : '';
  return new ChannelError(kind, `Slack says: ${error}${scope}`, options);
}

function fromNetwork(error: unknown): ChannelError {
  for (let at = error; at !== undefined && at !== null; at = fieldsOf(at).cause ?? fieldsOf(at).original) {
    const { code, name } = fieldsOf(at);
    if (name === 'TimeoutError') return new ChannelError('network', 'Slack gave no answer in time');
    if (typeof code === 'string' && /^(E[A-Z_]+|UND_ERR_\w+)$/.test(code)) {
      return new ChannelError('network', `no connection to Slack (${code})`, {
        certain: NEVER_SENT.has(code),
      });
    }
  }
  return new ChannelError('network', 'the connection to Slack was cut');
}

/** What can be told before an answer that never came: the gateway no longer waits. */
export function givenUp(): ChannelError {
  return new ChannelError('network', 'stopped waiting for Slack');
}

/** While starting, what is refused for good is refused until a person has changed something at Slack. */
export function whileStarting(error: unknown): ChannelError {
  const { kind, message, retryAfterMs, hint } = toChannelError(error);
  return new ChannelError(kind === 'rejected' ? 'auth' : kind, message, {
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(hint !== undefined && { hint }),
  });
}

function fieldsOf(thing: unknown): Record<string, unknown> {
  return typeof thing === 'object' && thing !== null ? (thing as Record<string, unknown>) : {};
}
