import { LRUCache } from 'lru-cache';
import type { ChannelId, ChatId, Language, Sender } from '../contract/index.ts';
import type { Store } from '../store/index.ts';
import { languageOfTag } from '../texts/index.ts';

const PEOPLE_REMEMBERED = 10_000;

/** Knows what the gateway speaks with whom: the language of their app, or else the owner's. */
export class Languages {
  readonly #store: Store;
  /** See GatewayOptions. */
  readonly #standard: Language;
  /** What people's apps told last: some platforms tell it only now and then. */
  readonly #told = new LRUCache<string, Language>({ max: PEOPLE_REMEMBERED });

  constructor(store: Store, standard: Language) {
    this.#store = store;
    this.#standard = standard;
  }

  /** Somebody wrote. */
  heard(channel: ChannelId, { id, language }: Sender): void {
    const told = languageOfTag(language ?? '');
    if (told !== undefined) this.#told.set(`${channel} ${id}`, told);
  }

  languageOf(channel: ChannelId, { id, language }: Sender): Language {
    return languageOfTag(language ?? '') ?? this.#told.get(`${channel} ${id}`) ?? this.#standard;
  }

  /** That of who wrote last in a chat. */
  languageIn(channel: ChannelId, chat: ChatId): Language {
    const ref = this.#store.chats.find(channel, chat);
    const sender = ref === undefined ? undefined : this.#store.inbox.latestSender(ref);
    return sender === undefined ? this.#standard : this.languageOf(channel, sender);
  }
}
