import type { Socket } from 'node:net';
import { FakeHttpServer, type FakeRequest, type Reply } from './fake-http.ts';
import {
  entitiesOf,
  type FakeChat,
  type FakeUser,
  floodWait,
  type Saying,
  type SentMessage,
} from './telegram-chats.ts';
import { CannotParse, parseHtml } from './telegram-html.ts';

type Fields = Record<string, unknown>;

interface Update extends Fields {
  update_id: number;
}

/**
 * Telegram's Bot API on loopback (https://core.telegram.org/bots/api), with people to say something and a record of what
 * they see. An update stays until it is confirmed by a poll with a higher offset, across as many clients as there may be.
 */
export class FakeTelegram extends FakeHttpServer {
  readonly token: string;
  readonly botId = 424242;
  readonly botName = 'claw_bot';
  /** What the people in the chats see, in the order in which it appeared. */
  readonly sent: SentMessage[] = [];
  /** Chats in which the bot was shown to be typing, one entry each time. */
  readonly typing: { chat: number; topic?: number }[] = [];
  /** Where updates go instead of to polls. */
  webhook = '';
  /** Whether to refuse what comes too fast. */
  floodLimits = false;
  /** How many updates were confirmed. */
  confirmed = 0;

  readonly #connections = new Set<Socket>();
  readonly #chats = new Map<number, FakeChat>();
  #updates: Update[] = [];
  #nextUpdateId = 900_000_001;
  #allowed: readonly string[] | undefined;
  /** Ends the poll that is waiting: it is answered at once, or refused because of another. */
  #endPoll: ((how: 'news' | 'conflict') => void) | undefined;

  constructor(token = '123:test') {
    super();
    this.token = token;
  }

