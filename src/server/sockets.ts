import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ChannelSocket, Visitor } from '../contract/index.ts';
import { Refusal } from './refusal.ts';

/** All open WebSockets: how many there may be, that their peers live, read and keep to a pace. */
export interface Sockets {
  /** Why this visitor cannot have another one now. */
  full(visitor: Visitor): Refusal | undefined;
  accept(upgrade: Upgrade, visitor: Visitor, connected: (socket: ChannelSocket) => void): void;
  /** Whoever is here is no longer welcome: nothing that they still say is heard. */
  dismiss(): void;
  /** Says goodbye to everyone; whoever does not answer is cut. */
  close(): Promise<void>;
}

export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

const MAX_SOCKETS = 1_000;
const MAX_SOCKETS_PER_VISITOR = 20;
const MAX_FRAME_BYTES = 256 * 1024;
/** What may wait for a client to read it; beyond, it is taken for one that never reads. */
const MAX_BACKLOG_BYTES = 4 * 1024 * 1024;
const BEAT_MS = 20_000;
/** Messages and pings between two beats; a person's page needs a few. */
const MAX_FRAMES_PER_BEAT = 2_000;
const GOODBYE_MS = 1_000;
const FAREWELL_MS = 500;

/** Close codes of RFC 6455, section 7.4.1, and of its IANA registry. */
const GOING_AWAY = 1001;
const TEXT_ONLY = 1003;
const SLOW_DOWN = 1013;

interface Peer {
  readonly visitor: string;
  alive: boolean;
  frames: number;
}

export function createSockets(): Sockets {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    autoPong: false,
  });
  const peers = new Map<WebSocket, Peer>();
  const beat = setInterval(() => {
    for (const [ws, peer] of peers) checkPulse(ws, peer);
  }, BEAT_MS).unref();

  function adopt(ws: WebSocket, visitor: Visitor): void {
    const peer: Peer = { visitor: visitor.id, alive: true, frames: 0 };
    const counted = () => {
      peer.alive = true;
      peer.frames += 1;
      if (peer.frames > MAX_FRAMES_PER_BEAT) cut(ws, SLOW_DOWN, 'too many messages');
    };
    peers.set(ws, peer);
    ws.on('close', () => peers.delete(ws));
    ws.on('error', () => {}); // a broken or oversized frame: ws closes by itself
    ws.on('pong', () => {
      peer.alive = true;
    });
    ws.on('ping', (data) => {
      counted();
      whileReading(ws, () => ws.pong(data));
    });
    ws.on('message', (_, isBinary) => {
      counted();
      if (isBinary) cut(ws, TEXT_ONLY, 'text frames only');
    });
  }

  return {
    full(visitor) {
      const own = [...peers.values()].filter((peer) => peer.visitor === visitor.id).length;
      if (own >= MAX_SOCKETS_PER_VISITOR) return new Refusal(429, 'this browser has too many pages open');
      if (peers.size >= MAX_SOCKETS) return new Refusal(503, 'too many pages are open');
      return undefined;
    },
    accept({ request, socket, head }, visitor, connected) {
      server.handleUpgrade(request, socket, head, (ws) => {
        adopt(ws, visitor);
        connected(channelSocket(ws));
      });
    },
    dismiss() {
      for (const ws of peers.keys()) {
        cut(ws, GOING_AWAY, 'the access token has changed');
        setTimeout(() => ws.terminate(), FAREWELL_MS).unref();
      }
    },
    async close() {
      clearInterval(beat);
      const gone = [...peers.keys()].map((ws) => new Promise((resolve) => ws.once('close', resolve)));
      for (const ws of peers.keys()) ws.close(GOING_AWAY, 'the gateway stops');
      const impatience = setTimeout(() => {
        for (const ws of peers.keys()) ws.terminate();
      }, GOODBYE_MS);
      await Promise.all(gone);
      clearTimeout(impatience);
    },
  };
}

function checkPulse(ws: WebSocket, peer: Peer): void {
  if (!peer.alive) {
    ws.terminate();
    return;
  }
  peer.alive = false;
  peer.frames = 0;
  whileReading(ws, () => ws.ping());
}

/** Sends to a client that reads, and cuts one that does not. */
function whileReading(ws: WebSocket, send: () => void): void {
  if (ws.readyState !== ws.OPEN) return;
  if (ws.bufferedAmount > MAX_BACKLOG_BYTES) ws.terminate();
  else send();
}

/** Closes, and does not wait for the peer's farewell before it stops listening. */
function cut(ws: WebSocket, code: number, reason: string): void {
  ws.removeAllListeners('message');
  ws.close(code, reason);
}

function channelSocket(ws: WebSocket): ChannelSocket {
  return {
    send: (text) => whileReading(ws, () => ws.send(text)),
    close: (code, reason) => ws.close(code, reason),
    onMessage(listener) {
      ws.on('message', (data, isBinary) => {
        if (!isBinary) listener(String(data));
      });
    },
    onClose(listener) {
      ws.on('close', listener);
    },
  };
}
