import type { SlackBlock } from './slack-blocks.ts';
import type { SlackFile } from './slack-files.ts';

export interface SlackMessage {
  type: 'message';
  ts: string;
  user: string;
  text: string;
  subtype?: string;
  bot_id?: string;
  app_id?: string;
  username?: string;
  thread_ts?: string;
  parent_user_id?: string;
  metadata?: { event_type: string; event_payload: Record<string, unknown> };
  files?: SlackFile[];
  /** Previews, and other messages that it passes on. */
  attachments?: Record<string, unknown>[];
  blocks?: SlackBlock[];
  reactions?: { name: string; users: string[]; count: number }[];
  edited?: { user: string; ts: string };
}

export interface Conversation {
  readonly id: string;
  readonly type: 'im' | 'mpim' | 'channel' | 'group';
  readonly messages: SlackMessage[];
}

interface Page {
  messages: Record<string, unknown>[];
  has_more: boolean;
  response_metadata: { next_cursor: string };
}

/** As Slack tells it: with what there is to know of its thread. */
export function withReplies(
  message: SlackMessage,
  messages: readonly SlackMessage[],
): Record<string, unknown> {
  const replies = messages.filter(({ ts, thread_ts }) => thread_ts === message.ts && ts !== message.ts);
  if (replies.length === 0) return { ...message };
  return { ...message, thread_ts: message.ts, reply_count: replies.length, latest_reply: replies.at(-1)?.ts };
}

/** One page of a list, as `form` asks for it. */
export function page(
  messages: readonly Record<string, unknown>[] | readonly SlackMessage[],
  form: URLSearchParams,
): Page {
  const oldest = form.get('oldest') ?? '0';
  const from = Number(form.get('cursor') ?? 0);
  const limit = Number(form.get('limit') ?? 100);
  const withMetadata = form.get('include_all_metadata') === 'true';
  const newer = messages.filter(({ ts }) => Number(ts) > Number(oldest));
  const listed = newer.slice(from, from + limit).map((message) => {
    const { metadata, ...plain } = message as SlackMessage;
    return withMetadata && metadata !== undefined ? { ...plain, metadata } : plain;
  });
  const hasMore = newer.length > from + limit;
  return {
    messages: listed,
    has_more: hasMore,
    response_metadata: { next_cursor: hasMore ? String(from + limit) : '' },
  };
}
