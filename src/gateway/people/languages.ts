import { LRUCache } from 'lru-cache';
import type { ChannelId, ChatId, Language, Sender } from '../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import { languageOfTag } from '../../texts/index.ts';
import type { Settings } from '../settings.ts';
import type { IdentityResolver } from './identity-resolver.ts';

const PEOPLE_REMEMBERED = 10_000;

/** Knows what the gateway speaks with whom: what they chose, or else the language of their app, or else that of the config. */
export class Languages {
  readonly #store: Store;
  readonly #identities: IdentityResolver;
  readonly #settings: Pick<Settings, 'language'>;
  /** What people's apps told last: some platforms tell it only now and then. */
  readonly #told = new LRUCache<string, Language>({ max: PEOPLE_REMEMBERED });

  constructor(store: Store, identities: IdentityResolver, settings: Pick<Settings, 'language'>) {
    this.#store = store;
    this.#identities = identities;
    this.#settings = settings;
  }

  /** Somebody wrote. */
  heard(channel: ChannelId, { id, language }: Sender): void {
    const told = languageOfTag(language ?? '');
    if (told !== undefined) this.#told.set(`${channel} ${id}`, told);
  }

  languageOf(channel: ChannelId, { id, language }: Sender): Language {
    const chosen = this.#identities.find(channel, id)?.choices.language;
    return (
      chosen ?? languageOfTag(language ?? '') ?? this.#told.get(`${channel} ${id}`) ?? this.#settings.language
    );
  }

  /** That of who wrote last in a chat. */
  languageIn(channel: ChannelId, chat: ChatId): Language {
    const ref = this.#store.chats.find(channel, chat);
    const sender = ref === undefined ? undefined : this.#store.inbox.latestSender(ref);
    return sender === undefined ? this.#settings.language : this.languageOf(channel, sender);
  }
}
