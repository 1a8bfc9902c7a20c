import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FakeRequest, Reply } from './fake-http.ts';
import {
  accept,
  type Fields,
  fileOf,
  inTopic,
  jsonValues,
  refuse,
  shownChat,
  worded,
} from './telegram-answers.ts';
import { buttonsOf } from './telegram-buttons.ts';
import { entitiesOf, type FakeUser, type Saying } from './telegram-chats.ts';
import { FakeMenus } from './telegram-menu.ts';
import { parseMultipart } from './telegram-multipart.ts';
import { TelegramWorld } from './telegram-world.ts';

/** https://core.telegram.org/bots/api#getfile */
const MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024;

/** The pause before a webhook is called again; Telegram's is longer. */
const CALL_AGAIN_MS = 5;

interface Update extends Fields {
  update_id: number;
}

/**
 * Telegram's Bot API on loopback (https://core.telegram.org/bots/api), with people to say something and a record of what
 * they see. An update stays until it is confirmed by a poll with a higher offset, across as many clients as there may be.
 */
export class FakeTelegram extends TelegramWorld {
  readonly token: string;
  /** Drafts wait for it before they are shown. */
  draftGate: Promise<void> = Promise.resolve();
  /** Whether it is a server that keeps its files in a folder, and tells their paths there. */
  localFiles = false;
  /** Whether the connection is cut in the middle of each file. */
  breakDownloads = false;
  /** Where updates go instead of to polls. */
  webhook = '';
  /** Why the last call of the webhook failed, as Telegram tells it. */
  webhookError: string | undefined;
  /** Carries a call of the webhook to whoever stands behind its address; without it, none arrives. */
  callWebhook: ((call: Request) => Promise<Response>) | undefined;
  /** What the calls of the webhook were answered, as statuses; 0 for no answer. */
  readonly webhookAnswers: number[] = [];
  /** Whether to call the webhook again with an update that it has taken, as after a lost answer. */
  callTwice = false;
  /** What was told to whoever pressed a button, by the press: '' for nothing but that it had an effect. */
  readonly told = new Map<string, string>();
  readonly menus = new FakeMenus();
  /** How many updates were confirmed. */
  confirmed = 0;

  readonly #connections = new Set<Socket>();
  readonly #files = new Map<string, Uint8Array>();
  #updates: Update[] = [];
  readonly #presses = new Set<string>();
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
    const reply = replyTo === undefined ? this.topicOpener(chat, topic) : chat.messages.get(replyTo);
    const message = this.add(chat, {
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

  /** Somebody taps the command with this description in the menu, or types it with words after it. In groups Telegram adds whose it is. */
  pick(chatId: number, description: string, words = ''): void {
    const menu = this.menus.shownTo('en');
    const found = menu.find((command) => command.description === description);
    if (found === undefined) throw new Error(`the menu has no "${description}"`);
    const name = chatId < 0 ? `${found.command}@${this.botName}` : found.command;
    this.say({ chat: chatId, text: [`/${name}`, words].filter(Boolean).join(' ') });
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

  /**
   * Somebody presses the button with this label, under the latest message that has it. Gives the id of the press. With
   * `stale`, the message is too old for Telegram to show it again.
   */
  press(
    chatId: number,
    label: string,
    { from, stale = false }: { from?: FakeUser; stale?: boolean } = {},
  ): string {
    const chat = this.chat(chatId);
    const message = [...chat.messages.values()].findLast((one) => this.labels(one).includes(label));
    if (message === undefined) throw new Error(`there is no button "${label}"`);
    const id = `press-${this.#presses.size + 1}`;
    this.#presses.add(id);
    this.update({
      callback_query: {
        id,
        from: from ?? { id: chatId > 0 ? chatId : 42, is_bot: false, first_name: 'Ann' },
        message: stale ? { chat: shownChat(chat), message_id: message.message_id, date: 0 } : message,
        chat_instance: `${chatId}`,
        data: buttonsOf(message.reply_markup).find(({ text }) => text === label)?.callback_data,
      },
    });
    return id;
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
        return accept({ ...this.me(), can_join_groups: true, can_read_all_group_messages: false });
      case 'getWebhookInfo':
        return accept({
          url: this.webhook,
          pending_update_count: this.#updates.length,
          ...(this.webhookError !== undefined && { last_error_message: this.webhookError }),
        });
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
        return this.sendOne(fields, { raw: String(fields.text ?? ''), mode: fields.parse_mode });
      case 'sendPhoto':
      case 'sendAudio':
      case 'sendVoice':
      case 'sendVideo':
      case 'sendDocument': {
        const as = operation.slice('send'.length).toLowerCase();
        const file = fileOf(multipart, as, fields[as]);
        if ('status' in file) return file;
        return this.sendOne(fields, { raw: String(fields.caption ?? ''), mode: fields.parse_mode, file });
      }
      case 'sendMediaGroup':
        return this.sendMediaGroup(fields, multipart);
      case 'answerCallbackQuery':
        return this.#answerCallbackQuery(fields);
      case 'editMessageReplyMarkup':
        return this.editMessageReplyMarkup(fields);
      case 'setMessageReaction':
        return this.setMessageReaction(fields);
      case 'sendMessageDraft':
        this.changed();
        await this.draftGate;
        return this.sendMessageDraft(fields);
      case 'sendChatAction':
        return this.sendChatAction(fields);
      case 'setMyCommands':
        return this.menus.set(fields);
      case 'getMyCommands':
        return this.menus.get(fields);
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

  #answerCallbackQuery({ callback_query_id, text = '' }: Fields): Reply {
    const id = String(callback_query_id);
    if (!this.#presses.has(id)) {
      return refuse(400, 'Bad Request: query is too old and response timeout expired or query ID is invalid');
    }
    if (String(text).length > 200) return refuse(400, 'Bad Request: MESSAGE_TOO_LONG');
    this.told.set(id, String(text));
    return accept(true);
  }
}
