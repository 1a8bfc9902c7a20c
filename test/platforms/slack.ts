import { createHmac } from 'node:crypto';
import { FakeHttpServer, type FakeRequest, type Reply } from './fake-http.ts';
import { SlackEvents } from './slack-events.ts';
import { type Shown, showMrkdwn } from './slack-mrkdwn.ts';

export interface SlackMessage {
  type: 'message';
  ts: string;
  user: string;
  text: string;
  subtype?: string;
  bot_id?: string;
  thread_ts?: string;
  parent_user_id?: string;
  metadata?: { event_type: string; event_payload: Record<string, unknown> };
  files?: SlackFile[];
  edited?: { user: string; ts: string };
}

export interface SlackFile {
  id: string;
  name: string;
  title: string;
  mimetype: string;
  size: number;
  mode: string;
  url_private: string;
  url_private_download: string;
}

interface Conversation {
  readonly id: string;
  readonly type: 'im' | 'mpim' | 'channel' | 'group';
  readonly messages: SlackMessage[];
}

/** What a method needs; asked without, Slack names the scope. */
const SCOPES: Readonly<Record<string, string>> = {
  'chat.postMessage': 'chat:write',
  'conversations.history': 'channels:history',
  'conversations.replies': 'channels:history',
  'files.info': 'files:read',
  'files.getUploadURLExternal': 'files:write',
  'files.completeUploadExternal': 'files:write',
  'assistant.threads.setStatus': 'chat:write',
};

export interface FakeSlackOptions {
  /** How long the app has to acknowledge an event before it is sent again, in milliseconds; Slack gives it 3 s. */
  readonly ackTimeoutMs?: number;
}

/**
 * Slack on loopback: the Web API, Socket Mode, signed webhooks, and files. It has one workspace with one app in it;
 * people are whoever writes. What it cannot do is not needed by a bot: users, admin methods, blocks.
 */
export class FakeSlack extends FakeHttpServer {
  botToken = 'xoxb-test-bot-token';
  appToken = 'xapp-test-app-token';
  readonly signingSecret = 'test-signing-secret-0123';
  readonly team = 'T0TEAM';
  readonly app = 'A0APP';
  readonly bot = { user: 'U0BOT', id: 'B0BOT' };
  /** What the bot token may do. */
  scopes = [
    ...new Set([...Object.values(SCOPES), 'im:history', 'groups:history', 'mpim:history']),
    'app_mentions:read',
    'reactions:read',
  ];
  /** While set, events are kept to itself, as after an outage that outlasted Slack's retries. */
  mute = false;
  /** Answers `files.info` and links to files with this origin. */
  filesOrigin: string | undefined;
  /** Addresses in the app's messages that Slack's servers have asked for a preview, as they do unless told not to. */
  readonly previews: string[] = [];
  /** How events reach the app: its sockets, or its webhook. */
  readonly events: SlackEvents;
  readonly statuses: { channel: string; thread: string; status: string }[] = [];

  readonly #conversations = new Map<string, Conversation>();
  readonly #files = new Map<string, { file: SlackFile; bytes: Buffer }>();
  #clock = 1_700_000_000;
  #count = 0;

  constructor({ ackTimeoutMs = 3_000 }: FakeSlackOptions = {}) {
    super();
    this.events = new SlackEvents({
      ackTimeoutMs,
      app: this.app,
      sign: (body) => this.signed(body),
      changed: () => this.changed(),
    });
    this.open('D0ALICE', 'im');
    this.open('C0GENERAL', 'channel');
  }

  get apiUrl(): string {
    return `${this.url}/api/`;
  }

  override async listen(port = 0): Promise<this> {
    await this.events.listen();
    return super.listen(port);
  }

  override cut(): void {
    super.cut();
    this.events.cut();
  }

  override async stop(): Promise<void> {
    await Promise.all([this.events.stop(), super.stop()]);
  }

  // -- what people do

  open(id: string, type: Conversation['type']): void {
    this.#conversations.set(id, { id, type, messages: [] });
  }

