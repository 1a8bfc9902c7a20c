import { z } from 'zod';
import { isTs } from './places.ts';

/*
 * The parts of Slack's events that we use (docs.slack.dev, "Events API"); Slack adds others as it likes.
 */

/** What Slack wraps each event in, on a socket and in a webhook alike. */
export const envelope = z.object({
  type: z.literal('event_callback'),
  api_app_id: z.string().optional(),
  event_id: z.string(),
  /** At most one installation of the app that the event is for. */
  authorizations: z.array(z.object({ user_id: z.string().regex(/^\w+$/) })).optional(),
  event: z.looseObject({ type: z.string(), subtype: z.string().optional() }),
});

export type Envelope = z.output<typeof envelope>;

const ts = z.string().refine(isTs);

const file = z.object({
  id: z.string(),
  name: z.string().nullish(),
  mimetype: z.string().nullish(),
  size: z.number().nullish(),
  /** Of a file that was deleted or is hidden behind a plan's limit: there is nothing to fetch. */
  mode: z.string().optional(),
});

export type SlackFile = z.output<typeof file>;

/** What hangs on a message: the preview of a page, or another message. */
const hanging = z.object({
  /** Of a message that was passed on, and of one that was linked to. */
  is_share: z.boolean().nullish(),
  is_msg_unfurl: z.boolean().nullish(),
  ts: ts.optional().catch(undefined),
  author_id: z.string().nullish(),
  text: z.string().nullish(),
  files: z.array(file).nullish(),
});

const said = z.object({
  ts,
  subtype: z.string().optional(),
  user: z.string().optional(),
  bot_id: z.string().nullish(),
  app_id: z.string().nullish(),
  /** As bots call themselves. */
  username: z.string().nullish(),
  text: z.string().nullish(),
  thread_ts: ts.optional(),
  parent_user_id: z.string().optional(),
  files: z.array(file).nullish(),
  attachments: z.array(hanging).nullish(),
  edited: z.object({ ts }).optional(),
});

/** A message as it stands in a conversation. */
export type Said = z.output<typeof said>;

const where = { channel: z.string().min(1), channel_type: z.string().optional() };

export const messageEvent = said.extend(where);

export const changeEvent = z.object({
  ...where,
  event_ts: ts,
  message: said,
  previous_message: said.optional(),
});

export const deletionEvent = z.object({
  ...where,
  deleted_ts: ts,
  event_ts: ts,
  previous_message: said.optional(),
});

export const reactionEvent = z.object({
  user: z.string(),
  reaction: z.string(),
  item: z.object({ type: z.string(), channel: z.string().optional(), ts: ts.optional() }),
  item_user: z.string().optional(),
  event_ts: ts,
});

/** By which the block with the buttons for an answer's choices is known. */
export const CHOICES = 'choices';

/** Somebody pressed a button under a message (docs.slack.dev, "block_actions payload"). */
export const pressEvent = z.object({
  type: z.literal('block_actions'),
  user: z.object({ id: z.string() }),
  channel: z.object({ id: z.string().min(1) }),
  message: said,
  actions: z.tuple([z.object({ block_id: z.string(), value: z.string(), action_ts: ts })]),
});

export type Where = { readonly channel: string; readonly channel_type?: string | undefined };

/** What tells for whom an event or a press is. */
export const addressee = z.object({
  type: z.string(),
  api_app_id: z.string().nullish(),
  team_id: z.string().nullish(),
  team: z.object({ id: z.string() }).nullish(),
  authorizations: z
    .array(z.object({ user_id: z.string(), is_enterprise_install: z.boolean().nullish() }))
    .nullish(),
  is_enterprise_install: z.boolean().nullish(),
  /** What is said in a channel of several companies tells the team of who said it. */
  is_ext_shared_channel: z.boolean().nullish(),
  message: z.object({ user: z.string().nullish() }).nullish(),
});

/** In place of events, when there were more than 30,000 in an hour. */
export const overflow = z.object({ type: z.literal('app_rate_limited') });
