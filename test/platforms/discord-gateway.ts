import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Snowflake } from './discord-world.ts';

/** https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway */
const Op = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  resume: 6,
  reconnect: 7,
  invalidSession: 9,
  hello: 10,
  heartbeatAck: 11,
} as const;

/** https://discord.com/developers/docs/topics/gateway#gateway-intents */
export const Intent = {
  guilds: 1 << 0,
  guildMessages: 1 << 9,
  guildReactions: 1 << 10,
  directMessages: 1 << 12,
  directReactions: 1 << 13,
  messageContent: 1 << 15,
  /** What comes whatever a bot asked for. */
  none: -1,
} as const;

const HEARTBEAT_ASKED_MS = 20;

const KNOWN_INTENTS = 0x3f_ffff | (1 << 24) | (1 << 25);

interface Dispatch {
  op: 0;
  t: string;
  s: number;
  d: unknown;
}

/** What was sent to one bot since it identified; kept for a while after its socket is gone. */
export interface Session {
  readonly id: string;
  readonly intents: number;
  readonly sent: Dispatch[];
  /** The latest event that the bot said it has; Discord knows no other ack. */
  acknowledged: number;
  socket: WebSocket | undefined;
}

export interface GatewayRules {
  token(): string;
  /** Whether the switch for the content of messages is on. */
  contentAllowed(): boolean;
  /** What comes right after IDENTIFY: the body of READY, and the guilds. */
  greeting(): { ready: object; guilds: { id: Snowflake }[] };
  changed(): void;
}

