import type { ActionRow, Snowflake } from './discord-world.ts';
import type { FakeRequest, Reply } from './fake-http.ts';

/** The body of a message that a bot sends, or of what it changes in one. */
export interface Post {
  content?: string;
  nonce?: string;
  enforce_nonce?: boolean;
  flags?: number;
  allowed_mentions?: { parse?: string[]; replied_user?: boolean };
  message_reference?: { message_id: Snowflake; fail_if_not_exists?: boolean };
  components?: ActionRow[];
  /** Of an edit: which attachments there are then; new ones by the number of their file. */
  attachments?: { id: number | string; filename?: string }[];
}

export interface Upload {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

const MIB = 1024 * 1024;
const CONTENT_LIMIT = 2000;
const NONCE_LIMIT = 25;
const LABEL_LIMIT = 80;
const MOST_FILES = 10;
const MOST_IN_ROW = 5;

export function refusal(status: number, code: number, message: string): Reply {
  return { status, body: { code, message } };
}

/** The JSON of a request, and what is uploaded with it. */
export async function postOf({
  headers,
  rawBody,
  body,
}: FakeRequest): Promise<{ post: Post; files: Upload[] }> {
  const type = headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) return { post: (body ?? {}) as Post, files: [] };
  const form = await new Response(new Uint8Array(rawBody), { headers: { 'content-type': type } }).formData();
  const files = [];
  for (const value of form.values()) {
    if (typeof value === 'string') continue;
    files.push({ name: value.name, type: value.type, bytes: Buffer.from(await value.arrayBuffer()) });
  }
  return { post: JSON.parse(String(form.get('payload_json'))) as Post, files };
}

/** What Discord does not take, of a new message or a changed one. */
export function refusalOf(post: Post, files: readonly Upload[], requestBytes: number): Reply | undefined {
  const { content = '', nonce = '', components = [] } = post;
  if (requestBytes > 25 * MIB || files.some(({ bytes }) => bytes.length > 10 * MIB)) {
    return refusal(413, 40_005, 'Request entity too large');
  }
  const isWellFormed =
    content.length <= CONTENT_LIMIT &&
    nonce.length <= NONCE_LIMIT &&
    files.length <= MOST_FILES &&
    areButtons(components);
  return isWellFormed ? undefined : refusal(400, 50_035, 'Invalid Form Body');
}

/** https://discord.com/developers/docs/components/reference */
function areButtons(rows: readonly ActionRow[]): boolean {
  const all = rows.flatMap(({ components }) => components);
  return (
    rows.length <= 5 &&
    rows.every(
      ({ type, components }) => type === 1 && components.length > 0 && components.length <= MOST_IN_ROW,
    ) &&
    all.every(
      ({ type, style, label, custom_id }) =>
        type === 2 &&
        style >= 1 &&
        style <= 4 &&
        label.trim() !== '' &&
        label.length <= LABEL_LIMIT &&
        custom_id.length > 0 &&
        custom_id.length <= 100,
    ) &&
    new Set(all.map(({ custom_id }) => custom_id)).size === all.length
  );
}
