import type { Reply } from './fake-http.ts';
import type { FakeChat, SentFile, SentMessage } from './telegram-chats.ts';
import { CannotParse, parseHtml } from './telegram-html.ts';
import type { Multipart } from './telegram-multipart.ts';

/** An object of the Bot API. */
export type Fields = Record<string, unknown>;

/** https://core.telegram.org/bots/api#sending-files */
const MAX_UPLOAD_BYTES = 50 * 1024 * 1024;

/** A text as its reader sees it, or why Telegram does not take it. */
export function readText(
  text: string,
  mode: unknown,
): { text: string; entities: SentMessage['entities'] } | Reply {
  if (mode !== undefined && mode !== 'HTML') return refuse(400, 'Bad Request: unsupported parse_mode');
  if (!text.isWellFormed()) return refuse(400, 'Bad Request: strings must be encoded in UTF-8');
  try {
    return mode === undefined ? { text, entities: [] } : parseHtml(text);
  } catch (error) {
    if (!(error instanceof CannotParse)) throw error;
    return refuse(400, `Bad Request: can't parse entities: ${error.message}`);
  }
}

/** A file of a form, to which one of its texts refers; or why Telegram does not take it. */
export function fileOf(multipart: Multipart | undefined, as: string, reference: unknown): SentFile | Reply {
  const file = multipart?.files.get(String(reference).replace('attach://', ''));
  if (file === undefined) return refuse(400, `Bad Request: there is no ${as} in the request`);
  if (file.content.length === 0) return refuse(400, 'Bad Request: file must be non-empty');
  if (file.content.length > MAX_UPLOAD_BYTES) return refuse(413, 'Request Entity Too Large');
  return { as: as as SentFile['as'], ...file };
}

/** In a form, objects are written as JSON. */
export function jsonValues(fields: Record<string, string>): Fields {
  const objects = ['reply_parameters', 'reply_markup', 'media'].filter((name) => fields[name] !== undefined);
  return {
    ...fields,
    ...Object.fromEntries(objects.map((name) => [name, JSON.parse(fields[name] ?? '')])),
  };
}

export function shownChat({ id, type, title, first_name }: FakeChat): Fields {
  return { id, type, ...(title !== undefined && { title }), ...(first_name !== undefined && { first_name }) };
}

export function worded(text: string | undefined, entities: readonly unknown[]): Fields {
  return { ...(text !== undefined && { text }), ...(entities.length > 0 && { entities }) };
}

export function inTopic(topic: number | undefined): Fields {
  return topic === undefined ? {} : { message_thread_id: topic, is_topic_message: true };
}

export function accept(result: unknown): Reply {
  return { status: 200, body: { ok: true, result } };
}

export function refuse(code: number, description: string, parameters?: Fields): Reply {
  return {
    status: code,
    body: { ok: false, error_code: code, description, ...(parameters && { parameters }) },
  };
}
