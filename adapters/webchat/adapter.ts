import { LRUCache } from 'lru-cache';
import { oneEmoji } from '../../src/adapter-kit/index.ts';
import {
  type AdapterHost,
  type ChannelAdapter,
  ChannelError,
  type ChannelSocket,
  errorText,
  platformMessageId,
  senderId,
} from '../../src/contract/index.ts';
import { capabilities, REACTIONS_KEPT, SWEEP_EVERY_MS } from './capabilities.ts';
import { serveFile } from './files.ts';
import { dedupeKey, normalize } from './inbound.ts';
import type { WebChatOptions } from './index.ts';
import { answerLine } from './lines.ts';
import { type Menu, openMenu } from './menu.ts';
import { render } from './outbound.ts';
import { createPage } from './page.ts';
import { createRooms } from './room.ts';
import { openTab } from './tab.ts';
import { takePiece } from './upload-request.ts';
import { createUploads, type Uploads } from './uploads.ts';

/** A close code of RFC 6455's registry: the page comes back after it. */
const RESTARTING = 1012;

/**
 * The platform is the gateway itself: the durable history in the hub is every visitor's mailbox. So an answer is
 * delivered when it is sent; whoever has the page open sees it at once, everybody else when they come back.
 */
export function createWebChatAdapter(options: WebChatOptions): ChannelAdapter {
  const page = createPage(options.title);
  const rooms = createRooms();
  const sockets = new Set<ChannelSocket>();
  /** By line, as the hub knows it. Nobody else keeps them, so a restart forgets them. */
  const reactions = new LRUCache<string, string>({ max: REACTIONS_KEPT });
  let open: { readonly uploads: Uploads; readonly menu: Menu } | undefined;
  let sweeping: NodeJS.Timeout | undefined;

  function connected() {
    if (open === undefined) throw new ChannelError('network', 'the channel is stopped', { certain: true });
    return open;
  }

  function serve(host: AdapterHost, stored: Uploads, menu: Menu): void {
    const root = `/channels/${host.channel}/`;
    host.serve({
      audience: 'visitor',
      fetch(request, visitor) {
        const path = new URL(request.url).pathname.slice(root.length);
        if (path === 'upload') return takePiece(request, stored, visitor.id);
        const [, which] = /^files\/(.*)$/.exec(path) ?? [];
        if (which !== undefined) return serveFile(host, stored, which, request, visitor.id);
        return page.respond(path, request, visitor, () => host.languageOf({ id: senderId(visitor.id) }));
      },
      connected(socket, visitor) {
        sockets.add(socket);
        socket.onClose(() => sockets.delete(socket));
        openTab({ host, rooms, uploads: stored, reactions, menu }, socket, visitor);
      },
    });
  }

  return {
    capabilities,
    normalize,
    render,

    async start(host: AdapterHost) {
      const stored = createUploads(host.dataDir());
      const sweep = () =>
        stored.sweep().catch((error: unknown) => {
          host.log.warn('old uploads could not be removed', { error: errorText(error) });
        });
      const menu = openMenu(host.dataDir());
      open = { uploads: stored, menu };
      serve(host, stored, menu);
      sweeping = setInterval(() => void sweep(), SWEEP_EVERY_MS).unref();
      await sweep();
    },

    async stop() {
      clearInterval(sweeping);
      open = undefined;
      for (const socket of sockets) socket.close(RESTARTING, 'the channel stops');
      sockets.clear();
      rooms.close();
    },

    async send(message) {
      rooms.in(message.chat.id, (room) => room.line(answerLine(message, Date.now())));
      return { platformId: platformMessageId(message.id) };
    },

    startTyping(chat, turn, until) {
      if (until.aborted) return;
      rooms.in(chat, (room) => room.working(turn));
      until.addEventListener('abort', () => rooms.in(chat, (room) => room.idle(turn)), { once: true });
    },

    async stream({ chat, turn, text }) {
      rooms.in(chat.id, (room) => room.stream(turn, text));
    },

    async react(chat, message, emoji) {
      const shown = oneEmoji(emoji);
      if (shown === undefined) throw new ChannelError('rejected', 'a reaction is one emoji');
      reactions.set(dedupeKey(chat.id, message), shown);
      rooms.in(chat.id, (room) => room.reaction(message, shown));
    },

    async setMenu(commands) {
      const changed = await connected().menu.set(commands);
      if (changed) rooms.each((room) => room.menu(commands));
    },

    async download({ ref = '' }, signal) {
      return connected().uploads.read(ref, signal);
    },
  };
}
