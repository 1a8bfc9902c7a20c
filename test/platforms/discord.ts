import { FakeCommands } from './discord-commands.ts';
import { FakeDiscordGateway, Intent, type Session } from './discord-gateway.ts';
import { type Limit, tooFast } from './discord-limits.ts';
import { type Post, postOf, refusal, refusalOf, type Upload } from './discord-posts.ts';
import { FakePresses } from './discord-presses.ts';
import {
  type Attachment,
  type Button,
  type Channel,
  ChannelType,
  DiscordWorld,
  type Guild,
  type Message,
  type Snowflake,
  type User,
} from './discord-world.ts';
import { FakeHttpServer, type FakeRequest, type Reply } from './fake-http.ts';

export type { Channel, Guild, Message, User } from './discord-world.ts';

/** What a bot's message looks like to the people in its channel. */
export interface SeenMessage {
  readonly id: Snowflake;
  readonly content: string;
  readonly replyTo?: Snowflake;
  readonly files?: readonly Upload[];
  /** The labels of its buttons, row by row; in brackets the dead ones. */
  readonly buttons?: readonly (readonly string[])[];
}

const ROUTES: readonly (readonly [method: string, path: RegExp, operation: string])[] = [
  ['GET', /^\/gateway\/bot$/, 'getGateway'],
  ['GET', /^\/applications\/@me$/, 'getApplication'],
  ['GET', /^\/applications\/(\d+)\/commands$/, 'getCommands'],
  ['PUT', /^\/applications\/(\d+)\/commands$/, 'overwriteCommands'],
  ['GET', /^\/channels\/(\d+)$/, 'getChannel'],
  ['POST', /^\/channels\/(\d+)\/messages$/, 'createMessage'],
  ['GET', /^\/channels\/(\d+)\/messages$/, 'getMessages'],
  ['PATCH', /^\/channels\/(\d+)\/messages\/(\d+)$/, 'editMessage'],
  ['PUT', /^\/channels\/(\d+)\/messages\/(\d+)\/reactions\/[^/]+\/@me$/, 'createReaction'],
  ['POST', /^\/channels\/(\d+)\/typing$/, 'triggerTyping'],
  ['POST', /^\/interactions\/(\d+)\/[^/]+\/callback$/, 'answerInteraction'],
  ['DELETE', /^\/webhooks\/(\d+)\/[^/]+\/messages\/@original$/, 'withdrawAnswer'],
];

const MESSAGE_CONTENT_FLAG = 1 << 19;
const SUPPRESS_EMBEDS = 1 << 2;
const NOTHING: Reply = { status: 204, body: '', headers: { 'content-type': 'text/plain' } };

/**
 * Discord on loopback: its REST API (v10), its file server, and its gateway. A bot connects with `apiUrl` and `token`;
 * the methods are what people, Discord itself and the network do.
 */
export class FakeDiscord extends FakeHttpServer {
  readonly world = new DiscordWorld();
  readonly gateway: FakeDiscordGateway;
  readonly #nonces = new Map<string, Snowflake>();
  readonly #files = new Map<string, { type: string; bytes: Buffer }>();
  readonly #unfurled: Snowflake[] = [];
  readonly #uploads = new Map<Snowflake, Upload>();
  readonly #presses = new FakePresses();
  readonly commands = new FakeCommands();
  readonly #limits = new Map<string, Limit>();
  readonly #locked = new Map<Snowflake, Reply>();

  readonly #gates = new Map<string, Promise<void>>();

  token = 'fake-bot-token';
  /** The switch "Message Content Intent" on the bot's page. */
  messageContentIntent = true;
  /** What the page says, where that differs from what the gateway does. */
  claimsMessageContentIntent: boolean | undefined;
  readonly typing: Snowflake[] = [];
  /** Whom messages of the bot mentioned: `everyone`, or ids of users. */
  readonly pinged: string[] = [];
  /** The address on the web that is told of pressed buttons; without it, the gateway is. */
  interactionsEndpointUrl: string | null = null;

