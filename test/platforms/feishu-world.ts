import { type CardFace, FeishuCards } from './feishu-cards.ts';
import { FeishuReactions } from './feishu-reactions.ts';
import { Refused } from './feishu-refused.ts';

/** What the chats of a FakeFeishu hold, and what its people see in them. */

export interface Chat {
  readonly id: string;
  readonly kind: 'p2p' | 'group';
}

export interface Message {
  readonly id: string;
  readonly chat: Chat;
  /** An open_id (`ou_…`); for a bot, an app id; empty for what nobody says ("Tom joined"). */
  readonly from: string;
  readonly type: string;
  /** JSON, by the type. Of a card only its id. */
  readonly content: string;
  /** The id of the card that it shows. */
  readonly card: string | undefined;
  readonly mentions: readonly { readonly key: string; readonly id: string; readonly name: string }[];
  readonly parent: string | undefined;
  thread: string | undefined;
  readonly at: number;
  deleted: boolean;
}

/** What a person sees of one message of the bot. */
export interface Seen {
  readonly id: string;
  readonly type: string;
  /** As shown, line by line. */
  readonly text: string;
  readonly mentions: readonly string[];
  readonly parent: string | undefined;
  readonly thread: string | undefined;
  /** The labels of the buttons that can be pressed. */
  readonly buttons: readonly string[];
  /** Whether it is a card whose text still grows. */
  readonly streaming: boolean;
  /** The name and the bytes of what comes with it. */
  readonly files: readonly { readonly name: string; readonly data: Buffer }[];
}

interface Stored {
  readonly key: string;
  readonly kind: 'image' | 'file';
  readonly name: string;
  readonly data: Buffer;
}

type Piece = Readonly<Record<string, string>> & { readonly tag: string };

const HOUR_MS = 60 * 60_000;
const MAX_POST_BYTES = 30 * 1024;
const POST_TAGS = ['text', 'a', 'at', 'img', 'media', 'code_block', 'hr', 'emotion', 'md'];

