import { FakeHttpServer, type Reply } from './fake-http.ts';
import {
  accept,
  type Fields,
  fileOf,
  inTopic,
  readText,
  refuse,
  shownChat,
  worded,
} from './telegram-answers.ts';
import { buttonsOf, wrongButtons } from './telegram-buttons.ts';
import {
  type Content,
  type FakeChat,
  type FakeUser,
  floodWait,
  type SentMessage,
  wrongAlbum,
} from './telegram-chats.ts';
import type { Multipart } from './telegram-multipart.ts';
import { wrongReaction } from './telegram-reactions.ts';

/** The chats of a Telegram, and what a bot can do in them; checked as Telegram checks it, and refused in its words. */
export abstract class TelegramWorld extends FakeHttpServer {
  readonly botId = 424242;
  readonly botName = 'claw_bot';
  /** What the people in the chats see, in the order in which it appeared. */
  readonly sent: SentMessage[] = [];
  /** Chats in which the bot was shown to be typing, one entry each time. */
  readonly typing: { chat: number; topic?: number }[] = [];
  /** Drafts that were shown, in the order in which they appeared. */
  readonly drafts: { chat: number; draft: number; text: string }[] = [];
  /** The draft that is to be seen in a chat now. */
  readonly draftIn = new Map<number, string>();
  /** Whether to refuse what comes too fast. */
  floodLimits = false;
  readonly #chats = new Map<number, FakeChat>();

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
      ours: new Map(),
    };
    this.#chats.set(id, chat);
    return chat;
  }

  /** The labels of the buttons that stand under a message. */
  buttonsUnder(chatId: number, id: number): string[] {
    return this.labels(this.chat(chatId).messages.get(id));
  }

  /** The bot's reactions that stand under a message. */
  reactionsTo(chatId: number, id: number): string[] {
    return (this.chat(chatId).ours.get(id) ?? []).map(({ emoji }) => emoji);
  }

  protected me(): FakeUser {
    return { id: this.botId, is_bot: true, first_name: 'Claw', username: this.botName };
  }

  protected sendOne(fields: Fields, content: Content): Reply {
    const wrong = wrongButtons(fields.reply_markup);
    if (wrong !== undefined) return refuse(400, `Bad Request: ${wrong}`);
    const sent = this.#send(fields, [content]);
    return 'status' in sent ? sent : accept(sent[0]);
  }

  protected sendMediaGroup(fields: Fields, multipart: Multipart | undefined): Reply {
    const media = (fields.media ?? []) as {
      type: string;
      media: string;
      caption?: string;
      parse_mode?: string;
    }[];
    const wrong = wrongAlbum(media.map(({ type }) => type));
    if (wrong !== undefined) return refuse(400, `Bad Request: ${wrong}`);
    const contents: Content[] = [];
    for (const { type, media: name, caption = '', parse_mode: mode } of media) {
      const file = fileOf(multipart, type, name);
      if ('status' in file) return file;
      contents.push({ raw: caption, mode, file });
    }
    // There are no buttons under albums, and none are refused.
    const sent = this.#send({ ...fields, reply_markup: undefined }, contents);
    return 'status' in sent ? sent : accept(sent);
  }

  /** All of it or nothing; several contents are an album. */
  #send(fields: Fields, contents: readonly Content[]): Fields[] | Reply {
    const chat = this.#reachable(fields);
    if ('status' in chat) return chat;
    const texts: { text: string; entities: SentMessage['entities'] }[] = [];
    for (const { raw, mode, file } of contents) {
      const read = readText(raw, mode);
      if ('status' in read) return read;
      if (file === undefined) {
        if (read.text.trim() === '') return refuse(400, 'Bad Request: message text is empty');
        if (read.text.length > 4096) return refuse(400, 'Bad Request: message is too long');
      } else if (read.text.length > 1024) return refuse(400, 'Bad Request: message caption is too long');
      texts.push(read);
    }
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
    const album = contents.length > 1 ? `album-${chat.messages.size + 1}` : undefined;
    this.draftIn.delete(chat.id);
    return contents.map(({ raw, file }, index) => {
      const { text, entities } = texts[index] ?? { text: '', entities: [] };
      const message = this.add(chat, {
        from: this.me(),
        date: Math.floor(now / 1000),
        ...(file === undefined ? worded(text, entities) : { caption: text, [file.as]: {} }),
        ...(fields.reply_markup !== undefined && { reply_markup: fields.reply_markup }),
        ...(album !== undefined && { media_group_id: album }),
        ...inTopic(topic),
      });
      this.sent.push({
        chat: chat.id,
        id: message.message_id,
        text,
        raw,
        entities,
        ...(file !== undefined && { file }),
        ...(album !== undefined && { album }),
        ...(topic !== undefined && { topic }),
        ...(replyIsThere && { replyTo: Number(reply.message_id) }),
        at: now,
      });
      return message;
    });
  }

  protected editMessageReplyMarkup(fields: Fields): Reply {
    const chat = this.#reachable(fields);
    if ('status' in chat) return chat;
    const message = chat.messages.get(Number(fields.message_id));
    if (message === undefined) return refuse(400, 'Bad Request: message to edit not found');
    if ((message.from as FakeUser).id !== this.botId) {
      return refuse(400, "Bad Request: message can't be edited");
    }
    const wrong = wrongButtons(fields.reply_markup);
    if (wrong !== undefined) return refuse(400, `Bad Request: ${wrong}`);
    const { reply_markup: before, ...edited } = message;
    if (JSON.stringify(before) === JSON.stringify(fields.reply_markup)) {
      return refuse(400, 'Bad Request: message is not modified');
    }
    if (fields.reply_markup !== undefined) edited.reply_markup = fields.reply_markup;
    chat.messages.set(Number(fields.message_id), edited);
    return accept(edited);
  }

  protected setMessageReaction(fields: Fields): Reply {
    const chat = this.#reachable(fields);
    if ('status' in chat) return chat;
    const id = Number(fields.message_id);
    if (!chat.messages.has(id)) return refuse(400, 'Bad Request: message to react not found');
    const reactions = (fields.reaction ?? []) as { type: string; emoji: string }[];
    const wrong = wrongReaction(reactions);
    if (wrong !== undefined) return refuse(400, `Bad Request: ${wrong}`);
    chat.ours.set(id, reactions);
    return accept(true);
  }

  protected labels(message: Fields | undefined): string[] {
    return buttonsOf(message?.reply_markup).map(({ text }) => text);
  }

  protected sendMessageDraft(fields: Fields): Reply {
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

  protected sendChatAction(fields: Fields): Reply {
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
  protected add(chat: FakeChat, message: Fields): Fields & { message_id: number } {
    const added = { message_id: chat.messages.size + 1, chat: shownChat(chat), ...message };
    chat.messages.set(added.message_id, added);
    return added;
  }

  /** In a topic, what answers nothing in particular answers the message that opened it. */
  protected topicOpener(chat: FakeChat, topic: number | undefined): Fields | undefined {
    if (topic === undefined) return undefined;
    return {
      message_id: topic,
      from: this.me(),
      chat: shownChat(chat),
      date: 1_700_000_000,
      forum_topic_created: { name: `Topic ${topic}`, icon_color: 7322096 },
      ...inTopic(topic),
    };
  }
}