  /** Somebody writes: by default Alice in her direct chat. */
  say(
    text: string,
    {
      channel = 'D0ALICE',
      user = 'U0ALICE',
      ...more
    }: Partial<Pick<SlackMessage, 'thread_ts' | 'files' | 'subtype'>> & {
      channel?: string;
      user?: string;
    } = {},
  ): SlackMessage {
    const parent =
      more.thread_ts && this.#conversation(channel)?.messages.find(({ ts }) => ts === more.thread_ts);
    const message: SlackMessage = {
      type: 'message',
      ts: this.#ts(),
      user,
      text,
      ...more,
      ...(parent && { parent_user_id: parent.user }),
      ...(more.files && { subtype: 'file_share' }),
    };
    this.#add(channel, message);
    return message;
  }

  edit(channel: string, ts: string, text: string): void {
    const message = this.message(channel, ts);
    const previous_message = { ...message };
    message.text = text;
    message.edited = { user: message.user, ts: this.#ts() };
    this.#emit({ ...this.#change(channel, 'message_changed'), message: { ...message }, previous_message });
  }

  /** Slack adds a preview of a link: a change, though nobody edited anything. */
  unfurl(channel: string, ts: string): void {
    const message = this.message(channel, ts);
    this.#emit({
      ...this.#change(channel, 'message_changed'),
      message: { ...message, attachments: [{ title: 'A page' }] },
      previous_message: message,
    });
  }

  remove(channel: string, ts: string): void {
    const previous_message = this.message(channel, ts);
    const { messages } = this.#conversations.get(channel) as Conversation;
    messages.splice(messages.indexOf(previous_message), 1);
    this.#emit({ ...this.#change(channel, 'message_deleted'), deleted_ts: ts, previous_message });
  }

  react(channel: string, ts: string, reaction: string, { user = 'U0ALICE', removed = false } = {}): void {
    this.#emit({
      type: removed ? 'reaction_removed' : 'reaction_added',
      user,
      reaction,
      item: { type: 'message', channel, ts },
      item_user: this.message(channel, ts).user,
      event_ts: this.#ts(),
    });
  }

  /** A file that somebody has uploaded, to be shared by `say`. */
  file(name: string, mimetype: string, bytes: Buffer): SlackFile {
    const file = this.#newFile(name, bytes.length, mimetype);
    this.#files.set(file.id, { file, bytes });
    return file;
  }

  // -- what people see

  message(channel: string, ts: string): SlackMessage {
    const found = this.#conversation(channel)?.messages.find((message) => message.ts === ts);
    if (found === undefined) throw new Error(`no message ${ts} in ${channel}`);
    return found;
  }

  /** What the app said in a conversation: in the thread under a message, or outside of threads. */
  said(channel: string, thread?: string): SlackMessage[] {
    const { messages } = this.#conversations.get(channel) as Conversation;
    return messages.filter(({ user, thread_ts }) => user === this.bot.user && thread_ts === thread);
  }

  /** The same as people see it. */
  seen(channel: string, thread?: string): Shown[] {
    return this.said(channel, thread).map(({ text }) => showMrkdwn(text));
  }

  /** The bytes of a file that the app has shared. */
  bytesOf(id: string): Buffer | undefined {
    return this.#files.get(id)?.bytes;
  }

  // -- webhooks

  /** The headers of a call by Slack. `at` is in epoch seconds. */
  signed(body: string, at = Math.floor(Date.now() / 1000)): Record<string, string> {
    const mac = createHmac('sha256', this.signingSecret).update(`v0:${at}:${body}`).digest('hex');
    return {
      'content-type': 'application/json',
      'x-slack-request-timestamp': String(at),
      'x-slack-signature': `v0=${mac}`,
    };
  }

  /** The body of a call: an event in its wrapping. */
  callback(event: Record<string, unknown>): Record<string, unknown> {
    this.#count += 1;
    return {
      token: 'test-verification-token',
      team_id: this.team,
      context_team_id: this.team,
      api_app_id: this.app,
      event,
      type: 'event_callback',
      event_id: `Ev${this.#count}`,
      event_time: this.#clock,
      authorizations: [{ enterprise_id: null, team_id: this.team, user_id: this.bot.user, is_bot: true }],
      is_ext_shared_channel: false,
    };
  }

  // -- the Web API

  protected override operationOf({ url }: FakeRequest): string {
    const [first, second] = url.pathname.split('/').slice(1);
    return first === 'api' ? (second ?? '') : (first ?? '');
  }

  protected override handle(operation: string, request: FakeRequest): Reply {
    if (operation === 'upload') return this.#takeBytes(request);
    if (operation === 'files-pri') return this.#giveBytes(request);
    const form = new URLSearchParams(request.rawBody.toString('utf8'));
    const wanted = operation === 'apps.connections.open' ? this.appToken : this.botToken;
    if (request.headers.authorization !== `Bearer ${wanted}`) return failure('invalid_auth');
    const needed = SCOPES[operation];
    if (needed !== undefined && !this.scopes.includes(needed)) {
      return failure('missing_scope', { needed, provided: this.scopes.join(',') });
    }
    switch (operation) {
      case 'auth.test':
        return success(
          {
            url: 'https://test.slack.com/',
            team: 'Test',
            user: 'testbot',
            team_id: this.team,
            user_id: this.bot.user,
            bot_id: this.bot.id,
          },
          { 'x-oauth-scopes': this.scopes.join(',') },
        );
      case 'apps.connections.open':
        return success({ url: this.events.socketUrl });
      case 'chat.postMessage':
        return this.#post(form);
      case 'conversations.history':
        return this.#history(form);
      case 'conversations.replies':
        return this.#replies(form);
      case 'files.getUploadURLExternal': {
        const file = this.#newFile(
          form.get('filename') ?? '',
          Number(form.get('length')),
          'application/octet-stream',
        );
        this.#files.set(file.id, { file, bytes: Buffer.alloc(0) });
        return success({ upload_url: `${this.url}/upload/v1/${file.id}`, file_id: file.id });
      }
      case 'files.completeUploadExternal':
        return this.#share(form);
      case 'files.info': {
        const file = this.#files.get(form.get('file') ?? '')?.file;
        return file === undefined ? failure('file_not_found') : success({ file });
      }
      case 'assistant.threads.setStatus':
        this.statuses.push({
          channel: form.get('channel_id') ?? '',
          thread: form.get('thread_ts') ?? '',
          status: form.get('status') ?? '',
        });
        return success({});
      default:
        return failure('unknown_method');
    }
  }

  #post(form: URLSearchParams): Reply {
    const channel = form.get('channel') ?? '';
    const text = form.get('text') ?? '';
    if (this.#conversation(channel) === undefined) return failure('channel_not_found');
    if (text.trim() === '') return failure('no_text');
    if (form.get('unfurl_links') !== 'false' || form.get('unfurl_media') !== 'false') {
      this.previews.push(...(text.match(/https?:[^\s<>|]+/g) ?? []));
    }
    const metadata = form.get('metadata');
    const thread_ts = form.get('thread_ts');
    // From about 4,000 characters on, Slack makes several messages of one.
    const messages = (text.match(/[\s\S]{1,4000}/g) ?? []).map(
      (part): SlackMessage => ({
        type: 'message',
        ts: this.#ts(),
        user: this.bot.user,
        bot_id: this.bot.id,
        text: part,
        ...(thread_ts !== null && { thread_ts }),
        ...(metadata !== null && { metadata: JSON.parse(metadata) as NonNullable<SlackMessage['metadata']> }),
      }),
    );
    for (const message of messages) this.#add(channel, message);
    return success({ channel, ts: messages[0]?.ts, message: messages[0] });
  }

  #share(form: URLSearchParams): Reply {
    const channel = form.get('channel_id') ?? '';
    const [wanted] = JSON.parse(form.get('files') ?? '[]') as { id: string; title: string }[];
    const file = this.#files.get(wanted?.id ?? '')?.file;
    if (file === undefined) return failure('file_not_found');
    if (this.#conversation(channel) === undefined) return failure('channel_not_found');
    file.title = wanted?.title ?? file.name;
    const thread_ts = form.get('thread_ts');
    this.#add(channel, {
      type: 'message',
      ts: this.#ts(),
      user: this.bot.user,
      bot_id: this.bot.id,
      text: form.get('initial_comment') ?? '',
      files: [file],
      ...(thread_ts !== null && { thread_ts }),
    });
    return success({ files: [file] });
  }

  #history(form: URLSearchParams): Reply {
    const conversation = this.#conversation(form.get('channel') ?? '');
    if (conversation === undefined) return failure('channel_not_found');
    const { messages } = conversation;
    const listed = messages
      .filter(
        ({ ts, thread_ts, subtype }) =>
          thread_ts === undefined || thread_ts === ts || subtype === 'thread_broadcast',
      )
      .map((message) => withReplies(message, messages));
    return page(listed.reverse(), form);
  }

  #replies(form: URLSearchParams): Reply {
    const messages = this.#conversation(form.get('channel') ?? '')?.messages ?? [];
    const root = messages.find(({ ts }) => ts === form.get('ts'));
    if (root === undefined) return failure('thread_not_found');
    const replies = messages.filter(({ ts, thread_ts }) => thread_ts === root.ts && ts !== root.ts);
    const { status, body } = page(replies, form);
    const first = withReplies(root, messages);
    return {
      status,
      body: { ...(body as object), messages: [first, ...(body as { messages: [] }).messages] },
    };
  }

  #takeBytes({ url, rawBody }: FakeRequest): Reply {
    const kept = this.#files.get(url.pathname.split('/').at(-1) ?? '');
    if (kept === undefined || kept.file.size !== rawBody.length) return { status: 400, body: 'wrong length' };
    kept.bytes = rawBody;
    return { status: 200, body: `OK - ${rawBody.length}` };
  }

  #giveBytes({ url, headers, response }: FakeRequest): Reply {
    if (headers.authorization !== `Bearer ${this.botToken}`) {
      return { status: 302, body: '', headers: { location: `${this.url}/login` } };
    }
    const bytes = this.#files.get(url.pathname.split('/')[2] ?? '')?.bytes;
    if (bytes === undefined) return { status: 404, body: '' };
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(bytes);
    return undefined as never;
  }

  // -- inside

  #conversation(channel: string): Conversation | undefined {
    return this.#conversations.get(channel);
  }

  #add(channel: string, message: SlackMessage): void {
    const conversation = this.#conversations.get(channel) as Conversation;
    conversation.messages.push(message);
    const { ts } = message;
    this.#emit({ ...message, channel, event_ts: ts, channel_type: conversation.type });
    if (conversation.type !== 'im' && message.text.includes(`<@${this.bot.user}>`)) {
      // The mention of us is an event of its own, in addition to that of the message.
      this.#emit({ ...message, type: 'app_mention', channel, event_ts: ts });
    }
  }

  #change(channel: string, subtype: string): Record<string, unknown> {
    const ts = this.#ts();
    return {
      type: 'message',
      subtype,
      hidden: true,
      channel,
      ts,
      event_ts: ts,
      channel_type: this.#conversation(channel)?.type,
    };
  }

  #newFile(name: string, size: number, mimetype: string): SlackFile {
    this.#count += 1;
    const id = `F0FILE${this.#count}`;
    const address = `${this.filesOrigin ?? this.url}/files-pri/${id}/download/${encodeURIComponent(name)}`;
    return {
      id,
      name,
      title: name,
      mimetype,
      size,
      mode: 'hosted',
      url_private: address,
      url_private_download: address,
    };
  }

  #ts(): string {
    this.#clock += 1;
    return `${this.#clock}.000100`;
  }

  #emit(event: Record<string, unknown>): void {
    if (this.mute) return;
    this.events.emit(this.callback(structuredClone(event)));
  }
}

function withReplies(message: SlackMessage, messages: readonly SlackMessage[]): Record<string, unknown> {
  const replies = messages.filter(({ ts, thread_ts }) => thread_ts === message.ts && ts !== message.ts);
  if (replies.length === 0) return { ...message };
  return { ...message, thread_ts: message.ts, reply_count: replies.length, latest_reply: replies.at(-1)?.ts };
}

function page(
  messages: readonly Record<string, unknown>[] | readonly SlackMessage[],
  form: URLSearchParams,
): Reply {
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
  return success({
    messages: listed,
    has_more: hasMore,
    response_metadata: { next_cursor: hasMore ? String(from + limit) : '' },
  });
}

function success(body: Record<string, unknown>, headers: Record<string, string> = {}): Reply {
  return { status: 200, body: { ok: true, ...body }, headers };
}

function failure(error: string, more: Record<string, unknown> = {}): Reply {
  return { status: 200, body: { ok: false, error, ...more } };
}