  constructor() {
    super();
    this.gateway = new FakeDiscordGateway({
      token: () => this.token,
      contentAllowed: () => this.messageContentIntent,
      greeting: () => ({
        ready: {
          v: 10,
          user: this.world.bot,
          application: { id: this.world.bot.id, flags: this.#applicationFlags() },
          private_channels: [],
        },
        guilds: [...this.world.guilds.values()].map((guild) => this.#guildObject(guild)),
      }),
      changed: () => this.changed(),
    });
  }

  override async listen(port = 0): Promise<this> {
    await super.listen(port);
    await this.gateway.listen();
    return this;
  }

  override async stop(): Promise<void> {
    this.gateway.stop();
    await super.stop();
  }

  /** Where a bot finds the REST API. */
  get apiUrl(): string {
    return `${this.url}/api`;
  }

  get bot(): User {
    return this.world.bot;
  }

  /** The chat between one person and the bot. */
  direct(person: User): Channel {
    return this.world.channel({ type: ChannelType.direct, recipients: [person] });
  }

  channel(guild: Guild, name: string, type: number = ChannelType.text): Channel {
    return this.world.channel({ guild_id: guild.id, name, type });
  }

  thread(parent: Channel, name: string): Channel {
    const { id, guild_id } = parent;
    return this.world.channel({
      type: ChannelType.thread,
      name,
      parent_id: id,
      ...(guild_id !== undefined && { guild_id }),
    });
  }

  /** Somebody writes; `<@id>` in the text mentions. */
  say(author: User, channel: Channel, content: string, more: Partial<Message> & { answers?: Message } = {}) {
    const { answers, ...rest } = more;
    const message = this.world.add(author, channel, content, {
      ...(answers !== undefined && {
        type: 19,
        referenced_message: answers,
        message_reference: { type: 0, message_id: answers.id, channel_id: answers.channel_id },
      }),
      ...rest,
    });
    this.#tell('MESSAGE_CREATE', message);
    return message;
  }

  /** Somebody passes on what was said elsewhere. */
  forward(person: User, channel: Channel, content: string): Message {
    return this.say(person, channel, '', {
      message_reference: { type: 1, message_id: this.world.snowflake(), channel_id: this.world.snowflake() },
      message_snapshots: [
        { message: { type: 0, content, attachments: [], embeds: [], mentions: [], flags: 0 } },
      ],
    });
  }

  /** A file on Discord's file server, as it hangs on a message. */
  attachment(filename: string, type: string, bytes: Buffer): Attachment {
    const id = this.world.snowflake();
    const path = `/attachments/${id}/${encodeURIComponent(filename)}`;
    this.#files.set(path, { type, bytes });
    return { id, filename, content_type: type, size: bytes.length, url: `${this.url}${path}?ex=1&is=1&hm=1` };
  }

  /** Links to files hold for about a day. */
  expireFiles(): void {
    this.#files.clear();
  }

  edit(message: Message, content: string): void {
    message.content = content;
    message.edited_timestamp = new Date().toISOString();
    this.#tell('MESSAGE_UPDATE', message);
  }

  /** Discord adds the preview of a link: an update that is no edit. */
  unfurl(message: Message): void {
    this.#unfurled.push(message.id);
    this.#tell('MESSAGE_UPDATE', message);
  }

  delete(...messages: Message[]): void {
    for (const message of messages) this.world.remove(message);
    const [first] = messages;
    if (first === undefined) return;
    const where = this.#where(first.channel_id);
    if (messages.length === 1) this.#dispatch('MESSAGE_DELETE', where, { id: first.id, ...where });
    else this.#dispatch('MESSAGE_DELETE_BULK', where, { ids: messages.map(({ id }) => id), ...where });
  }

  /** Somebody presses the latest button that says so. */
  press(person: User, channel: Channel, label: string): void {
    const isIt = (button: Button) => button.label === label && button.disabled !== true;
    const message = this.world
      .messagesIn(channel.id)
      .findLast(({ components }) => components.some((row) => row.components.some(isIt)));
    const button = message?.components.flatMap(({ components }) => components).find(isIt);
    if (message === undefined || button === undefined) throw new Error(`no button says "${label}"`);
    if (this.interactionsEndpointUrl !== null) return;
    this.#act(person, channel, this.#presses.of(this.world.snowflake(), message, button));
  }

  /** Somebody chooses the command with this description, and adds words. Gives the id under which Discord knows it. */
  pick(person: User, channel: Channel, description: string, words = ''): Snowflake {
    const id = this.world.snowflake();
    this.#act(person, channel, this.commands.chosen(id, description, words));
    return id;
  }

  #act(person: User, channel: Channel, what: object): void {
    const where = this.#where(channel.id);
    const who = where.guild_id === undefined ? { user: person } : { member: { nick: null, user: person } };
    const body = { ...what, application_id: this.bot.id, ...where, ...who };
    this.gateway.dispatch('INTERACTION_CREATE', Intent.none, () => body);
    this.changed();
  }

  /** Discord waits 3 seconds for an answer to a pressed button. */
  expireInteractions(): void {
    this.#presses.expire();
  }

  react(person: User, message: Message, emoji: { id: string | null; name: string }, removed = false): void {
    const where = this.#where(message.channel_id);
    const t = removed ? 'MESSAGE_REACTION_REMOVE' : 'MESSAGE_REACTION_ADD';
    this.gateway.dispatch(
      t,
      where.guild_id === undefined ? Intent.directReactions : Intent.guildReactions,
      () => ({
        user_id: person.id,
        message_id: message.id,
        ...where,
        emoji,
        ...(!removed && {
          message_author_id: message.author.id,
          ...(where.guild_id !== undefined && { member: { user: person } }),
        }),
      }),
    );
  }

  /** Somebody adds the bot to a server. */
  invite(guild: Guild): void {
    this.gateway.dispatch('GUILD_CREATE', Intent.guilds, () => this.#guildObject(guild));
  }

  /** Every request about a channel is refused: the bot may not see it, or Discord has trouble with it. */
  lock(channel: Channel, status: number, code: number): void {
    this.#locked.set(channel.id, refusal(status, code, 'Missing Access'));
  }

  unlock(channel: Channel): void {
    this.#locked.delete(channel.id);
  }

  /** Every request of this operation waits, before it has any effect, until the returned function is called. */
  hold(operation: string): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gates.set(operation, promise);
    return resolve;
  }

  /** Nonces are remembered for a few minutes only. */
  forgetNonces(): void {
    this.#nonces.clear();
  }

  /** Too fast: until then, every request of this operation is answered 429. */
  limit(operation: string, seconds: number, scope: Limit['scope'] = 'user'): void {
    this.#limits.set(operation, { until: Date.now() + seconds * 1000, scope });
  }

  refuse(operation: string, status: number, code: number, message: string, times = 1): void {
    this.fail(operation, { kind: 'status', status, body: { code, message } }, times);
  }

  /** What the bot said in a channel, as people there see it. */
  seen(channel: Channel): SeenMessage[] {
    return this.world
      .messagesIn(channel.id)
      .filter(({ author }) => author.id === this.bot.id)
      .map(({ id, content, message_reference, attachments, components }) => {
        const files = attachments.flatMap((attachment) => this.#uploads.get(attachment.id) ?? []);
        const buttons = components.map((row) =>
          row.components.map(({ label, disabled }) => (disabled ? `[${label}]` : label)),
        );
        return {
          id,
          content,
          ...(message_reference !== undefined && { replyTo: message_reference.message_id }),
          ...(files.length > 0 && { files }),
          ...(buttons.length > 0 && { buttons }),
        };
      });
  }

  /** What the bot has put under a message. */
  reactions({ id }: Message): string[] {
    return [...this.world.reactions(id)].filter(([, who]) => who.has(this.bot.id)).map(([emoji]) => emoji);
  }

  protected override operationOf({ method, url }: FakeRequest): string {
    if (url.pathname.startsWith('/attachments/')) return 'getFile';
    const path = url.pathname.replace(/^\/api\/v10/, '');
    return ROUTES.find(([verb, pattern]) => verb === method && pattern.test(path))?.[2] ?? 'unknown';
  }

  protected override async handle(operation: string, request: FakeRequest): Promise<Reply | undefined> {
    const gate = this.#gates.get(operation);
    if (gate !== undefined) this.changed();
    await gate;
    if (operation === 'getFile') return this.#file(request);
    if (operation === 'answerInteraction') {
      const answered = this.commands.answer(request);
      return answered ?? this.#presses.answer(request, (message) => this.edit(message, message.content));
    }
    if (operation === 'withdrawAnswer') return this.commands.withdraw(request);
    if (request.headers.authorization !== `Bot ${this.token}`) return refusal(401, 0, '401: Unauthorized');
    const channel = this.world.channels.get(/\/channels\/(\d+)/.exec(request.url.pathname)?.[1] ?? '');
    const lock = channel && this.#locked.get(channel.id);
    const limit = this.#limits.get(operation);
    if (limit !== undefined && limit.until > Date.now()) return tooFast(operation, limit);
    if (lock !== undefined) return lock;
    switch (operation) {
      case 'getGateway':
        return ok({
          url: this.gateway.url,
          shards: 1,
          session_start_limit: { total: 1000, remaining: 999, reset_after: 86_400_000, max_concurrency: 1 },
        });
      case 'getApplication':
        return ok({
          id: this.bot.id,
          name: 'Fake',
          flags: this.#applicationFlags(),
          interactions_endpoint_url: this.interactionsEndpointUrl,
        });
      case 'getCommands':
        return this.commands.list(request.url);
      case 'overwriteCommands':
        return this.commands.overwrite(request);
      case 'getChannel':
        return channel ? ok(channel) : refusal(404, 10_003, 'Unknown Channel');
      case 'createMessage':
        return channel ? this.#create(channel, request) : refusal(404, 10_003, 'Unknown Channel');
      case 'getMessages':
        return channel ? this.#list(channel, request.url) : refusal(404, 10_003, 'Unknown Channel');
      case 'editMessage':
      case 'createReaction': {
        const [, id = ''] = /\/messages\/(\d+)/.exec(request.url.pathname) ?? [];
        const message = channel && this.world.find(channel.id, id);
        if (message === undefined) return refusal(404, 10_008, 'Unknown Message');
        return operation === 'editMessage' ? this.#edit(message, request) : this.#react(message, request.url);
      }
      case 'triggerTyping':
        if (channel === undefined) return refusal(404, 10_003, 'Unknown Channel');
        this.typing.push(channel.id);
        return NOTHING;
      default:
        return refusal(404, 0, '404: Not Found');
    }
  }

  async #create(channel: Channel, request: FakeRequest): Promise<Reply> {
    const { post: body, files } = await postOf(request);
    const content = (body.content ?? '').trim();
    if (channel.type === ChannelType.forum)
      return refusal(400, 50_024, 'Cannot execute on this channel type');
    if (content === '' && files.length === 0) return refusal(400, 50_006, 'Cannot send an empty message');
    const refused = refusalOf(body, files, request.rawBody.length);
    if (refused !== undefined) return refused;
    if (body.enforce_nonce === true && body.nonce !== undefined) {
      const id = this.#nonces.get(body.nonce);
      if (id !== undefined) {
        const before = this.world.find(channel.id, id);
        return before ? ok(before) : refusal(404, 10_008, 'Unknown Message');
      }
    }
    const wanted = body.message_reference?.message_id;
    const referenced = wanted === undefined ? undefined : this.world.find(channel.id, wanted);
    if (wanted !== undefined && !referenced && body.message_reference?.fail_if_not_exists !== false) {
      return refusal(400, 50_035, 'Unknown message');
    }
    const message = this.world.add(this.bot, channel, content, {
      flags: body.flags ?? 0,
      attachments: files.map((file) => this.#attached(file)),
      components: body.components ?? [],
      ...(body.nonce !== undefined && { nonce: body.nonce }),
      ...(referenced && {
        type: 19,
        referenced_message: referenced,
        message_reference: { type: 0, message_id: referenced.id, channel_id: channel.id },
      }),
    });
    if (body.nonce !== undefined) this.#nonces.set(body.nonce, message.id);
    this.#ping(content, body.allowed_mentions, referenced?.author);
    if (/https?:/.test(content) && (message.flags & SUPPRESS_EMBEDS) === 0) this.#unfurled.push(message.id);
    this.#tell('MESSAGE_CREATE', message);
    return ok(message);
  }

  /** An edit makes no sound, but it can mention people all the same. */
  async #edit(message: Message, request: FakeRequest): Promise<Reply> {
    if (message.author.id !== this.bot.id)
      return refusal(403, 50_005, 'Cannot edit a message of another user');
    const { post, files } = await postOf(request);
    const refused = refusalOf(post, files, request.rawBody.length);
    if (refused !== undefined) return refused;
    const content = post.content?.trim() ?? message.content;
    const kept = message.attachments.filter(
      ({ id }) => post.attachments === undefined || post.attachments.some((wanted) => wanted.id === id),
    );
    const attachments = [...kept, ...files.map((file) => this.#attached(file))];
    if (content === '' && attachments.length === 0)
      return refusal(400, 50_006, 'Cannot send an empty message');
    message.flags = post.flags ?? message.flags;
    message.attachments = attachments;
    message.components = post.components ?? message.components;
    this.#ping(content, post.allowed_mentions, undefined);
    if (/https?:/.test(content) && (message.flags & SUPPRESS_EMBEDS) === 0) this.#unfurled.push(message.id);
    this.edit(message, content);
    return ok(message);
  }

  #react(message: Message, url: URL): Reply {
    const emoji = decodeURIComponent(/\/reactions\/([^/]+)\//.exec(url.pathname)?.[1] ?? '');
    const given = this.world.reactions(message.id);
    if (!/^\p{RGI_Emoji}$/v.test(emoji)) return refusal(400, 10_014, 'Unknown Emoji');
    if (!given.has(emoji) && given.size === 20) return refusal(400, 30_010, 'Too many reactions');
    const who = given.get(emoji) ?? new Set();
    given.set(emoji, who);
    if (!who.has(this.bot.id)) this.react(this.bot, message, { id: null, name: emoji });
    who.add(this.bot.id);
    return NOTHING;
  }

  #attached(file: Upload): Attachment {
    const attachment = this.attachment(file.name, file.type, file.bytes);
    this.#uploads.set(attachment.id, file);
    return attachment;
  }

  /** Messages whose links Discord has fetched to show a preview. */
  get unfurled(): readonly Snowflake[] {
    return this.#unfurled;
  }

  #ping(content: string, allowed: Post['allowed_mentions'], answered: User | undefined): void {
    const may = (kind: string) => allowed?.parse === undefined || allowed.parse.includes(kind);
    if (/@(everyone|here)/.test(content) && may('everyone')) this.pinged.push('everyone');
    for (const [, id] of content.matchAll(/<@!?(\d+)>/g)) if (id && may('users')) this.pinged.push(id);
    if (answered !== undefined && (allowed?.replied_user ?? allowed === undefined))
      this.pinged.push(answered.id);
  }

  /** `after` gives the messages that follow it, the nearest ones, newest first; without it, the newest ones. */
  #list(channel: Channel, url: URL): Reply {
    if (channel.type === ChannelType.forum)
      return refusal(400, 50_024, 'Cannot execute on this channel type');
    const limit = Number(url.searchParams.get('limit') ?? 50);
    if (limit < 1 || limit > 100) return refusal(400, 50_035, 'Invalid Form Body');
    const after = url.searchParams.get('after');
    const messages = this.world.messagesIn(channel.id);
    const page =
      after === null
        ? messages.slice(-limit)
        : messages.filter(({ id }) => BigInt(id) > BigInt(after)).slice(0, limit);
    // History tells neither the server nor the nonce.
    return ok(page.toReversed().map(({ nonce: _, ...message }) => message));
  }

