/** Ids as Discord makes them: decimal strings that grow with time. https://discord.com/developers/docs/reference#snowflakes */
export type Snowflake = string;

export interface User {
  id: Snowflake;
  username: string;
  global_name: string | null;
  bot?: boolean;
}

export interface Guild {
  id: Snowflake;
  name: string;
}

/** Channel types of Discord that the fake knows. */
export const ChannelType = { text: 0, direct: 1, thread: 11, forum: 15 } as const;

export interface Channel {
  id: Snowflake;
  type: number;
  name?: string;
  guild_id?: Snowflake;
  parent_id?: Snowflake;
  last_message_id: Snowflake | null;
  recipients?: User[];
}

export interface Attachment {
  id: Snowflake;
  filename: string;
  content_type?: string;
  size: number;
  url: string;
}

export interface Button {
  type: number;
  style: number;
  custom_id: string;
  label: string;
  disabled?: boolean;
}

export interface ActionRow {
  type: number;
  components: Button[];
}

export interface Message {
  id: Snowflake;
  channel_id: Snowflake;
  type: number;
  author: User;
  content: string;
  timestamp: string;
  edited_timestamp: string | null;
  mention_everyone: boolean;
  mentions: User[];
  attachments: Attachment[];
  components: ActionRow[];
  flags: number;
  nonce?: string;
  message_reference?: { type: number; message_id: Snowflake; channel_id: Snowflake };
  referenced_message?: Message | null;
  message_snapshots?: unknown[];
  sticker_items?: unknown[];
  webhook_id?: Snowflake;
}

export const DISCORD_EPOCH = 1_420_070_400_000n;

/** Everything that Discord knows: who is where, and what was said. */
export class DiscordWorld {
  readonly users = new Map<Snowflake, User>();
  readonly guilds = new Map<Snowflake, Guild>();
  readonly channels = new Map<Snowflake, Channel>();
  readonly #messages = new Map<Snowflake, Message[]>();
  readonly #reactions = new Map<Snowflake, Map<string, Set<Snowflake>>>();
  #counter = 0n;
  readonly bot: User = this.user('gateway-bot', { bot: true });

  /** Unique, and growing within a channel as Discord's do. */
  snowflake(at = Date.now()): Snowflake {
    this.#counter += 1n;
    return String(((BigInt(at) - DISCORD_EPOCH) << 22n) + this.#counter);
  }

  user(username: string, more: Partial<User> = {}): User {
    const user = { id: this.snowflake(), username, global_name: null, ...more };
    this.users.set(user.id, user);
    return user;
  }

  guild(name: string): Guild {
    const guild = { id: this.snowflake(), name };
    this.guilds.set(guild.id, guild);
    return guild;
  }

  channel(more: Partial<Channel>): Channel {
    const channel = { id: this.snowflake(), type: ChannelType.text, last_message_id: null, ...more };
    this.channels.set(channel.id, channel);
    this.#messages.set(channel.id, []);
    return channel;
  }

  messagesIn(channel: Snowflake): Message[] {
    return this.#messages.get(channel) ?? [];
  }

  find(channel: Snowflake, id: Snowflake): Message | undefined {
    return this.messagesIn(channel).find((message) => message.id === id);
  }

  /** `<@id>` in the text mentions. */
  add(author: User, channel: Channel, content: string, more: Partial<Message> = {}): Message {
    const message: Message = {
      id: this.snowflake(),
      channel_id: channel.id,
      type: 0,
      author,
      content,
      timestamp: new Date().toISOString(),
      edited_timestamp: null,
      mention_everyone: false,
      mentions: [...content.matchAll(/<@!?(\d+)>/g)].flatMap(([, id]) => this.users.get(id ?? '') ?? []),
      attachments: [],
      components: [],
      flags: 0,
      ...more,
    };
    this.messagesIn(channel.id).push(message);
    channel.last_message_id = message.id;
    return message;
  }

  /** Who has put which emoji under a message. */
  reactions(message: Snowflake): Map<string, Set<Snowflake>> {
    const known = this.#reactions.get(message) ?? new Map<string, Set<Snowflake>>();
    this.#reactions.set(message, known);
    return known;
  }

  remove(message: Message): void {
    const messages = this.messagesIn(message.channel_id);
    messages.splice(messages.indexOf(message), 1);
  }
}