export class FeishuWorld {
  readonly botId = 'ou_bot';
  readonly alice: Chat = { id: 'oc_alice', kind: 'p2p' };
  readonly team: Chat = { id: 'oc_team', kind: 'group' };
  readonly messages: Message[] = [];
  readonly cards = new FeishuCards(() => this.now());
  readonly reactions = new FeishuReactions();
  readonly #app: string;
  readonly #chats = new Map<string, Chat>([
    [this.alice.id, this.alice],
    [this.team.id, this.team],
  ]);
  readonly #uuids = new Map<string, { message: Message; at: number }>();
  readonly #stored = new Map<string, Stored>();
  /** What the organisation has written down of its people, as far as the app may see it. */
  readonly colleagues = new Map<string, { readonly email?: string; readonly active: boolean }>();
  #lead = 0;
  #count = 0;

  constructor(app: string) {
    this.#app = app;
  }

  now(): number {
    return Date.now() + this.#lead;
  }

  /** Lets time pass. */
  advance(ms: number): void {
    this.#lead += ms;
  }

  /** Another chat that the bot is in. */
  open(id: string, kind: Chat['kind']): Chat {
    const chat = { id, kind };
    this.#chats.set(id, chat);
    return chat;
  }

  /** As the directory shows somebody. */
  colleague(id: string): object {
    const known = this.colleagues.get(id);
    if (known === undefined) throw new Refused(41050, 'no user authority error');
    const { email, active } = known;
    const status = { is_activated: active, is_exited: false, is_frozen: false, is_resigned: false };
    return { open_id: id, status, ...(email !== undefined && { email }) };
  }

  /** The bot is removed from a chat. */
  remove(chat: Chat): void {
    this.#chats.delete(chat.id);
  }

  add(chat: Chat, message: Partial<Message>): Message {
    this.#count += 1;
    const added: Message = {
      id: `om_${this.#count}`,
      chat,
      from: 'ou_alice',
      type: 'text',
      content: '{}',
      card: undefined,
      mentions: [],
      parent: undefined,
      thread: undefined,
      at: this.now(),
      deleted: false,
      ...message,
    };
    this.messages.push(added);
    return added;
  }

  /** Puts a file there that messages can refer to. */
  store(kind: 'image' | 'file', name: string, data: Buffer): string {
    const key = `${kind === 'image' ? 'img' : 'file'}_${++this.#count}`;
    this.#stored.set(key, { key, kind, name, data });
    return key;
  }

  /** What the bot has said in a chat, oldest first. */
  seen(chat: Chat): Seen[] {
    return this.messages
      .filter(({ from, deleted, chat: { id } }) => from === this.#app && !deleted && id === chat.id)
      .map(this.#shown);
  }

  /** The latest message of a chat with a button that has this label, and what the button holds. */
  button(chat: Chat, label: string): { message: Message; value: object } {
    for (const message of this.messages.toReversed()) {
      if (message.chat.id !== chat.id || message.card === undefined) continue;
      const button = this.cards.face(message.card).buttons.find((one) => one.label === label);
      if (button !== undefined) return { message, value: button.value };
    }
    throw new Error(`there is no button "${label}"`);
  }

  /** What a person says with a picture. */
  withPicture(text: string, name: string, data: Buffer): Partial<Message> {
    const key = this.store('image', name, data);
    const content = [[{ tag: 'img', image_key: key }], [{ tag: 'text', text }]];
    return { type: 'post', content: JSON.stringify({ title: '', content }) };
  }

  chat(id: string): Chat {
    const chat = this.#chats.get(id);
    if (chat === undefined) throw new Refused(230002, 'The bot can not be outside the group.');
    return chat;
  }

  find(id: string): Message {
    const message = this.messages.find((one) => one.id === id);
    if (message === undefined) throw new Refused(230110, 'The message was deleted.');
    return message;
  }

  create(fields: Readonly<Record<string, string>>, bytes: number): Message {
    return this.#once(fields.uuid, () => {
      const chat = this.chat(fields.receive_id ?? '');
      return this.add(chat, this.#said(fields, bytes));
    });
  }

  reply(to: string, fields: Readonly<Record<string, unknown>>, bytes: number): Message {
    const said = fields as Readonly<Record<string, string>>;
    return this.#once(said.uuid, () => {
      const parent = this.find(to);
      if (parent.deleted) throw new Refused(230011, 'The message was recalled.');
      if (fields.reply_in_thread === true) parent.thread ??= `omt_${++this.#count}`;
      this.chat(parent.chat.id);
      return this.add(parent.chat, { ...this.#said(said, bytes), parent: parent.id, thread: parent.thread });
    });
  }

  /** Puts another card in the place of the one that a message shows. */
  patch(id: string, content: string, bytes: number): void {
    const message = this.find(id);
    if (message.deleted) throw new Refused(230011, 'The message was recalled.');
    if (message.card === undefined) throw new Refused(230001, 'invalid msg_type');
    if (bytes > MAX_POST_BYTES)
      throw new Refused(230025, 'The length of the message content reaches its limit.');
    this.cards.put(message.card, content);
  }

  /** The card that a message shows. */
  cardOf(id: string): string {
    const { card } = this.find(id);
    if (card === undefined) throw new Refused(10002, 'the message is no card');
    return card;
  }

  history(query: URLSearchParams): object {
    const id = query.get('container_id') ?? '';
    const isThread = query.get('container_id_type') === 'thread';
    if (!isThread) this.chat(id);
    if (isThread && query.has('start_time')) throw new Refused(230001, 'a thread has no time range');
    const since = Number(query.get('start_time') ?? 0) * 1000;
    const inside = this.messages.filter(({ chat, thread, parent, at }) =>
      isThread
        ? thread === id
        : chat.id === id && at >= since && (thread === undefined || parent === undefined),
    );
    if (query.get('sort_type') === 'ByCreateTimeDesc') inside.reverse();
    const from = Number(query.get('page_token') ?? 0);
    const to = from + Number(query.get('page_size') ?? 20);
    const items = inside.slice(from, to).map((message) => this.asItem(message));
    return { items, has_more: to < inside.length, page_token: String(to) };
  }

  /** A message as the REST API tells it. */
  asItem({ id, chat, from, type, content, mentions, parent, thread, at, deleted }: Message): object {
    return {
      message_id: id,
      ...(parent && { parent_id: parent, root_id: parent }),
      ...(thread && { thread_id: thread }),
      msg_type: type,
      create_time: String(at),
      update_time: String(at),
      deleted,
      updated: false,
      chat_id: chat.id,
      ...(from !== '' && {
        sender: isPerson(from)
          ? { id: from, id_type: 'open_id', sender_type: 'user', tenant_key: 'tenant-1' }
          : { id: from, id_type: 'app_id', sender_type: 'app', tenant_key: 'tenant-1' },
      }),
      body: { content: deleted ? 'This message was recalled' : told(type, content) },
      mentions: mentions.map((mention) => ({ ...mention, id_type: 'open_id', tenant_key: 'tenant-1' })),
    };
  }

  /** A message as it is pushed. */
  received({ id, chat, from, type, content, mentions, parent, thread, at }: Message): object {
    return {
      sender: {
        sender_id: { open_id: from, union_id: `on_${from}`, user_id: null },
        sender_type: isPerson(from) ? 'user' : 'app',
        tenant_key: 'tenant-1',
      },
      message: {
        message_id: id,
        ...(parent && { parent_id: parent, root_id: parent }),
        ...(thread && { thread_id: thread }),
        create_time: String(at),
        update_time: String(at),
        chat_id: chat.id,
        chat_type: chat.kind,
        message_type: type,
        content,
        ...(mentions.length > 0 && {
          mentions: mentions.map(({ key, id: open_id, name }) => ({
            key,
            id: { open_id, union_id: `on_${open_id}`, user_id: null },
            name,
            tenant_key: 'tenant-1',
          })),
        }),
      },
    };
  }

  /** The file in a form, as `im/v1/images` and `im/v1/files` take it. */
  upload(kind: 'image' | 'file', contentType: string, body: Buffer): string {
    const boundary = /boundary=(.+)$/.exec(contentType)?.[1];
    const parts = body.toString('latin1').split(`--${boundary}`).slice(1, -1);
    const fields = new Map(
      parts.map((part) => {
        const end = part.indexOf('\r\n\r\n');
        const name = / name="([^"]*)"/.exec(part.slice(0, end))?.[1] ?? '';
        return [name, Buffer.from(part.slice(end + 4, -2), 'latin1')] as const;
      }),
    );
    const data = fields.get(kind);
    if (data === undefined || data.length === 0) throw new Refused(234010, 'the file is empty');
    const kindField = fields.get(kind === 'image' ? 'image_type' : 'file_type');
    if (kindField === undefined) throw new Refused(234001, 'Invalid request param.');
    return this.store(kind, fields.get('file_name')?.toString('utf8') ?? '', data);
  }

  resource(message: string, key: string, type: string): Buffer {
    const { content } = this.find(message);
    const stored = this.#stored.get(key);
    if (!content.includes(key) || stored?.kind !== type) throw new Refused(234003, 'File not in msg.');
    return stored.data;
  }

  /** The same uuid is sent once within an hour. */
  #once(uuid: string | undefined, send: () => Message): Message {
    const before = uuid === undefined ? undefined : this.#uuids.get(uuid);
    if (before !== undefined && this.now() - before.at < HOUR_MS) return before.message;
    const message = send();
    if (uuid !== undefined) this.#uuids.set(uuid, { message, at: this.now() });
    return message;
  }

  #said(fields: Readonly<Record<string, string>>, bytes: number): Partial<Message> {
    const { msg_type: type = '', content = '', uuid = '' } = fields;
    if (uuid.length > 50)
      throw new Refused(230001, 'Your request contains an invalid request parameter: uuid');
    if (type === 'post') {
      if (bytes > MAX_POST_BYTES)
        throw new Refused(230025, 'The length of the message content reaches its limit.');
      for (const piece of piecesOf(content).flat()) this.#check(piece);
    } else if (type === 'interactive') {
      if (bytes > MAX_POST_BYTES)
        throw new Refused(230025, 'The length of the message content reaches its limit.');
      return { from: this.#app, type, content, card: this.#sentCard(content) };
    } else {
      const keys = Object.values(JSON.parse(content) as Record<string, string>);
      if (!keys.every((key) => this.#stored.has(key))) throw new Refused(230055, 'no such file');
    }
    return { from: this.#app, type, content };
  }

  /** A card that was made before, or one that is made by the way. */
  #sentCard(content: string): string {
    const given = JSON.parse(content) as { type?: string; data?: { card_id: string } };
    const card =
      given.type === 'card' ? String(given.data?.card_id) : this.cards.create('card_json', content);
    this.cards.send(card);
    return card;
  }

  #check(piece: Piece): void {
    const text = piece.tag === 'text' || piece.tag === 'a' || piece.tag === 'code_block';
    const isValid =
      POST_TAGS.includes(piece.tag) &&
      (!text || (piece.text ?? '') !== '') &&
      (piece.tag !== 'img' || this.#stored.has(piece.image_key ?? ''));
    if (!isValid) throw new Refused(230001, 'invalid message content');
  }

  #shown = ({ id, type, content, card, parent, thread }: Message): Seen => {
    const { text, mentions, images, buttons } =
      card === undefined ? said(type, content) : this.cards.face(card);
    return {
      id,
      type,
      parent,
      thread,
      text,
      mentions,
      buttons: buttons.map(({ label }) => label),
      streaming: card !== undefined && this.cards.isStreaming(card),
      files: images.flatMap((key) => this.#stored.get(key) ?? []).map(({ name, data }) => ({ name, data })),
    };
  };
}

function said(type: string, content: string): CardFace {
  const pieces = (type === 'post' ? piecesOf(content) : [[JSON.parse(content) as Piece]]).flat();
  return {
    text: type === 'post' ? shownText(content) : '',
    mentions: pieces.flatMap((piece) => (piece.tag === 'at' ? [piece.user_id ?? ''] : [])),
    images: pieces.flatMap(({ image_key, file_key }) => image_key ?? file_key ?? []),
    buttons: [],
  };
}

/** The content of a rich text as people read it. */
export function shownText(content: string): string {
  const lines = piecesOf(content).filter((line) => line[0]?.tag !== 'img');
  return lines.map((line) => line.map(shownPiece).join('')).join('\n');
}

/** A rich text is sent in several languages, and told in one; of a card nothing is told. */
function told(type: string, content: string): string {
  if (type === 'interactive') return '{"title":"","elements":[[{"tag":"text","text":"Please upgrade"}]]}';
  const { zh_cn } = JSON.parse(content) as { zh_cn?: object };
  return zh_cn === undefined ? content : JSON.stringify({ title: '', ...zh_cn });
}

function piecesOf(content: string): readonly (readonly Piece[])[] {
  try {
    const post = JSON.parse(content) as { zh_cn: { content: Piece[][] } };
    return post.zh_cn.content.map((line) => line.map((piece) => ({ ...piece })));
  } catch {
    throw new Refused(230001, 'content is not a valid json');
  }
}

function shownPiece({ tag, text = '', user_id = '' }: Piece): string {
  if (tag === 'hr') return '———';
  return tag === 'at' ? `@${user_id}` : text;
}

function isPerson(id: string): boolean {
  return id.startsWith('ou_');
}
