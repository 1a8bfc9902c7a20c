import {
  type AdapterHost,
  type ChannelAdapter,
  type ChannelSocket,
  platformMessageId,
} from '../../src/contract/index.ts';
import { capabilities } from './capabilities.ts';
import { normalize } from './inbound.ts';
import type { WebChatOptions } from './index.ts';
import { answerLine } from './lines.ts';
import { render } from './outbound.ts';
import { createPage } from './page.ts';
import { createRooms } from './room.ts';
import { openTab } from './tab.ts';

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

  return {
    capabilities,
    normalize,
    render,

    async start(host: AdapterHost) {
      const root = `/channels/${host.channel}/`;
      host.serve({
        audience: 'visitor',
        fetch: (request, visitor) =>
          page.respond(new URL(request.url).pathname.slice(root.length), request, visitor),
        connected(socket, visitor) {
          sockets.add(socket);
          socket.onClose(() => sockets.delete(socket));
          openTab(host, rooms, socket, visitor);
        },
      });
    },

    async stop() {
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

    stream(chat, turn, text) {
      rooms.in(chat, (room) => room.stream(turn, text));
    },
  };
}
