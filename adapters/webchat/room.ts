import type { ChatId, MenuCommand } from '../../src/contract/index.ts';
import type { Line, ToPage } from './protocol.ts';

/** One open page of a visitor. */
export interface Tab {
  send(message: ToPage): void;
}

/** All open pages of one visitor, and what a page that opens now has missed of the running turn. */
export interface Room {
  /** From now on the tab hears of everything; returns what it has to know to follow. */
  join(tab: Tab): { turn: string; text: string } | null;
  leave(tab: Tab): void;
  /** Shows a line, to all tabs but the one it came from. */
  line(line: Line, except?: Tab): void;
  working(turn: string): void;
  idle(turn: string): void;
  /** `text` is all of the answer so far. */
  stream(turn: string, text: string): void;
  reaction(line: string, emoji: string): void;
  menu(commands: readonly MenuCommand[]): void;
  /** Nobody is here, and nothing is going on. */
  isEmpty(): boolean;
}

/** The rooms of all visitors. A room exists only while somebody is in it or something goes on. */
export interface Rooms {
  in<T>(chat: ChatId, use: (room: Room) => T): T;
  each(use: (room: Room) => void): void;
  close(): void;
}

export function createRooms(): Rooms {
  const rooms = new Map<ChatId, Room>();
  return {
    in(chat, use) {
      const room = rooms.get(chat) ?? createRoom();
      const result = use(room);
      if (room.isEmpty()) rooms.delete(chat);
      else rooms.set(chat, room);
      return result;
    },
    each: (use) => rooms.forEach(use),
    close: () => rooms.clear(),
  };
}

interface Live {
  readonly turn: string;
  /** Whether an `idle` will end it; otherwise its answer does. */
  working: boolean;
  text: string;
}

function createRoom(): Room {
  const tabs = new Set<Tab>();
  let live: Live | undefined;

  function tell(message: ToPage, except?: Tab): void {
    for (const tab of tabs) if (tab !== except) tab.send(message);
  }

  function enter(turn: string): Live {
    if (live?.turn !== turn) live = { turn, working: false, text: '' };
    return live;
  }

  return {
    join(tab) {
      tabs.add(tab);
      return live === undefined ? null : { turn: live.turn, text: live.text };
    },
    leave: (tab) => void tabs.delete(tab),
    line(line, except) {
      // When the answer is there, what was streamed has had its time.
      if (live?.turn === line.turn) live = live?.working ? { ...live, text: '' } : undefined;
      tell({ type: 'line', line }, except);
    },
    working(turn) {
      enter(turn).working = true;
      tell({ type: 'working', turn });
    },
    idle(turn) {
      if (live?.turn !== turn) return;
      live = undefined;
      tell({ type: 'idle', turn });
    },
    stream(turn, text) {
      const current = enter(turn);
      const offset = commonLength(current.text, text);
      tell({ type: 'stream', turn, offset, text: text.slice(offset) });
      current.text = text;
    },
    reaction: (line, emoji) => tell({ type: 'reaction', line, emoji }),
    menu: (commands) => tell({ type: 'menu', commands }),
    isEmpty: () => tabs.size === 0 && live === undefined,
  };
}

function commonLength(a: string, b: string): number {
  if (b.startsWith(a)) return a.length;
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}
