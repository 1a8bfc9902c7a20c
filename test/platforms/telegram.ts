import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { FakeHttpServer, type FakeRequest, type Reply } from './fake-http.ts';
import {
  entitiesOf,
  type FakeChat,
  type FakeUser,
  floodWait,
  type Saying,
  type SentFile,
  type SentMessage,
} from './telegram-chats.ts';
import { CannotParse, parseHtml } from './telegram-html.ts';
import { parseMultipart } from './telegram-multipart.ts';

type Fields = Record<string, unknown>;

/** https://core.telegram.org/bots/api#getfile */
const MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024;

/** https://core.telegram.org/bots/api#sending-files */
const MAX_UPLOAD_BYTES = 50 * 1024 * 1024;

/** The pause before a webhook is called again; Telegram's is longer. */
const CALL_AGAIN_MS = 5;

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
  /** Drafts that were shown, in the order in which they appeared. */
  readonly drafts: { chat: number; draft: number; text: string }[] = [];
  /** Drafts wait for it before they are shown. */
  draftGate: Promise<void> = Promise.resolve();
  /** The draft that is to be seen in a chat now. */
  readonly draftIn = new Map<number, string>();
  /** Whether it is a server that keeps its files in a folder, and tells their paths there. */
  localFiles = false;
  /** Whether the connection is cut in the middle of each file. */
  breakDownloads = false;
  /** Where updates go instead of to polls. */
  webhook = '';
  /** Carries a call of the webhook to whoever stands behind its address; without it, none arrives. */
  callWebhook: ((call: Request) => Promise<Response>) | undefined;
  /** What the calls of the webhook were answered, as statuses; 0 for no answer. */
  readonly webhookAnswers: number[] = [];
  /** Whether to call the webhook again with an update that it has taken, as after a lost answer. */
  callTwice = false;
  /** Whether to refuse what comes too fast. */
  floodLimits = false;
  /** How many updates were confirmed. */
  confirmed = 0;

  readonly #connections = new Set<Socket>();
  readonly #files = new Map<string, Uint8Array>();
  readonly #chats = new Map<number, FakeChat>();
  #updates: Update[] = [];
  #nextUpdateId = 900_000_001;
  #allowed: readonly string[] | undefined;
  #secretToken = '';
  #calling = false;
  #stopped = false;
  /** Ends the poll that is waiting: it is answered at once, or refused because of another. */
  #endPoll: ((how: 'news' | 'conflict') => void) | undefined;

  constructor(token = '123:test') {
    super();
    this.token = token;
  }

  override listen(port?: number): Promise<this> {
    this.#stopped = false;
    return super.listen(port);
  }

  override stop(): Promise<void> {
    this.#stopped = true;
    return super.stop();
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

  /** A file that somebody has sent: the id by which a bot can fetch it. */
  keep(content: Uint8Array): string {
    const id = `file-${this.#files.size + 1}`;
    this.#files.set(id, content);
    return id;
  }

  /** Somebody changes what they have said. */
  edit(chatId: number, id: number, text: string): void {
    const chat = this.chat(chatId);
    const edit_date = Math.floor(Date.now() / 1000);
    const edited = { ...chat.messages.get(id), ...worded(text, entitiesOf(text)), edit_date };
    chat.messages.set(id, edited);
    this.update({ edited_message: edited });
  }

  /** Somebody's reactions to a message are now these. Of groups, a bot hears so only as their admin. */
  react(chatId: number, id: number, emojis: readonly string[]): void {
    const chat = this.chat(chatId);
    const now = emojis.map((emoji) => ({ type: 'emoji', emoji }));
    const old = chat.reactions.get(id) ?? [];
    chat.reactions.set(id, now);
    this.update({
      message_reaction: {
        chat: shownChat(chat),
        message_id: id,
        user: { id: chatId > 0 ? chatId : 42, is_bot: false, first_name: 'Ann' },
        date: Math.floor(Date.now() / 1000),
        old_reaction: old,
        new_reaction: now,
      },
    });
  }

  /** Anything happens: `{ my_chat_member: … }`. Not kept if the bot has not asked for it, as on Telegram. */
  update(what: Fields): number {
    const update_id = this.#nextUpdateId++;
    const [kind = ''] = Object.keys(what);
    if (this.#allowed === undefined || this.#allowed.includes(kind)) {
      this.#updates.push({ update_id, ...what });
      this.#endPoll?.('news');
      void this.#callWebhook();
    }
    this.changed();
    return update_id;
  }

  /** A chat, made when first asked for. */
  chat(id: number, type: FakeChat['type'] = id > 0 ? 'private' : 'supergroup'): FakeChat {
    const known = this.#chats.get(id);
    if (known !== undefined) return known;
    const name = type === 'private' ? { first_name: 'Ann' } : { title: `Group ${-id}` };
    const chat: FakeChat = {
      id,
      type,
      ...name,
      topics: new Set(),
      messages: new Map(),
      reactions: new Map(),
    };
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
    const [, first, second] = url.pathname.split('/');
    return first === 'file' ? 'download' : (second ?? '');
  }

  protected override async handle(operation: string, request: FakeRequest): Promise<Reply | undefined> {
    this.#count(request.response.socket);
    const isFile = operation === 'download';
    const [bot, ...path] = request.url.pathname.split('/').slice(isFile ? 2 : 1);
    if (!/^bot\d+:/.test(bot ?? '')) return refuse(404, 'Not Found');
    if (bot !== `bot${this.token}`) return refuse(401, 'Unauthorized');
    if (isFile) return this.#download(path.join('/'), request.response);
    const multipart = parseMultipart(request.rawBody, request.headers['content-type'] ?? '');
    const fields: Fields = {
      ...Object.fromEntries(request.url.searchParams),
      ...(multipart === undefined ? (request.body ?? {}) : jsonValues(multipart.fields)),
    };
    switch (operation) {
      case 'getMe':
        return accept({ ...this.#me(), can_join_groups: true, can_read_all_group_messages: false });
      case 'getWebhookInfo':
        return accept({ url: this.webhook, pending_update_count: this.#updates.length });
      case 'setWebhook':
        return this.#setWebhook(fields);
      case 'deleteWebhook':
        this.webhook = '';
        if (fields.drop_pending_updates === true) this.#updates = [];
        return accept(true);
      case 'getUpdates':
        return this.#getUpdates(fields, request.signal);
      case 'getFile':
        return this.#getFile(String(fields.file_id));
      case 'sendMessage':
        return this.#send(fields, undefined);
      case 'sendPhoto':
      case 'sendAudio':
      case 'sendVoice':
      case 'sendVideo':
      case 'sendDocument': {
        const as = operation.slice('send'.length).toLowerCase() as SentFile['as'];
        const file = multipart?.files.get(String(fields[as]).replace('attach://', ''));
        if (file === undefined) return refuse(400, `Bad Request: there is no ${as} in the request`);
        if (file.content.length === 0) return refuse(400, 'Bad Request: file must be non-empty');
        if (file.content.length > MAX_UPLOAD_BYTES) return refuse(413, 'Request Entity Too Large');
        return this.#send(fields, { as, ...file });
      }
      case 'sendMessageDraft':
        this.changed();
        await this.draftGate;
        return this.#sendMessageDraft(fields);
      case 'sendChatAction':
        return this.#sendChatAction(fields);
      default:
        return refuse(404, 'Not Found');
    }
  }

  #getFile(id: string): Reply {
    const content = this.#files.get(id);
    if (content === undefined) return refuse(400, 'Bad Request: invalid file_id');
    if (content.length > MAX_DOWNLOAD_BYTES) return refuse(400, 'Bad Request: file is too big');
    const file_path = this.localFiles ? `/var/lib/telegram/${id}` : `documents/${id} #1.bin`;
    return accept({ file_id: id, file_unique_id: `unique-${id}`, file_size: content.length, file_path });
  }

  #download(path: string, response: ServerResponse): Reply | undefined {
    const id = /^documents\/(.*) #1\.bin$/.exec(decodeURIComponent(path))?.[1] ?? '';
    const content = this.#files.get(id);
    if (content === undefined) return refuse(404, 'Not Found');
    const headers = { 'content-type': 'application/octet-stream', 'content-length': content.length };
    response.writeHead(200, headers);
    if (this.breakDownloads) response.write(content.subarray(1), () => response.destroy());
    else response.end(content);
    return undefined;
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

  #setWebhook({ url = '', secret_token = '', allowed_updates }: Fields): Reply {
    if (!/^(https:.*)?$/.test(String(url))) {
      return refuse(400, 'Bad Request: bad webhook: An HTTPS URL must be provided for webhook');
    }
    if (!/^[\w-]{0,256}$/.test(String(secret_token))) {
      return refuse(400, 'Bad Request: secret token contains unallowed characters');
    }
    this.webhook = String(url);
    this.#secretToken = String(secret_token);
    if (Array.isArray(allowed_updates)) this.#allowed = allowed_updates.map(String);
    void this.#callWebhook();
    return accept(true);
  }

  /** A call of the webhook as Telegram makes it. */
  #webhookCall(update: object): Request {
    return new Request(this.webhook, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(this.#secretToken !== '' && { 'x-telegram-bot-api-secret-token': this.#secretToken }),
      },
      body: JSON.stringify(update),
    });
  }

  /** Calls with one update after the other; with the same again, as long as it is not taken. */
  async #callWebhook(): Promise<void> {
    if (this.#calling) return;
    this.#calling = true;
    for (;;) {
      const [update] = this.#updates;
      const call = this.callWebhook;
      if (update === undefined || call === undefined || this.webhook === '' || this.#stopped) break;
      const status = await call(this.#webhookCall(update)).then(
        (response) => response.status,
        () => 0,
      );
      this.webhookAnswers.push(status);
      const isTaken = status >= 200 && status < 300;
      if (isTaken && !this.callTwice) {
        this.#updates = this.#updates.filter(({ update_id }) => update_id !== update.update_id);
        this.confirmed += 1;
      }
      if (isTaken) this.callTwice = false;
      else await sleep(CALL_AGAIN_MS);
      this.changed();
    }
    this.#calling = false;
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

  #send(fields: Fields, file: SentFile | undefined): Reply {
    const chat = this.#reachable(fields);
    if ('status' in chat) return chat;
    const raw = String((file === undefined ? fields.text : fields.caption) ?? '');
    const read = readText(raw, fields.parse_mode);
    if ('status' in read) return read;
    const { text, entities } = read;
    if (file === undefined) {
      if (text.trim() === '') return refuse(400, 'Bad Request: message text is empty');
      if (text.length > 4096) return refuse(400, 'Bad Request: message is too long');
    } else if (text.length > 1024) return refuse(400, 'Bad Request: message caption is too long');
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
      ...(file === undefined ? worded(text, entities) : { caption: text, [file.as]: {} }),
      ...inTopic(topic),
    });
    this.draftIn.delete(chat.id);
    this.sent.push({
      chat: chat.id,
      id: message.message_id,
      text,
      raw,
      entities,
      ...(file !== undefined && { file }),
      ...(topic !== undefined && { topic }),
      ...(replyIsThere && { replyTo: Number(reply.message_id) }),
      at: now,
    });
    return accept(message);
  }

  #sendMessageDraft(fields: Fields): Reply {
    const chat = this.#reachable(fields);
    if ('status' in chat) return chat;
    if (chat.type !== 'private') return refuse(400, 'Bad Request: drafts are for private chats');
    const draft = Number(fields.draft_id);
    if (!Number.isInteger(draft) || draft === 0) return refuse(400, 'Bad Request: invalid draft_id');
    const read = readText(String(fields.text ?? ''), fields.parse_mode);
    if ('status' in read) return read;
    if (read.text.length > 4096) return refuse(400, 'Bad Request: message is too long');
    this.drafts.push({ chat: chat.id, draft, text: read.text });
    this.draftIn.set(chat.id, read.text);
    return accept(true);
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

/** A text as its reader sees it, or why Telegram does not take it. */
function readText(text: string, mode: unknown): { text: string; entities: SentMessage['entities'] } | Reply {
  if (mode !== undefined && mode !== 'HTML') return refuse(400, 'Bad Request: unsupported parse_mode');
  if (!text.isWellFormed()) return refuse(400, 'Bad Request: strings must be encoded in UTF-8');
  try {
    return mode === undefined ? { text, entities: [] } : parseHtml(text);
  } catch (error) {
    if (!(error instanceof CannotParse)) throw error;
    return refuse(400, `Bad Request: can't parse entities: ${error.message}`);
  }
}

/** In a form, objects are written as JSON; of those that we read, there is one. */
function jsonValues({ reply_parameters, ...fields }: Record<string, string>): Fields {
  return { ...fields, ...(reply_parameters && { reply_parameters: JSON.parse(reply_parameters) }) };
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
