import { createHmac } from 'node:crypto';
import { FakeHttpServer, type FakeRequest, type Reply } from './fake-http.ts';
import { areValid, buttonsOf, mrkdwnOf, type SlackBlock, withIds, withMentions } from './slack-blocks.ts';
import { SlackEvents } from './slack-events.ts';
import { type SlackFile, SlackFiles } from './slack-files.ts';
import { type Conversation, page, type SlackMessage, withReplies } from './slack-messages.ts';
import { type Shown, showMrkdwn } from './slack-mrkdwn.ts';

export type { SlackFile, SlackMessage };

/** What a method needs; asked without, Slack names the scope. */
const SCOPES: Readonly<Record<string, string>> = {
  'chat.postMessage': 'chat:write',
  'chat.update': 'chat:write',
  'chat.delete': 'chat:write',
  'reactions.add': 'reactions:write',
  'reactions.remove': 'reactions:write',
  'conversations.history': 'channels:history',
  'conversations.replies': 'channels:history',
  'files.info': 'files:read',
  'files.getUploadURLExternal': 'files:write',
  'files.completeUploadExternal': 'files:write',
  'assistant.threads.setStatus': 'chat:write',
  'users.info': 'users:read',
};

/** The emoji that the workspace has, besides its own. */
const EMOJI: Readonly<Record<string, string>> = {
  '+1': '👍',
  '-1': '👎',
  eyes: '👀',
  heart: '❤️',
  tada: '🎉',
  white_check_mark: '✅',
};

export interface FakeSlackOptions {
  /** How long the app has to acknowledge an event before it is sent again, in milliseconds; Slack gives it 3 s. */
  readonly ackTimeoutMs?: number;
}

export interface SlackProfile {
  readonly email: string;
  /** Whether they have shown that it is theirs. */
  readonly confirmed: boolean;
  /** The workspace that they are from; by default ours. */
  readonly team?: string;
}

/**
 * Slack on loopback: the Web API, Socket Mode, signed webhooks, buttons, and files. It has one workspace with one app in it;
 * people are whoever writes. What it cannot do is not needed by a bot: users, admin methods, other blocks.
 */
export class FakeSlack extends FakeHttpServer {
  botToken = 'xoxb-test-bot-token';
  appToken = 'xapp-test-app-token';
  readonly signingSecret = 'test-signing-secret-0123';
  /** The commands that the app has declared. */
  declared: readonly string[] = ['/openclaw'];
  readonly team = 'T0TEAM';
  readonly app = 'A0APP';
  readonly bot = { user: 'U0BOT', id: 'B0BOT' };
  /** What the bot token may do. */
  scopes = [
    ...new Set([...Object.values(SCOPES), 'im:history', 'groups:history', 'mpim:history']),
    'app_mentions:read',
    'reactions:read',
    'users:read.email',
  ];
  /** While set, events are kept to itself, as after an outage that outlasted Slack's retries. */
  mute = false;
  /** Addresses in the app's messages that Slack's servers have asked for a preview, as they do unless told not to. */
  readonly previews: string[] = [];
  /** How events reach the app: its sockets, or its webhook. */
  readonly events: SlackEvents;
  readonly statuses: { channel: string; thread: string; status: string }[] = [];

  /** What the workspace knows of people, by their ids; of others, nothing but that they exist. */
  readonly profiles = new Map<string, SlackProfile>();
  readonly #conversations = new Map<string, Conversation>();
  readonly #gates = new Map<string, { when: 'before' | 'after'; open: Promise<void> }>();
  readonly #files = new SlackFiles();
  #clock = Math.floor(Date.now() / 1000) - 1_800;
  #count = 0;

