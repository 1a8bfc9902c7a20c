/*
 * Events as Slack sends them (docs.slack.dev, at each event), shortened where we do not look.
 */

const BOT = 'U0BOT';
let number = 0;

export function callback(event: Record<string, unknown>): Record<string, unknown> {
  number += 1;
  return {
    token: 'test-verification-token',
    team_id: 'T0TEAM',
    context_team_id: 'T0TEAM',
    context_enterprise_id: null,
    api_app_id: 'A0APP',
    event,
    type: 'event_callback',
    event_id: `Ev0TEST${number}`,
    event_time: 1_700_000_000,
    authorizations: [
      { enterprise_id: null, team_id: 'T0TEAM', user_id: BOT, is_bot: true, is_enterprise_install: false },
    ],
    is_ext_shared_channel: false,
    event_context: '4-eyJldCI6Im1lc3NhZ2UifQ',
  };
}

const TS = '1700000001.000200';

export const direct = {
  user: 'U0ALICE',
  type: 'message',
  ts: TS,
  client_msg_id: '5e0a4a4c-0000-4000-8000-000000000000',
  text: 'Good morning &amp; welcome',
  team: 'T0TEAM',
  blocks: [{ type: 'rich_text', block_id: 'a1b2', elements: [] }],
  channel: 'D0ALICE',
  event_ts: TS,
  channel_type: 'im',
};

export const inChannel = { ...direct, channel: 'C0GENERAL', channel_type: 'channel', text: 'Morning all' };

export const call = { ...inChannel, text: `<@${BOT}> what is new?` };

export const mention = {
  user: 'U0ALICE',
  type: 'app_mention',
  ts: TS,
  text: call.text,
  team: 'T0TEAM',
  channel: 'C0GENERAL',
  event_ts: TS,
};

export const reply = {
  ...inChannel,
  ts: '1700000009.000300',
  text: 'and then?',
  thread_ts: '1700000005.000100',
  parent_user_id: 'U0BOB',
};

export const photo = {
  id: 'F0PHOTO',
  created: 1_700_000_000,
  name: 'cat.png',
  title: 'cat',
  mimetype: 'image/png',
  filetype: 'png',
  size: 1234,
  mode: 'hosted',
  url_private: 'https://files.slack.com/files-pri/T0TEAM-F0PHOTO/cat.png',
  url_private_download: 'https://files.slack.com/files-pri/T0TEAM-F0PHOTO/download/cat.png',
  file_access: 'visible',
};

const change = {
  type: 'message',
  hidden: true,
  channel: 'D0ALICE',
  ts: '1700000020.000400',
  event_ts: '1700000020.000400',
  channel_type: 'im',
};

export const edited = {
  ...change,
  subtype: 'message_changed',
  message: { ...direct, text: 'Good evening', edited: { user: 'U0ALICE', ts: '1700000020.000000' } },
  previous_message: direct,
};

export const unfurled = {
  ...change,
  subtype: 'message_changed',
  message: { ...direct, attachments: [{ title: 'A page', from_url: 'https://example.org' }] },
  previous_message: direct,
};

export const deleted = {
  ...change,
  subtype: 'message_deleted',
  deleted_ts: TS,
  previous_message: direct,
};

/** The first message of a thread with replies is not taken away, but changed into a gravestone. */
export const buried = {
  ...change,
  channel: 'C0GENERAL',
  channel_type: 'channel',
  subtype: 'message_changed',
  message: {
    type: 'message',
    subtype: 'tombstone',
    user: 'USLACKBOT',
    hidden: true,
    text: 'This message was deleted.',
    ts: TS,
    thread_ts: TS,
  },
  previous_message: { ...inChannel, thread_ts: TS },
};

export const reaction = {
  type: 'reaction_added',
  user: 'U0ALICE',
  reaction: '+1::skin-tone-2',
  item: { type: 'message', channel: 'C0GENERAL', ts: TS },
  item_user: BOT,
  event_ts: '1700000030.000500',
};

