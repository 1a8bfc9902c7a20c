import { z } from 'zod';

/** A message as the REST API tells it. Only what we use: Feishu may add what it likes. */
export const item = z.object({
  message_id: z.string(),
  parent_id: z.string().optional(),
  thread_id: z.string().optional(),
  chat_id: z.string(),
  msg_type: z.string(),
  create_time: z.string(),
  deleted: z.boolean().default(false),
  // Nobody says what the system says.
  sender: z.object({ id: z.string(), sender_type: z.string() }).default({ id: '', sender_type: '' }),
  body: z.object({ content: z.string() }).optional(),
  mentions: z
    .array(z.object({ key: z.string(), id: z.string().default(''), name: z.string().default('') }))
    .default([]),
});
export type Item = z.infer<typeof item>;

/** An event as Feishu pushes it, by either way. */
export const envelope = z.object({
  header: z.object({
    event_id: z.string(),
    event_type: z.string(),
    app_id: z.string(),
    create_time: z.string().default(''),
  }),
  event: z.record(z.string(), z.unknown()),
});
export type Envelope = z.infer<typeof envelope>;

/** What an event does not say, and we had to ask for. */
export const known = z.object({
  /** How mentions name the bot. */
  bot: z.string().optional(),
  /** The message that was reacted to or recalled. */
  about: item.optional(),
  /** Whether that, or the button that was pressed, stands in a direct chat. */
  direct: z.boolean().optional(),
  /** The message that is answered. */
  parent: item.optional(),
});
export type Known = z.infer<typeof known>;

/** A message of the history, as the event that it was. */
export function asEvent(message: Item, direct: boolean, app: string): Envelope {
  const { message_id, parent_id, thread_id, chat_id, create_time, sender, mentions } = message;
  return {
    header: {
      event_id: `history:${message_id}`,
      event_type: 'im.message.receive_v1',
      app_id: app,
      create_time,
    },
    event: {
      sender: { sender_id: { open_id: sender.id }, sender_type: sender.sender_type },
      message: {
        message_id,
        parent_id,
        thread_id,
        chat_id,
        create_time,
        chat_type: direct ? 'p2p' : 'group',
        message_type: message.msg_type,
        content: message.body?.content ?? '{}',
        mentions: mentions.map(({ key, id, name }) => ({ key, id: { open_id: id }, name })),
      },
    },
  };
}
