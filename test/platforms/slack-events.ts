import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** One event, or what somebody pressed or commanded, on its way to the app. */
interface Delivery {
  readonly id: string;
  readonly type: 'events_api' | 'interactive' | 'slash_commands';
  readonly body: Record<string, unknown>;
  attempt: number;
  acked: boolean;
  /** The socket that it was given to last. */
  socket?: WebSocket;
  timer?: NodeJS.Timeout;
}

export interface SlackEventsOptions {
  /** How long the app has to acknowledge an event before it is sent again, in milliseconds. */
  readonly ackTimeoutMs: number;
  readonly app: string;
  /** The app's user. */
  readonly bot: string;
  /** The headers of a call. */
  sign(body: string): Record<string, string>;
  /** Called after everything that a test might wait for. */
  changed(): void;
}

/** How often Slack repeats an event. */
const RETRIES = 3;

/** Slack's Events API: each event goes to one of the app's sockets, or to its webhook, until the app says that it has it. */
export class SlackEvents {
  /** While set, new connections are not greeted. */
  silent = false;
  readonly #options: SlackEventsOptions;
  readonly #server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  readonly #deliveries: Delivery[] = [];
  readonly #stopping = new AbortController();
  #webhook: string | undefined;

  constructor(options: SlackEventsOptions) {
    this.#options = options;
    this.#server.on('connection', (socket) => this.#greet(socket));
  }

  async listen(): Promise<void> {
    if (this.#server.address() === null) await once(this.#server, 'listening');
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const { timer } of this.#deliveries) clearTimeout(timer);
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.cut();
    await closed;
  }

  /** Where the app opens a socket. */
  get socketUrl(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/link/?ticket=test-ticket`;
  }

  /** From now on events go to this address, signed, and not to a socket. */
  callAt(url: string): void {
    this.#webhook = url;
  }

  emit(body: Record<string, unknown>): void {
    this.#begin({ id: `env-${String(body.event_id)}`, type: 'events_api', body, attempt: 0, acked: false });
  }

  /** What somebody pressed comes once: when the app does not say that it has it, they are told that it failed. */
  press(body: Record<string, unknown>): void {
    this.#once('interactive', body);
  }

  /** So does a command. */
  command(body: Record<string, unknown>): void {
    this.#once('slash_commands', body);
  }

  #once(type: Delivery['type'], body: Record<string, unknown>): void {
    this.#begin({ id: `env-${String(body.trigger_id)}`, type, body, attempt: 0, acked: false });
  }

  #begin(delivery: Delivery): void {
    this.#deliveries.push(delivery);
    if (this.#webhook !== undefined || this.#liveSocket() !== undefined) this.#send(delivery);
    this.#options.changed();
  }

  /** Events of people that the app has acknowledged. */
  get acked(): number {
    return this.#byPeople.filter(({ acked }) => acked).length;
  }

  /** How often events of people were sent, repeats included. */
  get attempts(): number {
    return this.#byPeople.reduce((sum, { attempt }) => sum + attempt, 0);
  }

  /** Presses that the app has acknowledged. */
  get pressesAcked(): number {
    return this.#deliveries.filter(({ type, acked }) => type === 'interactive' && acked).length;
  }

  /** Commands that the app has acknowledged; of others, Slack tells who gave them that they failed. */
  get commandsAcked(): number {
    return this.#deliveries.filter(({ type, acked }) => type === 'slash_commands' && acked).length;
  }

  get connections(): number {
    return this.#server.clients.size;
  }

  /** Slack wants the app to connect anew, or no longer at all. */
  disconnectApp(reason: 'warning' | 'refresh_requested' | 'link_disabled' = 'refresh_requested'): void {
    this.sendRaw(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'applink-test' } }));
  }

  cut(): void {
    for (const socket of this.#server.clients) socket.terminate();
  }

  /** The network swallows everything on the open sockets, goodbyes too. */
  freeze(): void {
    for (const socket of this.#server.clients) socket.pause();
  }

  /** Sends anything, also what Slack never would. */
  sendRaw(text: string): void {
    for (const socket of this.#server.clients) socket.send(text);
  }

  get #byPeople(): Delivery[] {
    return this.#deliveries.filter(({ type, body }) => {
      const event = body.event as { user?: string };
      if (type !== 'events_api' || event.user === this.#options.bot) return false;
      return !('bot_id' in event) && !('previous_message' in event);
    });
  }

  #liveSocket(): WebSocket | undefined {
    return [...this.#server.clients].findLast((socket) => socket.readyState === socket.OPEN && !this.silent);
  }

  #send(delivery: Delivery): void {
    clearTimeout(delivery.timer);
    delivery.attempt += 1;
    if (this.#webhook !== undefined) void this.#call(this.#webhook, delivery);
    else this.#push(delivery);
    this.#options.changed();
  }

  #push(delivery: Delivery): void {
    const socket = this.#liveSocket();
    if (socket === undefined) return;
    delivery.socket = socket;
    const { id, type, body, attempt } = delivery;
    socket.send(
      JSON.stringify({
        envelope_id: id,
        payload: body,
        type,
        accepts_response_payload: false,
        ...(type === 'events_api' && {
          retry_attempt: attempt - 1,
          retry_reason: attempt > 1 ? 'timeout' : '',
        }),
      }),
    );
    this.#repeatLater(delivery);
  }

  async #call(url: string, delivery: Delivery): Promise<void> {
    const body = written(delivery);
    const isForm = delivery.type !== 'events_api';
    const retry = delivery.attempt > 1 ? { 'x-slack-retry-num': String(delivery.attempt - 1) } : {};
    const form = isForm ? { 'content-type': 'application/x-www-form-urlencoded' } : {};
    const headers = { ...this.#options.sign(body), ...form, ...retry };
    const { signal } = this.#stopping;
    const status = await fetch(url, { method: 'POST', body, headers, signal }).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200) this.#acknowledge(delivery);
    else if (!signal.aborted) this.#repeatLater(delivery);
  }

  #repeatLater(delivery: Delivery): void {
    if (delivery.acked || delivery.attempt > RETRIES || delivery.type !== 'events_api') return;
    delivery.timer = setTimeout(() => this.#send(delivery), this.#options.ackTimeoutMs);
  }

  #acknowledge(delivery: Delivery): void {
    delivery.acked = true;
    clearTimeout(delivery.timer);
    this.#options.changed();
  }

  #greet(socket: WebSocket): void {
    socket.on('message', (data) => {
      const { envelope_id } = JSON.parse(String(data)) as { envelope_id?: string };
      const delivery = this.#deliveries.find(({ id }) => id === envelope_id);
      if (delivery !== undefined) this.#acknowledge(delivery);
    });
    socket.on('error', () => {});
    socket.on('close', () => this.#options.changed());
    this.#options.changed();
    if (this.silent) return;
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: this.connections,
        debug_info: { host: 'applink-test', approximate_connection_time: 18_060 },
        connection_info: { app_id: this.#options.app },
      }),
    );
    // What was given to a connection that is gone, or to none, comes to the next one.
    for (const delivery of this.#deliveries) {
      const lost = delivery.socket === undefined || delivery.socket.readyState !== delivery.socket.OPEN;
      if (!delivery.acked && lost && delivery.attempt <= RETRIES) this.#send(delivery);
    }
  }
}

/** As a webhook gets it. */
function written({ type, body }: Delivery): string {
  const json = JSON.stringify(body);
  if (type === 'events_api') return json;
  return new URLSearchParams(
    type === 'interactive' ? { payload: json } : (body as Record<string, string>),
  ).toString();
}