export const own = {
  ...direct,
  user: BOT,
  bot_id: 'B0BOT',
  app_id: 'A0APP',
  bot_profile: { id: 'B0BOT', name: 'testbot' },
};

export const otherBot = { ...call, user: 'U0OTHERBOT', bot_id: 'B0OTHER', app_id: 'A0OTHER' };

export const oldBot = {
  ...inChannel,
  user: undefined,
  subtype: 'bot_message',
  bot_id: 'B0HOOK',
  username: 'hook',
};

export const joined = { ...inChannel, subtype: 'channel_join', text: '<@U0ALICE> has joined the channel' };

/** A button under a message of ours, in a thread. */
export const press = {
  type: 'block_actions',
  user: { id: 'U0ALICE', username: 'alice', name: 'alice', team_id: 'T0TEAM' },
  api_app_id: 'A0APP',
  token: 'test-verification-token',
  container: { type: 'message', message_ts: TS, channel_id: 'C0GENERAL', is_ephemeral: false },
  trigger_id: '1.2.abc',
  team: { id: 'T0TEAM', domain: 'test' },
  channel: { id: 'C0GENERAL', name: 'general' },
  message: {
    type: 'message',
    ts: TS,
    text: 'Tea?',
    user: BOT,
    bot_id: 'B0BOT',
    app_id: 'A0APP',
    thread_ts: '1700000000.000100',
    parent_user_id: 'U0ALICE',
    blocks: [],
  },
  response_url: 'https://hooks.slack.com/actions/T0TEAM/1/x',
  actions: [
    {
      action_id: 'choice-0',
      block_id: 'choices',
      text: { type: 'plain_text', text: 'Yes', emoji: false },
      value: 'Yes, <please> & *now*',
      type: 'button',
      action_ts: '1700000040.000600',
    },
  ],
};

/** A command, as it is read. */
export const command = {
  type: 'slash_command',
  command: '/openclaw',
  text: 'status',
  channel_id: 'D0ALICE',
  user_id: 'U0ALICE',
  trigger_id: '13345224609.738474920.8088930838d88f008e0',
  api_app_id: 'A0APP',
  team_id: 'T0TEAM',
  at: 1_700_000_050_000,
};

/** What Bob said elsewhere, as it hangs on a message that passes it on. */
export const shared = {
  ts: '1700000000.000900',
  channel_id: 'C0ELSEWHERE',
  author_id: 'U0BOB',
  is_msg_unfurl: true,
  is_share: true,
  text: '/approve &lt;all&gt;',
  fallback: '[November 14th] bob: /approve all',
};

/** For the conformance suite. */
export const events = {
  messages: [
    direct,
    inChannel,
    reply,
    edited,
    deleted,
    buried,
    reaction,
    { ...reaction, type: 'reaction_removed' },
    { ...direct, ts: '1700000002.000200', subtype: 'file_share', text: '', files: [photo] },
    { ...mention, ts: '1700000003.000200' },
    { ...otherBot, ts: '1700000004.000200' },
    { ...oldBot, ts: '1700000005.000200' },
    { ...direct, ts: '1700000006.000200', text: '', attachments: [shared] },
  ]
    .map(callback)
    .concat(press, command),
  others: [
    ...[
      own,
      joined,
      unfurled,
      { ...edited, message: own },
      { ...deleted, previous_message: own },
      { ...reaction, user: BOT },
      { ...reaction, item: { type: 'file', file: 'F0PHOTO' } },
      { type: 'constructor' },
    ].map(callback),
    { type: 'url_verification', challenge: 'x' },
    { type: 'app_rate_limited' },
    { type: 'view_submission', view: { id: 'V0VIEW' } },
    'hello',
    null,
  ],
  thread: { event: callback(reply), in: 'C0GENERAL' },
};
