import { type ChannelId, errorText, type MenuCommand } from '../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import type { EventBus } from '../events.ts';
import type { ChatCommand } from '../inbound/commands.ts';
import type { Channel } from './channel.ts';

/** The longest that a platform may take to fill its menu, in milliseconds. */
const TIMEOUT_MS = 30_000;

/** Puts the commands that everybody may give into the menus of the platforms: once a channel is connected, and only when they changed. */
export class Menus {
  readonly #store: Store;
  readonly #channels: ReadonlyMap<ChannelId, Channel>;
  readonly #events: EventBus;
  readonly #menu: readonly MenuCommand[];
  /** What is being filled, and what breaks that off. */
  readonly #underWay = new Map<ChannelId, AbortController>();
  #isStopping = false;
  /** Channels whose menu could not be filled, which was told already. */
  readonly #failed = new Set<ChannelId>();

  constructor(parts: {
    store: Store;
    /** A live view. */
    channels: ReadonlyMap<ChannelId, Channel>;
    events: EventBus;
    commands: readonly ChatCommand[];
  }) {
    this.#store = parts.store;
    this.#channels = parts.channels;
    this.#events = parts.events;
    this.#menu = menuOf(parts.commands);
    parts.events.on('channel.state', ({ channel, state }) => {
      if (state === 'connected') void this.#fill(channel);
    });
  }

  stop(): void {
    this.#isStopping = true;
    for (const end of this.#underWay.values()) end.abort('stopping');
  }

  /** A menu that cannot be filled costs nothing but the menu; it is tried again at the next connection. */
  async #fill(id: ChannelId): Promise<void> {
    const adapter = this.#channels.get(id)?.adapter;
    const menu = JSON.stringify(this.#menu);
    if (adapter?.setMenu === undefined || this.#underWay.has(id)) return;
    if (this.#store.menus.get(id) === menu) return;
    const end = new AbortController();
    const timer = setTimeout(() => end.abort('timeout'), TIMEOUT_MS);
    this.#underWay.set(id, end);
    try {
      await adapter.setMenu(this.#menu, end.signal);
      await this.#store.write(() => this.#store.menus.put(id, menu));
      this.#failed.delete(id);
    } catch (error) {
      if (!this.#failed.has(id) && !this.#isStopping) {
        const fields = { reason: errorText(error) };
        const message = 'the menu of commands could not be filled; it is tried again at the next connection';
        this.#events.emit('channel.log', { channel: id, level: 'warn', message, fields });
      }
      this.#failed.add(id);
    } finally {
      clearTimeout(timer);
      this.#underWay.delete(id);
    }
  }
}

function menuOf(commands: readonly ChatCommand[]): MenuCommand[] {
  return commands
    .filter(({ admin, unlisted }) => !admin && unlisted !== true)
    .map(({ name, description, usage }) => ({
      name,
      description,
      ...(usage.en !== '' && { words: usage.en.replaceAll(/[[\]<>]/g, '') }),
    }));
}