  constructor({ ackTimeoutMs = 3_000 }: FakeSlackOptions = {}) {
    super();
    this.events = new SlackEvents({
      ackTimeoutMs,
      app: this.app,
      bot: this.bot.user,
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
    }: Partial<
      Pick<SlackMessage, 'thread_ts' | 'files' | 'attachments' | 'subtype' | 'bot_id' | 'app_id'>
    > & {
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
    const message = this.message(channel, ts);
    const others = (message.reactions ?? []).filter(({ name }) => name !== reaction);
    const before = message.reactions?.find(({ name }) => name === reaction)?.users ?? [];
    const users = [...before.filter((one) => one !== user), ...(removed ? [] : [user])];
    message.reactions =
      users.length > 0 ? [...others, { name: reaction, users, count: users.length }] : others;
    this.#emit({
      type: removed ? 'reaction_removed' : 'reaction_added',
      user,
      reaction,
      item: { type: 'message', channel, ts },
      item_user: message.user,
      event_ts: this.#ts(),
    });
  }

  /** Somebody presses the button with this label, under the latest message of the app that has it. */
  press(label: string, { channel = 'D0ALICE', user = 'U0ALICE' } = {}): void {
    this.events.press(this.pressOf(label, { channel, user }));
  }

  /** The body of what comes when it is pressed. */
  pressOf(label: string, { channel = 'D0ALICE', user = 'U0ALICE' } = {}): Record<string, unknown> {
    const messages = this.#conversation(channel)?.messages ?? [];
    const message = messages.findLast(({ blocks }) => buttonsOf(blocks).includes(label));
    const block = message?.blocks?.find(({ type }) => type === 'actions');
    const button = block?.elements?.find((one) => (one.text as { text: string }).text === label);
    if (message === undefined || button === undefined) throw new Error(`nobody sees a button "${label}"`);
    const action_ts = this.#ts();
    return structuredClone({
      type: 'block_actions',
      user: { id: user, username: 'alice', name: 'alice', team_id: this.team },
      api_app_id: this.app,
      token: 'test-verification-token',
      container: { type: 'message', message_ts: message.ts, channel_id: channel, is_ephemeral: false },
      trigger_id: `1.2.${action_ts}`,
      team: { id: this.team, domain: 'test' },
      enterprise: null,
      is_enterprise_install: false,
      channel: { id: channel, name: 'directmessage' },
      message: withReplies(message, messages),
      state: { values: {} },
      response_url: `${this.url}/actions/1`,
      actions: [{ ...button, block_id: block?.block_id, type: 'button', action_ts }],
    });
  }

  /** Somebody gives a command: `/openclaw status`. Slack keeps what the app has not declared, and tells them so. */
  command(line: string, where: { channel?: string; user?: string } = {}): void {
    const body = this.commandOf(line, where);
    if (this.declared.includes(body.command ?? '')) this.events.command(body);
  }

  /** The body of what comes then: everything is text. */
  commandOf(line: string, { channel = 'D0ALICE', user = 'U0ALICE' } = {}): Record<string, string> {
    const [, command = '', text = ''] = /^(\S+) ?(.*)$/s.exec(line) ?? [];
    return {
      token: 'test-verification-token',
      team_id: this.team,
      team_domain: 'test',
      channel_id: channel,
      channel_name: channel.startsWith('D') ? 'directmessage' : 'general',
      user_id: user,
      user_name: 'alice',
      command,
      text: escaped(text),
      api_app_id: this.app,
      is_enterprise_install: 'false',
      response_url: `${this.url}/commands/1`,
      trigger_id: `1.2.${this.#ts()}`,
    };
  }

  /** Somebody passes on what Bob has said elsewhere, with a word of their own or without. */
  share(text: string, comment = ''): SlackMessage {
    const shared = {
      ts: this.#ts(),
      channel_id: 'C0ELSEWHERE',
      author_id: 'U0BOB',
      is_msg_unfurl: true,
      is_share: true,
      text: escaped(text),
      fallback: text,
    };
    return this.say(comment, { attachments: [shared] });
  }

  /** From now on links to files lead to this origin. */
  set filesOrigin(origin: string) {
    this.#files.origin = origin;
  }

  /** A file that somebody has uploaded, to be shared by `say`. */
  file(name: string, mimetype: string, bytes: Buffer): SlackFile {
    return this.#files.add(this.url, name, mimetype, bytes.length, bytes);
  }

