import { z } from 'zod';
import type { Attachment } from '../../src/contract/index.ts';

export interface Mention {
  readonly key: string;
  readonly id: { readonly open_id?: string | undefined };
  readonly name: string;
}

export interface Said {
  readonly text: string;
  readonly attachments: readonly Attachment[];
}

/** What a message says, with names where people are mentioned. Throws on content that cannot be read. */
export function readContent(
  message: { readonly message_id: string; readonly message_type: string; readonly content: string },
  mentions: readonly Mention[],
  bot: string | undefined,
): Said {
  const reader = READERS[message.message_type];
  if (reader === undefined) return { text: '', attachments: [{ kind: 'other', name: message.message_type }] };
  const { text = '', files = [] } = reader(JSON.parse(message.content));
  return {
    text: withNames(text, mentions, bot),
    attachments: files.map(({ key, type = 'file', ...about }) =>
      key === undefined ? about : { ...about, ref: `${message.message_id}/${type}/${key}` },
    ),
  };
}

/** In the text a mention is a placeholder. That of the bot is left out where it only calls: at the beginning or the end. */
function withNames(text: string, mentions: readonly Mention[], bot: string | undefined): string {
  const names = new Map(mentions.map(({ key, name }) => [key, `@${name}`]));
  const self = mentions.find(({ id }) => bot !== undefined && id.open_id === bot)?.key;
  const tokens = text.split(/(@_user_\d+|@_all)/);
  const isBlank = (token: string) => token.trim() === '';
  const call = tokens.findIndex(
    (token, at) =>
      token === self && (tokens.slice(0, at).every(isBlank) || tokens.slice(at + 1).every(isBlank)),
  );
  const words = tokens.map((token, at) => {
    if (at === call) return '';
    return token === '@_all' ? '@all' : (names.get(token) ?? token);
  });
  return call === -1 ? words.join('') : words.join('').trim();
}

interface Found {
  readonly text?: string;
  readonly files?: readonly (Omit<Attachment, 'ref'> & { readonly key?: string; readonly type?: 'image' })[];
}

const image = z.object({ image_key: z.string() });
const file = z.object({ file_key: z.string(), file_name: z.string().optional() });
const place = z.object({ name: z.string(), latitude: z.coerce.string(), longitude: z.coerce.string() });

/** By the type of a message; of all other types only the type is told. */
const READERS: Readonly<Record<string, (content: unknown) => Found>> = {
  text: (content) => z.object({ text: z.string() }).parse(content),
  post: readPost,
  image: (content) => ({ files: [{ kind: 'image', key: image.parse(content).image_key, type: 'image' }] }),
  file: (content) => readFile('file', content),
  audio: (content) => readFile('audio', content),
  media: (content) => readFile('video', content),
  // Feishu gives no stickers away.
  sticker: () => ({ files: [{ kind: 'sticker' }] }),
  share_user: () => ({ files: [{ kind: 'contact' }] }),
  location(content) {
    const { name, latitude, longitude } = place.parse(content);
    return { files: [{ kind: 'location', name: `${name} (${latitude}, ${longitude})` }] };
  },
};

function readFile(kind: 'file' | 'audio' | 'video', content: unknown): Found {
  const { file_key: key, file_name: name } = file.parse(content);
  return { files: [{ kind, key, ...(name !== undefined && { name }) }] };
}

const post = z.object({
  title: z.string().default(''),
  content: z.array(z.array(z.looseObject({ tag: z.string() }))),
});

/** A rich text: lines of pieces. */
function readPost(content: unknown): Found {
  const { title, content: lines } = post.parse(content);
  const pieces = lines.map((line) => line.map(readPiece));
  const texts = pieces.map((line) => line.map(({ text = '' }) => text).join(''));
  return {
    text: [...(title === '' ? [] : [title]), ...texts].join('\n').trim(),
    files: pieces.flat().flatMap(({ files = [] }) => files),
  };
}

function readPiece(piece: { tag: string } & Record<string, unknown>): Found {
  const text = typeof piece.text === 'string' ? piece.text : '';
  switch (piece.tag) {
    case 'a':
      return { text: piece.href === text ? text : `[${text}](${String(piece.href)})` };
    case 'at':
      return { text: String(piece.user_id) };
    case 'code_block':
      return { text: `\`\`\`\n${text}\n\`\`\`` };
    case 'hr':
      return { text: '---' };
    case 'emotion':
      return { text: `:${String(piece.emoji_type)}:` };
    case 'img':
      return { files: [{ kind: 'image', key: image.parse(piece).image_key, type: 'image' }] };
    case 'media':
      return readFile('video', piece);
    default:
      return { text };
  }
}
