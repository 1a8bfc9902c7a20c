/** Updates as the Bot API sends them, with everything that comes along and that nobody reads. */
export const BOT = { id: 424242, username: 'claw_bot' };

export const ANN = {
  id: 42,
  is_bot: false,
  first_name: 'Ann',
  last_name: 'Lee',
  username: 'annlee',
  language_code: 'en',
  is_premium: true,
};

export const CLAW = { id: BOT.id, is_bot: true, first_name: 'Claw', username: BOT.username };

export const PRIVATE = { id: 42, first_name: 'Ann', last_name: 'Lee', username: 'annlee', type: 'private' };
export const GROUP = { id: -1001234567890, title: 'The team', type: 'supergroup', is_forum: true };

let count = 0;

export function update(what: object): { update_id: number } {
  count += 1;
  return { update_id: 726_000_000 + count, ...what };
}

/** A message in a private chat, with `content`. */
export function direct(content: object): object {
  return { message_id: 1365, from: ANN, chat: PRIVATE, date: 1_795_254_600, ...content };
}

/** A message in a group, with `content`. */
export function inGroup(content: object): object {
  return { ...direct(content), message_id: 88, chat: GROUP };
}

export const PHOTO = [
  { file_id: 'AgACAgIAAxkBAAI', file_unique_id: 'AQADr8', file_size: 1253, width: 90, height: 67 },
  { file_id: 'AgACAgIAAxkBAAJ', file_unique_id: 'AQADr9', file_size: 98_713, width: 1280, height: 960 },
];

export const DOCUMENT = {
  file_name: 'plan.pdf',
  mime_type: 'application/pdf',
  thumbnail: { file_id: 'AAMCAgADGQ', file_unique_id: 'AQADs', file_size: 9000, width: 226, height: 320 },
  file_id: 'BQACAgIAAxkB',
  file_unique_id: 'AgADsQ',
  file_size: 120_431,
};

/** From where a message of somebody who hides their account was passed on. */
export const BOB = { type: 'hidden_user', sender_user_name: 'Bob', date: 1_795_254_000 };

/** What one of our messages looks like when somebody answers it. */
export const OURS = { message_id: 87, from: CLAW, chat: GROUP, date: 1_795_254_500, text: 'Yes?' };

/** What every message in a topic answers if it answers nothing else. */
export const TOPIC_OPENER = {
  message_id: 77,
  from: CLAW,
  chat: GROUP,
  date: 1_795_000_000,
  message_thread_id: 77,
  forum_topic_created: { name: 'Plans', icon_color: 7_322_096 },
  is_topic_message: true,
};

/** A thumb up, to one of our messages. */
export const REACTION = {
  chat: GROUP,
  message_id: 87,
  user: ANN,
  date: 1_795_254_800,
  old_reaction: [],
  new_reaction: [{ type: 'emoji', emoji: '👍' }],
};

/** The second of two buttons under one of our messages. */
export const PRESS = {
  id: '4382bfdwdsb323b2d9',
  from: ANN,
  message: {
    ...OURS,
    reply_markup: {
      inline_keyboard: [[{ text: 'Tea', callback_data: '0' }], [{ text: 'Coffee', callback_data: '1' }]],
    },
  },
  chat_instance: '-42',
  data: '1',
};