  /** Somebody writes. Gives the id of the message. */
  say({ chat: id = 42, chatType, text, from, topic, replyTo, more }: Saying): number {
    const chat = this.chat(id, chatType);
    const sender: FakeUser = {
      id: id > 0 ? id : 42,
      is_bot: false,
      first_name: 'Ann',
      ...from,
    };
    if (topic !== undefined) chat.topics.add(topic);
    const reply = replyTo === undefined ? this.#topicOpener(chat, topic) : chat.messages.get(replyTo);
    const message = this.#add(chat, {
      from: sender,
      date: Math.floor(Date.now() / 1000),
      ...worded(text, text === undefined ? [] : entitiesOf(text)),
      ...inTopic(topic),
      ...(reply !== undefined && { reply_to_message: reply }),
      ...more,
    });
    this.update({ message });
    return message.message_id;
  }

  /** Anything happens: `{ my_chat_member: … }`. Not kept if the bot has not asked for it, as on Telegram. */
  update(what: Fields): number {
    const update_id = this.#nextUpdateId++;
    const [kind = ''] = Object.keys(what);
    if (this.#allowed === undefined || this.#allowed.includes(kind)) {
      this.#updates.push({ update_id, ...what });
      this.#endPoll?.('news');
    }
    this.changed();
    return update_id;
  }

  /** A chat, made when first asked for. */
  chat(id: number, type: FakeChat['type'] = id > 0 ? 'private' : 'supergroup'): FakeChat {
    const known = this.#chats.get(id);
    if (known !== undefined) return known;
    const name = type === 'private' ? { first_name: 'Ann' } : { title: `Group ${-id}` };
    const chat: FakeChat = { id, type, ...name, topics: new Set(), messages: new Map() };
    this.#chats.set(id, chat);
    return chat;
  }

  /** Connections that clients have open, counted from their first request on. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Updates that wait to be fetched and confirmed. */
  get waiting(): number {
    return this.#updates.length;
  }

  protected override operationOf({ url }: FakeRequest): string {
    return url.pathname.split('/')[2] ?? '';
  }

  protected override async handle(operation: string, request: FakeRequest): Promise<Reply | undefined> {
    this.#count(request.response.socket);
    const [, bot] = request.url.pathname.split('/');
    if (!/^bot\d+:/.test(bot ?? '')) return refuse(404, 'Not Found');
    if (bot !== `bot${this.token}`) return refuse(401, 'Unauthorized');
    const fields: Fields = { ...Object.fromEntries(request.url.searchParams), ...(request.body ?? {}) };
    switch (operation) {
      case 'getMe':
        return accept({ ...this.#me(), can_join_groups: true, can_read_all_group_messages: false });
      case 'getWebhookInfo':
        return accept({ url: this.webhook, pending_update_count: this.#updates.length });
      case 'setWebhook':
        this.webhook = String(fields.url ?? '');
        return accept(true);
      case 'deleteWebhook':
        this.webhook = '';
        if (fields.drop_pending_updates === true) this.#updates = [];
        return accept(true);
      case 'getUpdates':
        return this.#getUpdates(fields, request.signal);
      case 'sendMessage':
        return this.#sendMessage(fields);
      case 'sendChatAction':
        return this.#sendChatAction(fields);
      default:
        return refuse(404, 'Not Found');
    }
  }

  #count(socket: Socket | null): void {
    if (socket === null || this.#connections.has(socket)) return;
    this.#connections.add(socket);
    socket.once('close', () => {
      this.#connections.delete(socket);
      this.changed();
    });
  }

  #me(): FakeUser {
    return { id: this.botId, is_bot: true, first_name: 'Claw', username: this.botName };
  }

  async #getUpdates(fields: Fields, gone: AbortSignal): Promise<Reply | undefined> {
    if (this.webhook !== '') {
      return refuse(
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      );
    }
    this.#endPoll?.('conflict');
    if (Array.isArray(fields.allowed_updates)) this.#allowed = fields.allowed_updates.map(String);
    const offset = Number(fields.offset ?? 0);
    const before = this.#updates.length;
    this.#updates = this.#updates.filter(({ update_id }) => update_id >= offset);
    this.confirmed += before - this.#updates.length;
    this.changed();
    if (this.#updates.length === 0) {
      const end = await this.#news(Number(fields.timeout ?? 0) * 1000, gone);
      if (end === 'conflict') {
        return refuse(
          409,
          'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
        );
      }
      if (end === 'gone') return undefined;
    }
    return accept(this.#updates.slice(0, Number(fields.limit ?? 100)));
  }

  #news(waitMs: number, gone: AbortSignal): Promise<'news' | 'conflict' | 'gone' | 'time is up'> {
    return new Promise((resolve) => {
      const end = (how: 'news' | 'conflict' | 'gone' | 'time is up') => {
        clearTimeout(timer);
        if (this.#endPoll === end) this.#endPoll = undefined;
        resolve(how);
      };
      const timer = setTimeout(() => end('time is up'), waitMs);
      gone.addEventListener('abort', () => end('gone'), { once: true });
      this.#endPoll = end;
      if (gone.aborted) end('gone');
    });
  }

  #sendMessage(fields: Fields): Reply {
    const chat = this.#reachable(fields);
    if ('status' in chat) return chat;
    let text = String(fields.text ?? '');
    let entities: SentMessage['entities'] = [];
    if (fields.parse_mode === 'HTML') {
      try {
        ({ text, entities } = parseHtml(text));
      } catch (error) {
        if (!(error instanceof CannotParse)) throw error;
        return refuse(400, `Bad Request: can't parse entities: ${error.message}`);
      }
    } else if (fields.parse_mode !== undefined) {
      return refuse(400, 'Bad Request: unsupported parse_mode');
    }
    if (!text.isWellFormed()) return refuse(400, 'Bad Request: strings must be encoded in UTF-8');
    if (text.trim() === '') return refuse(400, 'Bad Request: message text is empty');
    if (text.length > 4096) return refuse(400, 'Bad Request: message is too long');
    const reply = (fields.reply_parameters ?? {}) as {
      message_id?: number;
      allow_sending_without_reply?: boolean;
    };
    const replyIsThere = reply.message_id !== undefined && chat.messages.has(reply.message_id);
    if (reply.message_id !== undefined && !replyIsThere && reply.allow_sending_without_reply !== true) {
      return refuse(400, 'Bad Request: message to be replied not found');
    }
    const now = Date.now();
    const wait = this.floodLimits ? floodWait(chat.id, this.sent, now) : undefined;
    if (wait !== undefined) {
      return refuse(429, `Too Many Requests: retry after ${wait}`, { retry_after: wait });
    }
    const topic = fields.message_thread_id === undefined ? undefined : Number(fields.message_thread_id);
    const message = this.#add(chat, {
      from: this.#me(),
      date: Math.floor(now / 1000),
      ...worded(text, entities),
      ...inTopic(topic),
    });
    this.sent.push({
      chat: chat.id,
      id: message.message_id,
      text,
      raw: String(fields.text),
      entities,
      ...(topic !== undefined && { topic }),
      ...(replyIsThere && { replyTo: Number(reply.message_id) }),
      at: now,
    });
    return accept(message);
  }

  #sendChatAction(fields: Fields): Reply {
    const chat = this.#reachable(fields);
    if ('status' in chat) return chat;
    if (fields.action !== 'typing') return refuse(400, 'Bad Request: wrong parameter action in request');
    const topic = fields.message_thread_id;
    this.typing.push({ chat: chat.id, ...(topic !== undefined && { topic: Number(topic) }) });
    return accept(true);
  }

  /** The chat that a request is for, or why it cannot be reached. */
  #reachable({ chat_id, message_thread_id }: Fields): FakeChat | Reply {
    if (chat_id === undefined || chat_id === '') return refuse(400, 'Bad Request: chat_id is empty');
    const chat = this.#chats.get(Number(chat_id));
    if (chat === undefined) return refuse(400, 'Bad Request: chat not found');
    if (chat.migratedTo !== undefined) {
      return refuse(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
        migrate_to_chat_id: chat.migratedTo,
      });
    }
    if (chat.refusal !== undefined) return refuse(chat.refusal.code, chat.refusal.description);
    if (message_thread_id !== undefined && !chat.topics.has(Number(message_thread_id))) {
      return refuse(400, 'Bad Request: message thread not found');
    }
    return chat;
  }

  /** Adds a message to a chat. */
  #add(chat: FakeChat, message: Fields): Fields & { message_id: number } {
    const added = { message_id: chat.messages.size + 1, chat: shownChat(chat), ...message };
    chat.messages.set(added.message_id, added);
    return added;
  }

  /** In a topic, what answers nothing in particular answers the message that opened it. */
  #topicOpener(chat: FakeChat, topic: number | undefined): Fields | undefined {
    if (topic === undefined) return undefined;
    return {
      message_id: topic,
      from: this.#me(),
      chat: shownChat(chat),
      date: 1_700_000_000,
      forum_topic_created: { name: `Topic ${topic}`, icon_color: 7322096 },
      ...inTopic(topic),
    };
  }
}

function shownChat({ id, type, title, first_name }: FakeChat): Fields {
  return { id, type, ...(title !== undefined && { title }), ...(first_name !== undefined && { first_name }) };
}

function worded(text: string | undefined, entities: readonly unknown[]): Fields {
  return { ...(text !== undefined && { text }), ...(entities.length > 0 && { entities }) };
}

function inTopic(topic: number | undefined): Fields {
  return topic === undefined ? {} : { message_thread_id: topic, is_topic_message: true };
}

function accept(result: unknown): Reply {
  return { status: 200, body: { ok: true, result } };
}

function refuse(code: number, description: string, parameters?: Fields): Reply {
  return {
    status: code,
    body: { ok: false, error_code: code, description, ...(parameters && { parameters }) },
  };
}
