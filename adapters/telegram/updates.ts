import { z } from 'zod';

/**
 * What we read of an update (https://core.telegram.org/bots/api#update). Everything else is let through unread, so that
 * new fields of Telegram disturb nothing.
 */
const user = z.object({
  id: z.int(),
  is_bot: z.boolean(),
  first_name: z.string(),
  last_name: z.string().optional(),
  username: z.string().optional(),
  /** Of their app; Telegram does not always tell it. */
  language_code: z.string().optional(),
});

const chat = z.object({ id: z.int(), type: z.string(), title: z.string().optional() });

/** Offsets and lengths count UTF-16 units. */
const entity = z.object({
  type: z.string(),
  offset: z.int(),
  length: z.int(),
  user: user.optional(),
});

const file = z.object({
  /** What getFile takes. */
  file_id: z.string(),
  file_name: z.string().optional(),
  title: z.string().optional(),
  mime_type: z.string().optional(),
  file_size: z.int().optional(),
});

const said = z.object({
  message_id: z.int(),
  from: user.optional(),
  /** In whose name it was said, if not in one's own; `from` is then somebody that Telegram made up. */
  sender_chat: chat.optional(),
  text: z.string().optional(),
  caption: z.string().optional(),
});

const message = said.extend({
  date: z.int(),
  edit_date: z.int().optional(),
  chat,
  message_thread_id: z.int().optional(),
  is_topic_message: z.boolean().optional(),
  /** The same for all messages of an album. */
  media_group_id: z.string().optional(),
  is_automatic_forward: z.boolean().optional(),
  /** Where it was said before, if it is passed on. */
  forward_origin: z.object({}).optional(),
  /** The bot that wrote it for its sender (https://core.telegram.org/bots/inline). */
  via_bot: user.optional(),
  entities: z.array(entity).default([]),
  caption_entities: z.array(entity).default([]),
  reply_to_message: said.extend({ forum_topic_created: z.unknown().optional() }).optional(),
  quote: z.object({ text: z.string() }).optional(),

  animation: file.optional(),
  audio: file.optional(),
  document: file.optional(),
  photo: z.array(file).optional(),
  video: file.optional(),
  video_note: file.optional(),
  voice: file.optional(),
  sticker: file.extend({ emoji: z.string().optional() }).optional(),
  contact: z
    .object({ first_name: z.string(), last_name: z.string().optional(), phone_number: z.string() })
    .optional(),
  venue: z.object({ title: z.string(), address: z.string() }).optional(),
  location: z.object({ latitude: z.number(), longitude: z.number() }).optional(),
  poll: z.object({ question: z.string() }).optional(),
  dice: z.object({ emoji: z.string() }).optional(),
});

const reaction = z.object({ type: z.string(), emoji: z.string().optional() });

/** All that somebody's reaction to a message consists of, before and now. */
const reactions = z.object({
  message_id: z.int(),
  date: z.int(),
  chat,
  user: user.optional(),
  /** In whose name somebody reacts who is not to be known. */
  actor_chat: chat.optional(),
  old_reaction: z.array(reaction),
  new_reaction: z.array(reaction),
});

const button = z.object({ text: z.string(), callback_data: z.string().optional() });

/** Somebody pressed a button under a message of ours. */
export const press = z.object({
  id: z.string(),
  from: user,
  message: z
    .object({
      message_id: z.int(),
      /** 0 when the message is too old to be known. */
      date: z.int(),
      chat,
      message_thread_id: z.int().optional(),
      is_topic_message: z.boolean().optional(),
      reply_markup: z.object({ inline_keyboard: z.array(z.array(button)) }).optional(),
    })
    .optional(),
  data: z.string().optional(),
});

export const update = z.object({
  update_id: z.int(),
  message: message.optional(),
  edited_message: message.optional(),
  message_reaction: reactions.optional(),
  callback_query: press.optional(),
});

export type User = z.infer<typeof user>;
export type Entity = z.infer<typeof entity>;
export type Chat = z.infer<typeof chat>;
export type Message = z.infer<typeof message>;
export type Reaction = z.infer<typeof reaction>;
export type Reactions = z.infer<typeof reactions>;
export type Press = z.infer<typeof press>;

/** The kinds of update that we ask for; Telegram keeps no others for us, and reactions only if they are asked for by name. */
export const SUBSCRIBED = ['message', 'edited_message', 'message_reaction', 'callback_query'] as const;
