import { z } from 'zod';

/** What we read of Discord's objects, version 10; it may send more. https://discord.com/developers/docs */

export const snowflake = z.string().regex(/^\d{1,20}$/);

export const gatewayUrl = z.url({ protocol: /^wss?$/ });

const user = z.object({
  id: snowflake,
  username: z.string(),
  global_name: z.string().nullish(),
  bot: z.boolean().optional(),
});
export type User = z.infer<typeof user>;

const attachment = z.object({
  filename: z.string(),
  content_type: z.string().optional(),
  size: z.number(),
  url: z.string(),
});
export type FileOnMessage = z.infer<typeof attachment>;

const said = {
  content: z.string(),
  attachments: z.array(attachment).default([]),
  sticker_items: z.array(z.object({ name: z.string() })).default([]),
};

const where = { channel_id: snowflake, guild_id: snowflake.optional() };

export const message = z.object({
  ...said,
  ...where,
  id: snowflake,
  type: z.number(),
  author: user,
  member: z.object({ nick: z.string().nullish() }).optional(),
  webhook_id: snowflake.optional(),
  timestamp: z.iso.datetime({ offset: true }),
  edited_timestamp: z.string().nullish(),
  mentions: z.array(user).default([]),
  message_reference: z.object({ type: z.number().optional(), message_id: snowflake.optional() }).nullish(),
  referenced_message: z.object({ content: z.string(), author: user }).nullish(),
  message_snapshots: z.array(z.object({ message: z.object(said) })).default([]),
});
export type Message = z.infer<typeof message>;

export const deletion = z.object({ ...where, id: snowflake });
export const bulkDeletion = z.object({ ...where, ids: z.array(snowflake) });

export const reaction = z.object({
  ...where,
  user_id: snowflake,
  message_id: snowflake,
  message_author_id: snowflake.optional(),
  member: z.object({ nick: z.string().nullish(), user }).optional(),
  emoji: z.object({ id: snowflake.nullish(), name: z.string().nullish() }),
});

/** Something that a person did by other means than a message. */
export const interaction = z.object({ type: z.number() });

/** Our application; its id is not the bot's where it is old. */
export const application = z.object({ id: snowflake });

const menuEntry = z.object({
  type: z.number(),
  name: z.string(),
  description: z.string(),
  description_localizations: z.record(z.string(), z.string()).nullish(),
  options: z.array(z.object({ type: z.number(), name: z.string(), description: z.string() })).default([]),
  contexts: z.array(z.number()).nullish(),
});
export type MenuEntry = z.infer<typeof menuEntry>;
export const menu = z.array(menuEntry);

/** Who did it: in a server `member`, else `user`. */
const who = {
  member: z.object({ nick: z.string().nullish(), user }).optional(),
  user: user.optional(),
  /** Of their app, e.g. `zh-CN`. */
  locale: z.string().optional(),
};

/** A command was chosen. `token` lets anybody answer for us. */
export const chosen = z.object({
  ...where,
  ...who,
  id: snowflake,
  application_id: snowflake,
  type: z.literal(2),
  token: z.string(),
  data: z.object({
    /** As people typed it, or on a message or a person. */
    type: z.number(),
    name: z.string(),
    options: z.array(z.object({ value: z.unknown() })).default([]),
  }),
});

export type Chosen = z.infer<typeof chosen>;

/** A button of ours was pressed. `token` lets anybody answer for us. */
export const press = z.object({
  ...where,
  ...who,
  id: snowflake,
  type: z.literal(3),
  token: z.string(),
  data: z.object({ custom_id: z.string() }),
  message: z.object({
    id: snowflake,
    components: z.array(
      z.object({
        components: z
          .array(z.object({ custom_id: z.string().optional(), label: z.string().optional() }))
          .default([]),
      }),
    ),
  }),
});
export type Press = z.infer<typeof press>;

/** What most bodies have in part: their own id, and on messages of ours the id that we gave them. */
export const identified = z
  .object({ id: snowflake.optional(), nonce: z.unknown().optional() })
  .catch({ nonce: undefined });

/** A channel or thread, with the id of what was said there last. A channel may be in a category, a thread is in a channel. */
export const channel = z.object({
  id: snowflake,
  type: z.number(),
  parent_id: snowflake.nullish(),
  last_message_id: snowflake.nullish(),
});
export type Channel = z.infer<typeof channel>;
export const guild = z.object({
  id: snowflake,
  channels: z.array(channel).default([]),
  threads: z.array(channel).default([]),
});
export type Guild = z.infer<typeof guild>;

export const ready = z.object({
  session_id: z.string(),
  resume_gateway_url: gatewayUrl,
  user: z.object({ id: snowflake }),
  guilds: z.array(z.object({ id: snowflake })),
});

/** An event of the gateway, with what it takes to read it without asking anybody. */
export const event = z.object({
  t: z.string(),
  /** Its number in its session. */
  s: z.number(),
  d: z.unknown(),
  session: z.string(),
  /** Our own user id. */
  me: snowflake,
  /** Who had written what is now deleted: Discord does not tell. */
  author: z
    .object({ id: snowflake, name: z.string().exactOptional(), bot: z.boolean().exactOptional() })
    .optional(),
  /** If it happened in a thread, the channel that this is in: Discord does not tell. */
  parent: snowflake.optional(),
});
export type GatewayEvent = z.infer<typeof event>;