  #file({ url, response }: FakeRequest): Reply | undefined {
    const file = this.#files.get(url.pathname);
    if (file === undefined)
      return {
        status: 404,
        body: 'This content is no longer available.',
        headers: { 'content-type': 'text/plain' },
      };
    response.writeHead(200, { 'content-type': file.type, 'content-length': file.bytes.length });
    response.end(file.bytes);
    return undefined;
  }

  #tell(t: string, message: Message): void {
    const where = this.#where(message.channel_id);
    const member = where.guild_id === undefined ? {} : { member: { nick: null, roles: [] } };
    this.#dispatch(t, where, { ...message, ...where, ...member }, message);
  }

  #dispatch(t: string, where: { guild_id?: Snowflake }, body: object, message?: Message): void {
    const intent = where.guild_id === undefined ? Intent.directMessages : Intent.guildMessages;
    this.gateway.dispatch(t, intent, (session) =>
      message === undefined || this.#mayRead(session, message)
        ? body
        : { ...body, content: '', attachments: [], embeds: [] },
    );
    this.changed();
  }

  /** Without the intent, a bot reads only direct messages, its own, and those that mention it. */
  #mayRead({ intents }: Session, { channel_id, author, mentions }: Message): boolean {
    return (
      (intents & Intent.messageContent) !== 0 ||
      this.#where(channel_id).guild_id === undefined ||
      author.id === this.bot.id ||
      mentions.some(({ id }) => id === this.bot.id)
    );
  }

  #where(channel: Snowflake): { channel_id: Snowflake; guild_id?: Snowflake } {
    const guild = this.world.channels.get(channel)?.guild_id;
    return { channel_id: channel, ...(guild !== undefined && { guild_id: guild }) };
  }

  #guildObject(guild: Guild) {
    const here = [...this.world.channels.values()].filter(({ guild_id }) => guild_id === guild.id);
    return {
      ...guild,
      channels: here.filter(({ type }) => type !== ChannelType.thread),
      threads: here.filter(({ type }) => type === ChannelType.thread),
    };
  }

  #applicationFlags(): number {
    return (this.claimsMessageContentIntent ?? this.messageContentIntent) ? MESSAGE_CONTENT_FLAG : 0;
  }
}

function ok(body: unknown): Reply {
  return { status: 200, body };
}
