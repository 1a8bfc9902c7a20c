import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const MAX_HALF_OPEN = 512;

/**
 * Bounds the connections that have not asked for anything yet: beyond the limit the one that waited longest is cut.
 * So ten thousand silent connections cost little memory, and a client that does speak still gets through.
 */
export function boundHalfOpen(server: Server): void {
  const silent = new Set<Socket>();
  server.on('connection', (socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
    if (silent.size <= MAX_HALF_OPEN) return;
    const [oldest] = silent;
    oldest?.destroy();
  });
  server.on('request', (request) => silent.delete(request.socket));
  server.on('upgrade', (request) => silent.delete(request.socket));
}
