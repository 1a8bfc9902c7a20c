import type { ChannelId, Chat, InboundMessage } from '../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import type { Channel } from '../channels/channel.ts';
import type { IdentityResolver } from './identity-resolver.ts';

/** A chat in which something is said. */
export interface Destination {
  readonly channel: Channel;
  /** The chat's row. */
  readonly chatRef: number;
  readonly chat: Chat;
}

/** Knows who carries their conversation on in another chat (`/continue`): until they write there, answers go to it. */
export class Destinations {
  readonly #store: Store;
  readonly #identities: IdentityResolver;
  readonly #channels: ReadonlyMap<ChannelId, Channel>;

  /** `channels` is a live view. */
  constructor(store: Store, identities: IdentityResolver, channels: ReadonlyMap<ChannelId, Channel>) {
    this.#store = store;
    this.#identities = identities;
    this.#channels = channels;
  }

  /** Where the answer to a message goes, if not to the chat in which it was said. */
  elsewhere(said: {
    readonly channel: Channel;
    readonly chatRef: number;
    readonly message: InboundMessage;
  }): Destination | undefined {
    const { channel, chatRef, message } = said;
    if (message.chat.kind !== 'direct') return undefined;
    try {
      return this.#lookUp(channel, chatRef, message);
    } catch {
      return undefined; // a disk that cannot be read costs the way there, not the answer
    }
  }

  #lookUp(channel: Channel, chatRef: number, message: InboundMessage): Destination | undefined {
    const answerIn = this.#answerIn(channel.options.id, message);
    if (answerIn === undefined || answerIn === chatRef) return undefined;
    const row = this.#store.chats.get(answerIn);
    const there = row && this.#channels.get(row.channel);
    return row && there && { channel: there, chatRef: row.ref, chat: row.chat };
  }

  /** Whether somebody writes where their answers go to: then the conversation has arrived. */
  isArrival(channel: ChannelId, chatRef: number, message: InboundMessage): boolean {
    return message.chat.kind === 'direct' && this.#answerIn(channel, message) === chatRef;
  }

  #answerIn(channel: ChannelId, { sender }: InboundMessage): number | undefined {
    return this.#identities.find(channel, sender.id)?.choices.answerIn;
  }
}