/** Discord's gateway: sessions that outlive their sockets, and what they missed sent again. */
export class FakeDiscordGateway {
  readonly #http = createServer();
  readonly #server = new WebSocketServer({
    server: this.#http,
    verifyClient: (_, admit) => this.admits && admit(true),
  });
  readonly #connections = new Set<Socket>();
  readonly #rules: GatewayRules;
  readonly #sessions = new Map<string, Session>();
  readonly #greeted = new Set<WebSocket>();
  #asking: NodeJS.Timeout | undefined;

  heartbeatIntervalMs = 41_250;
  /** While false, heartbeats get no answer. */
  acknowledges = true;
  /** While false, nothing that happens reaches a socket: it only waits to be replayed. */
  delivers = true;
  /** While false, a new connection gets no answer at all. */
  admits = true;
  /** While false, a new socket is never greeted. */
  greets = true;
  /** The next IDENTIFYs are answered with this close code. */
  readonly refuseIdentify: number[] = [];
  /** What bots asked for. */
  readonly identified: { intents: number }[] = [];
  readonly resumed: { session: string; seq: number; accepted: boolean }[] = [];
  heartbeats = 0;
  /** With which code each socket was closed by its bot. */
  readonly closedByBot: number[] = [];

  constructor(rules: GatewayRules) {
    this.#rules = rules;
    this.#server.on('connection', (socket) => this.#greet(socket));
    this.#http.on('connection', (socket) => {
      this.#connections.add(socket);
      this.#rules.changed();
      socket.on('close', () => {
        this.#connections.delete(socket);
        this.#rules.changed();
      });
    });
  }

  async listen(): Promise<void> {
    this.#http.listen(0, '127.0.0.1');
    await once(this.#http, 'listening');
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  /** How many bots are connected and past their READY or RESUMED. */
  get connected(): number {
    return [...this.#sessions.values()].filter(({ socket }) => socket !== undefined).length;
  }

  /** How many messages of an author bots have said to have. */
  acknowledged(t: 'MESSAGE_CREATE', author: Snowflake): number {
    return [...this.#sessions.values()]
      .flatMap(({ sent, acknowledged }) => sent.filter(({ s }) => s <= acknowledged))
      .filter((event) => event.t === t && (event.d as { author: { id: Snowflake } }).author.id === author)
      .length;
  }

  /** Connections that are open, whatever has been said on them. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Something happened: every session that asked for such things gets it, now or when it resumes. */
  dispatch(t: string, intent: number, body: (session: Session) => unknown): void {
    for (const session of this.#sessions.values()) {
      if ((session.intents & intent) !== 0) this.#dispatchTo(session, t, body(session));
    }
  }

  /** Sends the latest `count` events of every session once more, as a duplicate that resuming can bring. */
  redeliver(count: number): void {
    for (const { sent, socket } of this.#sessions.values()) {
      for (const event of sent.slice(-count)) socket?.send(JSON.stringify(event));
    }
  }

  /** Every connection breaks off without a word. */
  cut(): void {
    for (const socket of this.#connections) socket.destroy();
  }

  /** Discord closes every connection. */
  close(code: number): void {
    for (const socket of this.#server.clients) socket.close(code);
  }

  /** No connection reads any more, so none takes part in closing. */
  freeze(): void {
    for (const socket of this.#server.clients) socket.pause();
  }

  /** Asks every bot for a heartbeat, over and over: it says then, and not half a minute later, what it has. */
  askForHeartbeats(): void {
    this.#asking ??= setInterval(() => {
      for (const { socket } of this.#sessions.values()) {
        socket?.send(JSON.stringify({ op: Op.heartbeat, d: null }));
      }
    }, HEARTBEAT_ASKED_MS);
  }

  askToReconnect(): void {
    this.#toAll({ op: Op.reconnect, d: null });
  }

  /** Sessions are over: what was missed is not sent again to anybody. */
  forgetSessions(): void {
    this.#sessions.clear();
  }

  invalidate(): void {
    this.forgetSessions();
    this.#toAll({ op: Op.invalidSession, d: false });
  }

  stop(): void {
    clearInterval(this.#asking);
    this.cut();
    this.#server.close();
    this.#http.close();
  }

  #toAll(payload: object): void {
    for (const socket of this.#server.clients) socket.send(JSON.stringify(payload));
  }

  #greet(socket: WebSocket): void {
    socket.on('error', () => {});
    socket.on('close', (code) => this.#left(socket, code));
    socket.on('message', (data) => this.#answer(socket, String(data)));
    if (this.greets) {
      socket.send(JSON.stringify({ op: Op.hello, d: { heartbeat_interval: this.heartbeatIntervalMs } }));
    }
    this.#rules.changed();
  }

  /** A bot that says a proper good-bye (1000, 1001) ends its session; any other code keeps it. */
  #left(socket: WebSocket, code: number): void {
    this.closedByBot.push(code);
    this.#greeted.delete(socket);
    for (const session of this.#sessions.values()) {
      if (session.socket !== socket) continue;
      session.socket = undefined;
      if (code === 1000 || code === 1001) this.#sessions.delete(session.id);
    }
    this.#rules.changed();
  }

  #answer(socket: WebSocket, text: string): void {
    const payload = parse(text);
    const closeCode = payload === undefined ? 4002 : this.#handle(socket, payload);
    if (closeCode !== undefined) socket.close(closeCode);
    this.#rules.changed();
  }

  /** Does what a bot asks for, or says with which code it is to be closed. */
  #handle(socket: WebSocket, { op, d }: { op: number; d: unknown }): number | undefined {
    const isGreeted = this.#greeted.has(socket);
    if (op === Op.heartbeat) {
      this.heartbeats += 1;
      for (const session of this.#sessions.values()) {
        if (session.socket === socket) session.acknowledged = Number(d);
      }
      if (this.acknowledges) socket.send(JSON.stringify({ op: Op.heartbeatAck }));
      return undefined;
    }
    if (op !== Op.identify && op !== Op.resume) return isGreeted ? 4001 : 4003;
    if (isGreeted) return 4005;
    this.#greeted.add(socket);
    return op === Op.identify ? this.#identify(socket, d as never) : this.#resume(socket, d as never);
  }

  #identify(socket: WebSocket, { token, intents }: { token: string; intents: number }): number | undefined {
    this.identified.push({ intents });
    const refusal = this.refuseIdentify.shift();
    if (refusal !== undefined) return refusal;
    if (token !== this.#rules.token()) return 4004;
    if ((intents & ~KNOWN_INTENTS) !== 0) return 4013;
    if ((intents & Intent.messageContent) !== 0 && !this.#rules.contentAllowed()) return 4014;
    const session: Session = { id: randomUUID(), intents, sent: [], acknowledged: 0, socket };
    this.#sessions.set(session.id, session);
    const { ready, guilds } = this.#rules.greeting();
    this.#dispatchTo(session, 'READY', {
      ...ready,
      session_id: session.id,
      resume_gateway_url: this.url,
      guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
    });
    if ((intents & Intent.guilds) !== 0) {
      for (const guild of guilds) this.#dispatchTo(session, 'GUILD_CREATE', guild);
    }
    return undefined;
  }

  #resume(
    socket: WebSocket,
    { token, session_id: id, seq }: { token: string; session_id: string; seq: number },
  ): number | undefined {
    if (token !== this.#rules.token()) return 4004;
    const session = this.#sessions.get(id);
    this.resumed.push({ session: id, seq, accepted: session !== undefined });
    if (session === undefined) {
      this.#greeted.delete(socket);
      socket.send(JSON.stringify({ op: Op.invalidSession, d: false }));
      return undefined;
    }
    if (seq > session.sent.length) return 4007;
    session.socket = socket;
    for (const event of session.sent.slice(seq)) socket.send(JSON.stringify(event));
    this.#dispatchTo(session, 'RESUMED', {});
    return undefined;
  }

  #dispatchTo(session: Session, t: string, d: unknown): void {
    const event: Dispatch = { op: Op.dispatch, t, s: session.sent.length + 1, d };
    session.sent.push(event);
    if (this.delivers) session.socket?.send(JSON.stringify(event));
  }
}

function parse(text: string): { op: number; d: unknown } | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
