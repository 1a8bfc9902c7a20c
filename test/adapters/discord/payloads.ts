/** Events as Discord's gateway sends them, with what the adapter adds to each (`session`, `me`, `author`). */
export const ME = '1440000000000000001';
export const ALICE = {
  id: '1440000000000000002',
  username: 'alice',
  global_name: 'Alice',
  discriminator: '0',
};
export const BOT = { id: ME, username: 'gateway-bot', global_name: null, bot: true };
export const DIRECT = '1440000000000000010';
export const GROUP = '1440000000000000011';
export const SERVER = '1440000000000000020';
const MESSAGE_ID = '1440000000000000100';

export const DIRECT_MESSAGE = {
  id: MESSAGE_ID,
  channel_id: DIRECT,
  type: 0,
  author: ALICE,
  content: 'Good morning',
  timestamp: '2026-11-21T09:30:00.123000+00:00',
  edited_timestamp: null,
  tts: false,
  mention_everyone: false,
  mentions: [],
  mention_roles: [],
  attachments: [],
  embeds: [],
  pinned: false,
  flags: 0,
  components: [],
};

export const GROUP_MESSAGE = {
  ...DIRECT_MESSAGE,
  channel_id: GROUP,
  guild_id: SERVER,
  member: { nick: null, roles: [], joined_at: '2026-01-01T00:00:00.000000+00:00', deaf: false, mute: false },
};

/** Alice presses the second button under a message of ours. */
export const PRESSED = {
  id: '1440000000000000200',
  application_id: '1440000000000000005',
  type: 3,
  token: 'fake-interaction-token',
  version: 1,
  channel_id: DIRECT,
  user: ALICE,
  message: {
    ...DIRECT_MESSAGE,
    id: '1440000000000000150',
    author: BOT,
    content: 'Tea?',
    components: [
      {
        type: 1,
        id: 1,
        components: [
          { type: 2, id: 2, style: 2, custom_id: 'choice-0', label: 'Yes' },
          { type: 2, id: 3, style: 2, custom_id: 'choice-1', label: 'No' },
        ],
      },
    ],
  },
  data: { component_type: 2, id: 3, custom_id: 'choice-1' },
};

/** Alice chooses a command from the menu. */
export const COMMANDED = {
  id: '1440000000000000201',
  application_id: '1440000000000000005',
  type: 2,
  token: 'fake-interaction-token',
  version: 1,
  channel_id: DIRECT,
  user: ALICE,
  data: {
    id: '1440000000000000300',
    name: 'link',
    type: 1,
    options: [{ name: 'code', type: 3, value: 'K7Q2 9' }],
  },
  locale: 'zh-CN',
  context: 1,
};

let count = 0;

export function event(t: string, d: object, more: object = {}): object {
  count += 1;
  return { t, s: count, d, session: 'session-1', me: ME, ...more };
}

/** The same event, on another message. */
export function created(body: object): object {
  count += 1;
  return event('MESSAGE_CREATE', { ...body, id: `14400000000000${String(100_000 + count)}` });
}