  /** The next call of this method takes effect (`after`: is answered) only when the returned function is called. */
  holdNext(method: string, when: 'before' | 'after' = 'before'): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gates.set(method, { when, open: promise });
    return resolve;
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
    return this.said(channel, thread).map(({ text, blocks }) =>
      showMrkdwn(blocks === undefined ? text : mrkdwnOf(blocks)),
    );
  }

  /** The buttons under a message. */
  buttons(channel: string, ts: string): string[] {
    return buttonsOf(this.message(channel, ts).blocks);
  }

  /** The app's reactions to a message, as emoji. */
  reactions(channel: string, ts: string): string[] {
    const given = (this.message(channel, ts).reactions ?? []).filter(({ users }) =>
      users.includes(this.bot.user),
    );
    return given.map(({ name }) => EMOJI[name] ?? name);
  }

  /** The bytes of a file that the app has shared. */
  bytesOf(id: string): Buffer | undefined {
    return this.#files.bytesOf(id);
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

  protected override async handle(operation: string, request: FakeRequest): Promise<Reply> {
    const gate = this.#gates.get(operation);
    this.#gates.delete(operation);
    if (gate === undefined) return this.#handle(operation, request);
    const early = gate.when === 'after' ? this.#handle(operation, request) : undefined;
    this.changed();
    await gate.open;
    return early ?? this.#handle(operation, request);
  }

  #handle(operation: string, request: FakeRequest): Reply {
    if (operation === 'upload') return this.#files.take(request);
    if (operation === 'files-pri') return this.#files.give(request, this.botToken);
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
            app_id: this.app,
          },
          { 'x-oauth-scopes': this.scopes.join(',') },
        );
      case 'apps.connections.open':
        return success({ url: this.events.socketUrl });
      case 'chat.postMessage':
        return this.#post(form);
      case 'chat.update':
        return this.#update(form);
      case 'chat.delete':
        return this.#delete(form);
      case 'reactions.add':
        return this.#react(form, false);
      case 'reactions.remove':
        return this.#react(form, true);
      case 'conversations.history':
        return this.#history(form);
      case 'conversations.replies':
        return this.#replies(form);
      case 'files.getUploadURLExternal': {
        const [name, length] = [form.get('filename') ?? '', Number(form.get('length'))];
        const file = this.#files.add(this.url, name, 'application/octet-stream', length);
        return success({ upload_url: `${this.url}/upload/v1/${file.id}`, file_id: file.id });
      }
      case 'files.completeUploadExternal':
        return this.#share(form);
      case 'files.info': {
        const file = this.#files.get(form.get('file') ?? '');
        return file === undefined ? failure('file_not_found') : success({ file });
      }
      case 'users.info':
        return this.#person(form.get('user') ?? '');
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
    const blocks = blocksIn(form);
    if (text.trim() === '' && blocks === undefined) return failure('no_text');
    if (blocks !== undefined && !areValid(blocks)) return failure('invalid_blocks');
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
        app_id: this.app,
        text: part,
        ...(blocks !== undefined && { blocks: withIds(blocks) }),
        ...(thread_ts !== null && { thread_ts }),
        ...(metadata !== null && { metadata: JSON.parse(metadata) as NonNullable<SlackMessage['metadata']> }),
      }),
    );
    for (const message of messages) this.#add(channel, message);
    return success({ channel, ts: messages[0]?.ts, message: messages[0] });
  }

  /** What is not told stays as it was; but a text takes the blocks away. */
  #update(form: URLSearchParams): Reply {
    const channel = form.get('channel') ?? '';
    const message = this.#conversation(channel)?.messages.find(({ ts }) => ts === form.get('ts'));
    if (message === undefined) return failure('message_not_found');
    if (message.user !== this.bot.user) return failure('cant_update_message');
    const text = form.get('text') ?? '';
    if (text.length > 4_000) return failure('msg_too_long');
    const blocks = blocksIn(form);
    if (text.trim() === '' && blocks === undefined) return failure('no_text');
    if (blocks !== undefined && !areValid(blocks)) return failure('invalid_blocks');
    const previous_message = { ...message };
    message.text = form.get('parse') === 'none' ? text : withMentions(text);
    message.edited = { user: this.bot.user, ts: this.#ts() };
    delete message.blocks;
    if (blocks !== undefined) message.blocks = withIds(blocks);
    const metadata = form.get('metadata');
    if (metadata !== null) message.metadata = JSON.parse(metadata) as NonNullable<SlackMessage['metadata']>;
    this.#emit({ ...this.#change(channel, 'message_changed'), message: { ...message }, previous_message });
    return success({ channel, ts: message.ts, text: message.text, message });
  }

  #delete(form: URLSearchParams): Reply {
    const channel = form.get('channel') ?? '';
    const message = this.#conversation(channel)?.messages.find(({ ts }) => ts === form.get('ts'));
    if (message === undefined) return failure('message_not_found');
    if (message.user !== this.bot.user) return failure('cant_delete_message');
    this.remove(channel, message.ts);
    return success({ channel, ts: message.ts });
  }

  #react(form: URLSearchParams, removed: boolean): Reply {
    const channel = form.get('channel') ?? '';
    const name = form.get('name') ?? '';
    const message = this.#conversation(channel)?.messages.find(({ ts }) => ts === form.get('timestamp'));
    if (message === undefined) return failure('message_not_found');
    if (EMOJI[name.split('::', 1)[0] ?? ''] === undefined) return failure('invalid_name');
    const given = message.reactions?.some((one) => one.name === name && one.users.includes(this.bot.user));
    if (given && !removed) return failure('already_reacted');
    if (!given && removed) return failure('no_reaction');
    this.react(channel, message.ts, name, { user: this.bot.user, removed });
    return success({});
  }

  #share(form: URLSearchParams): Reply {
    const channel = form.get('channel_id') ?? '';
    const wanted = JSON.parse(form.get('files') ?? '[]') as { id: string; title: string }[];
    const files = wanted.flatMap(({ id, title }) => {
      const file = this.#files.get(id);
      return file === undefined ? [] : [Object.assign(file, { title })];
    });
    if (files.length !== wanted.length || files.length === 0) return failure('file_not_found');
    if (files.length > 10) return failure('invalid_arguments');
    if (this.#conversation(channel) === undefined) return failure('channel_not_found');
    const thread_ts = form.get('thread_ts');
    this.#add(channel, {
      type: 'message',
      ts: this.#ts(),
      user: this.bot.user,
      bot_id: this.bot.id,
      text: form.get('initial_comment') ?? '',
      files,
      ...(thread_ts !== null && { thread_ts }),
    });
    return success({ files });
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
    return success({ ...page(listed.reverse(), form) });
  }

  #replies(form: URLSearchParams): Reply {
    const messages = this.#conversation(form.get('channel') ?? '')?.messages ?? [];
    const root = messages.find(({ ts }) => ts === form.get('ts'));
    if (root === undefined) return failure('thread_not_found');
    const replies = messages.filter(({ ts, thread_ts }) => thread_ts === root.ts && ts !== root.ts);
    const { messages: listed, ...more } = page(replies, form);
    return success({ messages: [withReplies(root, messages), ...listed], ...more });
  }

  #person(id: string): Reply {
    const { email, confirmed, team = this.team } = this.profiles.get(id) ?? { email: '', confirmed: false };
    const isShown = this.scopes.includes('users:read.email') && email !== '';
    const user = {
      id,
      team_id: team,
      deleted: false,
      is_bot: false,
      is_stranger: team !== this.team,
      is_email_confirmed: confirmed,
      profile: isShown ? { email } : {},
    };
    return success({ user }, { 'x-oauth-scopes': this.scopes.join(',') });
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

  #ts(): string {
    this.#clock += 1;
    return `${this.#clock}.000100`;
  }

  #emit(event: Record<string, unknown>): void {
    if (this.mute) return;
    this.events.emit(this.callback(structuredClone(event)));
  }
}

function blocksIn(form: URLSearchParams): SlackBlock[] | undefined {
  const blocks = form.get('blocks');
  return blocks === null ? undefined : (JSON.parse(blocks) as SlackBlock[]);
}

function success(body: Record<string, unknown>, headers: Record<string, string> = {}): Reply {
  return { status: 200, body: { ok: true, ...body }, headers };
}

function failure(error: string, more: Record<string, unknown> = {}): Reply {
  return { status: 200, body: { ok: false, error, ...more } };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
