import type { ChannelId, Chat, ChatId, OutboundId, TurnId } from '../contract/index.ts';
import { idText, type Store } from '../store/index.ts';
import type { Channel } from './channel.ts';
import type { Lanes } from './lanes.ts';
import { insertOutgoing, newOutgoing } from './outbox.ts';

/** Says something that no turn has asked for, through the outbox like everything else. */
export class Announcer {
  readonly #store: Store;
  readonly #channels: ReadonlyMap<ChannelId, Channel>;
  readonly #lanes: Lanes;

  constructor(store: Store, channels: ReadonlyMap<ChannelId, Channel>, lanes: Lanes) {
    this.#store = store;
    this.#channels = channels;
    this.#lanes = lanes;
  }

  /** Resolves with the ids of the messages, once they are on disk; none if the channel is not there. */
  async say(channelId: ChannelId, chatId: ChatId, markdown: string): Promise<readonly OutboundId[]> {
    const channel = this.#channels.get(channelId);
    if (channel === undefined) return [];
    const turn = idText<TurnId>(this.#store.ids.next());
    const now = Date.now();
    const expiresAt = now + channel.options.expireAfter;
    const bodies = channel.adapter.render(markdown);
    const outgoing = await this.#store.insist(() => {
      const known = this.#store.chats.find(channelId, chatId);
      // A chat that never wrote to us is taken for a direct one: that is where people read what is for them alone.
      const chatRef = known ?? this.#store.chats.refOf(channelId, { id: chatId, kind: 'direct' });
      const chat = this.#store.chats.get(chatRef)?.chat as Chat;
      return bodies.map((body, index) => {
        const content = { turn, body };
        const parts = { chatRef, chat, content, expiresAt, previewLost: false, sending: false };
        const message = newOutgoing(index, parts);
        insertOutgoing(this.#store, message);
        return message;
      });
    });
    this.#lanes.add(outgoing, channel);
    return outgoing.map(({ id }) => id);
  }
}
