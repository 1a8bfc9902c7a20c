import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { errorText } from '../contract/index.ts';

/** What a command asks of the running gateway: one line of JSON, answered by one line of JSON. */
export interface ControlRequest {
  readonly do: string;
  readonly [argument: string]: unknown;
}

export type ControlReply = { readonly result: unknown } | { readonly error: string };

export type ControlHandler = (request: ControlRequest) => Promise<unknown>;

/** A request longer than this is none of ours; in characters. */
const LONGEST_REQUEST = 100_000;

/** Where a gateway listens for the commands of whoever may read its data folder. */
export function controlPath(dataDir: string): string {
  return join(dataDir, 'control.sock');
}

/**
 * Listens for commands on a socket in the data folder. Only its owner can open it, so it needs no token.
 * One request a connection. Returns what ends it.
 */
export async function serveControl(dataDir: string, handle: ControlHandler): Promise<() => Promise<void>> {
  const path = controlPath(dataDir);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    answer(socket, handle);
  });
  rmSync(path, { force: true }); // of a gateway that was killed; the data folder is locked, so it is nobody else's
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
}

function answer(socket: Socket, handle: ControlHandler): void {
  void firstLine(socket, LONGEST_REQUEST).then(async (line) => {
    if (line === undefined) return socket.destroy();
    return socket.end(`${JSON.stringify(await replyTo(line, handle))}\n`);
  });
}

/**
 * The first line that comes; `undefined` when none ends, or it is longer than `longest` characters. Only a line feed ends it:
 * readline takes U+2028 for an end as well, which may stand in a name inside of JSON.
 */
export function firstLine(socket: Socket, longest = Number.POSITIVE_INFINITY): Promise<string | undefined> {
  return new Promise((resolve) => {
    let heard = '';
    socket.setEncoding('utf8');
    socket.on('data', (piece: string) => {
      const end = piece.indexOf('\n');
      heard += end < 0 ? piece : piece.slice(0, end);
      if (heard.length > longest) resolve(undefined);
      else if (end >= 0) resolve(heard);
    });
    socket.on('close', () => resolve(undefined));
  });
}

async function replyTo(line: string, handle: ControlHandler): Promise<ControlReply> {
  try {
    return { result: await handle(JSON.parse(line) as ControlRequest) };
  } catch (error) {
    return { error: errorText(error) };
  }
}
