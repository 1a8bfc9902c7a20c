import type { ChannelId, Chat, ChatId, Language, OutboundId, TurnId } from '../../contract/index.ts';
import { idText, type Store } from '../../store/index.ts';
import type { Channel } from '../channels/channel.ts';
import type { Languages } from '../people/languages.ts';
import type { Lanes } from './lanes.ts';
import { insertOutgoing, type NewOutgoing, newOutgoing } from './outbox.ts';

/** What is on disk to be said. */
export interface Announcement {
  readonly channel: Channel | undefined;
  readonly outgoing: readonly NewOutgoing[];
}

const NOTHING: Announcement = { channel: undefined, outgoing: [] };

/** Says something that no turn has asked for, through the outbox like everything else. */
export class Announcer {
  readonly #store: Store;
  readonly #channels: ReadonlyMap<ChannelId, Channel>;
  readonly #lanes: Lanes;
  readonly #languages: Languages;

  constructor(parts: {
    store: Store;
    /** A live view. */
    channels: ReadonlyMap<ChannelId, Channel>;
    lanes: Lanes;
    languages: Languages;
  }) {
    this.#store = parts.store;
    this.#channels = parts.channels;
    this.#lanes = parts.lanes;
    this.#languages = parts.languages;
  }

  /** Resolves with the ids of the messages, once they are on disk; none if the channel is not there. */
  async say(
    channelId: ChannelId,
    chatId: ChatId,
    markdown: string | ((language: Language) => string),
  ): Promise<readonly OutboundId[]> {
    const announcement = await this.#store.insist(() => this.write(channelId, chatId, markdown));
    this.send(announcement);
    return announcement.outgoing.map(({ id }) => id);
  }

  /** All of it in one transaction. Resolves with how many chats it goes to. */
  async sayToAll(
    chats: readonly { readonly channel: ChannelId; readonly chat: ChatId }[],
    markdown: string,
  ): Promise<number> {
    const announcements = await this.#store.insist(() =>
      chats.map(({ channel, chat }) => this.write(channel, chat, markdown)),
    );
    for (const announcement of announcements) this.send(announcement);
    return announcements.filter(({ channel }) => channel !== undefined).length;
  }

  /** To be called within a write; what it returns is to be sent after the commit. */
  write(
    channelId: ChannelId,
    chatId: ChatId,
    markdown: string | ((language: Language) => string),
  ): Announcement {
    const channel = this.#channels.get(channelId);
    if (channel === undefined) return NOTHING;
    const text =
      typeof markdown === 'string' ? markdown : markdown(this.#languages.languageIn(channelId, chatId));
    const turn = idText<TurnId>(this.#store.ids.next());
    const now = Date.now();
    const expiresAt = now + channel.options.expireAfter;
    const known = this.#store.chats.find(channelId, chatId);
    // A chat that never wrote to us is taken for a direct one: that is where people read what is for them alone.
    const chatRef = known ?? this.#store.chats.refOf(channelId, { id: chatId, kind: 'direct' });
    const chat = this.#store.chats.get(chatRef)?.chat as Chat;
    const outgoing = channel.adapter.render(text).map((body, index) => {
      const content = { turn, body };
      const parts = { chatRef, chat, content, expiresAt, previewLost: false, sending: false };
      const message = newOutgoing(index, parts);
      insertOutgoing(this.#store, message);
      return message;
    });
    return { channel, outgoing };
  }

  /** Hands over what is on disk. */
  send({ channel, outgoing }: Announcement): void {
    if (channel !== undefined) this.#lanes.add(outgoing, channel);
  }
}
