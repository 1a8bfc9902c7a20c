import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { FakeHttpServer, type FakeRequest, type Reply } from './fake-http.ts';
import { decodeFrame, encodeFrame, type FeishuFrame } from './feishu-frame.ts';
import { Refused } from './feishu-refused.ts';
import { type WebhookSecrets, webhookEvent } from './feishu-webhook.ts';
import { type Chat, FeishuWorld, type Message } from './feishu-world.ts';

export type { Chat, Message } from './feishu-world.ts';

/** An event that Feishu pushes until somebody takes it. */
export interface PushedEvent {
  readonly id: string;
  readonly envelope: { readonly header: { readonly event_id: string }; readonly event: object };
  /** How often it was pushed. */
  attempts: number;
  acked: boolean;
  /** Of the press of a button: what happens with the answer. It is pushed only once. */
  readonly answered?: (answer: CallbackAnswer | undefined) => void;
}

/** What a callback can be answered with. */
interface CallbackAnswer {
  readonly toast?: { readonly type: string; readonly content: string };
  readonly card?: { readonly type: string; readonly data: object };
}

/** How Feishu waits before it pushes an event again that was answered by an error (there: 15 s, 5 min, 1 h, 6 h). */
const PUSH_AGAIN_AFTER_MS = 20;

/** What Feishu tells its clients to do, in seconds. */
const CLIENT_CONFIG = { PingInterval: 120, ReconnectCount: -1, ReconnectInterval: 120, ReconnectNonce: 30 };

/**
 * Feishu (or Lark) on loopback: the REST API of one app, its long connection in binary frames, and its webhooks.
 * What happens in its chats is in `world`.
 *
 * Operations, for `fail` and `requests`: token, endpoint, bot, create, reply, patch, message, history, chat, resource,
 * react, unreact, uploadImage, uploadFile, person, createCard, convertCard, writeCard, setCard, replaceCard.
 */
export class FakeFeishu extends FakeHttpServer {
  readonly appId = 'cli_0123456789abcdef';
  readonly appSecret = 'feishu-test-secret';
  readonly world = new FeishuWorld(this.appId);
  readonly events: PushedEvent[] = [];
  /** Where events go instead of to the long connections. */
  webhook: ({ readonly url: string } & WebhookSecrets) | undefined;
  /** Into how many frames an event is cut. */
  framesPerEvent = 1;
  /** Whether pings are answered. */
  answersPings = true;
  pings = 0;
  /** What those who pressed a button were told; `undefined`: that it went wrong. */
  readonly toasts: (string | undefined)[] = [];
  /** The frames that came over the long connections and were no pings. */
  readonly answers: FeishuFrame[] = [];

  readonly #sockets = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  readonly #clients = new Set<WebSocket>();
  #tokens = new Set<string>();
  #count = 0;

  override async listen(port = 0): Promise<this> {
    if (this.#sockets.address() === null) await once(this.#sockets, 'listening');
    this.#sockets.on('connection', (socket) => this.#connected(socket));
    return super.listen(port);
  }

  override async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#sockets.close(resolve));
    await super.stop();
  }

  override cut(): void {
    for (const client of this.#clients) client.terminate();
    super.cut();
  }

  /** Long connections that are open. */
  get connections(): number {
    return this.#clients.size;
  }

  /** Ends all access tokens before their time. */
  expireTokens(): void {
    this.#tokens.clear();
  }

  /** A person writes. `lost`: nobody is told, as in a gap; only the history shows it. */
  say(chat: Chat, text: string, more: Partial<Message> & { readonly lost?: boolean } = {}): Message {
    const { lost = false, ...rest } = more;
    const message = this.world.add(chat, { content: JSON.stringify({ text }), ...rest });
    if (!lost) this.push('im.message.receive_v1', this.world.received(message));
    return message;
  }

  react(message: Message, emoji: string, what: 'created' | 'deleted' = 'created', by = 'ou_alice'): void {
    this.push(`im.message.reaction.${what}_v1`, {
      message_id: message.id,
      reaction_type: { emoji_type: emoji },
      ...(by.startsWith('ou_')
        ? { operator_type: 'user', user_id: { open_id: by } }
        : { operator_type: 'app', app_id: by }),
      action_time: String(this.world.now()),
    });
  }

  /** Somebody presses a button: the latest in the chat with this label. */
  press(chat: Chat, label: string, by = 'ou_alice'): PushedEvent {
    const { message, value } = this.world.button(chat, label);
    const event = {
      operator: { tenant_key: 'tenant-1', open_id: by, union_id: `on_${by}` },
      token: 'c-1',
      action: { value, tag: 'button' },
      host: 'im_message',
      context: { open_message_id: message.id, open_chat_id: chat.id },
    };
    return this.push('card.action.trigger', event, (answer) => {
      this.toasts.push(answer?.toast?.content);
      // A card that is streaming cannot be changed this way.
      const { card = '' } = message;
      if (answer?.card?.type === 'raw' && !this.world.cards.isStreaming(card)) {
        this.world.cards.put(card, JSON.stringify(answer.card.data));
      }
    });
  }

  recall(message: Message): void {
    message.deleted = true;
    this.push('im.message.recalled_v1', {
      message_id: message.id,
      chat_id: message.chat.id,
      recall_time: String(this.world.now()),
      recall_type: 'message_owner',
    });
  }

  push(type: string, event: object, answered?: PushedEvent['answered']): PushedEvent {
    this.#count += 1;
    const id = `event-${this.#count}`;
    const header = {
      event_id: id,
      event_type: type,
      // Of callbacks it is told in microseconds.
      create_time: `${this.world.now()}${answered === undefined ? '' : '000'}`,
      token: this.webhook?.verificationToken ?? '',
      app_id: this.appId,
      tenant_key: 'tenant-1',
    };
    const envelope = { schema: '2.0', header, event };
    const pushed = { id, envelope, attempts: 0, acked: false, ...(answered && { answered }) };
    this.events.push(pushed);
    this.#offer(pushed);
    return pushed;
  }

  /** Pushes an event (again), also one that was taken. */
  offer(event: PushedEvent): void {
    this.#offer(event);
  }

  protected operationOf({ method, url }: FakeRequest): string {
    const path = url.pathname;
    const operation = OPERATIONS.find(([verb, pattern]) => verb === method && pattern.test(path));
    return operation?.[2] ?? `${method} ${path}`;
  }

  protected async handle(operation: string, request: FakeRequest): Promise<Reply | undefined> {
    try {
      if (operation === 'resource') return this.#sendFile(request);
      return { status: 200, body: { code: 0, msg: 'ok', ...this.#answer(operation, request) } };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { status: error.status, body: { code: error.code, msg: error.message } };
    } finally {
      this.changed();
    }
  }

  #sendFile(request: FakeRequest): undefined {
    this.#authorize(request);
    const { url, response } = request;
    const [, , , , , id = '', , key = ''] = url.pathname.split('/');
    response.end(this.world.resource(id, key, url.searchParams.get('type') ?? ''));
  }

  #authorize({ headers }: FakeRequest): void {
    if (this.#tokens.has((headers.authorization ?? '').replace('Bearer ', ''))) return;
    throw new Refused(99991663, 'Invalid access token for authorization.');
  }

  #answer(operation: string, request: FakeRequest): object {
    const { url, body, headers, rawBody } = request;
    const fields = body as Record<string, string>;
    if (operation === 'token') {
      if (fields.app_id !== this.appId) throw new Refused(10003, 'invalid app_id');
      if (fields.app_secret !== this.appSecret) throw new Refused(10014, 'app secret invalid');
      const token = `t-${++this.#count}`;
      this.#tokens.add(token);
      return { tenant_access_token: token, expire: 7200 };
    }
    if (operation === 'endpoint') {
      if (fields.AppID !== this.appId || fields.AppSecret !== this.appSecret) {
        throw new Refused(514, 'app_id or app_secret is wrong', 200);
      }
      const { port } = this.#sockets.address() as AddressInfo;
      return {
        data: {
          URL: `ws://127.0.0.1:${port}/ws?device_id=1&service_id=7`,
          ClientConfig: CLIENT_CONFIG,
        },
      };
    }
    this.#authorize(request);
    const id = url.pathname.split('/')[5] ?? '';
    switch (operation) {
      case 'bot':
        return { bot: { activate_status: 2, app_name: 'Claw', open_id: this.world.botId } };
      case 'create':
        return { data: this.world.asItem(this.world.create(fields, rawBody.length)) };
      case 'reply':
        return { data: this.world.asItem(this.world.reply(id, fields, rawBody.length)) };
      case 'patch':
        this.world.patch(id, fields.content ?? '', rawBody.length);
        return { data: {} };
      case 'react':
        return { data: { reaction_id: this.#react(id, body) } };
      case 'unreact': {
        const { emoji } = this.world.reactions.remove(id, url.pathname.split('/')[7] ?? '', this.appId);
        this.react(this.world.find(id), emoji, 'deleted', this.appId);
        return { data: {} };
      }
      case 'message':
        return { data: { items: [this.world.asItem(this.world.find(id))] } };
      case 'history':
        return { data: this.world.history(url.searchParams) };
      case 'chat':
        return { data: { chat_mode: this.world.chat(id).kind } };
      case 'person':
        return { data: { user: this.world.colleague(id) } };
      case 'uploadImage':
        return { data: { image_key: this.world.upload('image', String(headers['content-type']), rawBody) } };
      case 'uploadFile':
        return { data: { file_key: this.world.upload('file', String(headers['content-type']), rawBody) } };
      default:
        return this.#changeCard(operation, id, url.pathname.split('/')[7] ?? '', body);
    }
  }

  #react(id: string, body: unknown): string {
    const message = this.world.find(id);
    if (message.deleted) throw new Refused(231003, 'The message is not found.');
    this.world.chat(message.chat.id);
    const { emoji_type } = (body as { reaction_type: { emoji_type: string } }).reaction_type;
    const { reaction, isNew } = this.world.reactions.add(id, emoji_type, this.appId);
    if (isNew) this.react(message, emoji_type, 'created', this.appId);
    return reaction.id;
  }

  #changeCard(operation: string, id: string, element: string, body: unknown): object {
    const { cards } = this.world;
    const fields = body as Readonly<Record<string, string>>;
    const sequence = Number(fields.sequence);
    switch (operation) {
      case 'createCard':
        return { data: { card_id: cards.create(fields.type ?? '', fields.data ?? '') } };
      case 'convertCard':
        return { data: { card_id: this.world.cardOf(fields.message_id ?? '') } };
      case 'writeCard':
        cards.write(id, element, fields.content ?? '', sequence);
        return { data: {} };
      case 'setCard':
        cards.set(id, fields.settings ?? '', sequence);
        return { data: {} };
      case 'replaceCard':
        cards.replace(id, (body as { card: { data: string } }).card.data, sequence);
        return { data: {} };
      default:
        throw new Refused(99991404, `no such operation: ${operation}`, 404);
    }
  }

  #connected(socket: WebSocket): void {
    this.#clients.add(socket);
    socket.on('close', () => {
      this.#clients.delete(socket);
      this.changed();
    });
    socket.on('message', (data) => this.#frame(socket, decodeFrame(data as Buffer)));
    this.changed();
    for (const event of this.events) if (!event.acked && !event.answered) this.#offerSoon(event);
  }

  #frame(socket: WebSocket, frame: FeishuFrame): void {
    if (frame.headers.type === 'ping') {
      this.pings += 1;
      const payload = Buffer.from(JSON.stringify(CLIENT_CONFIG));
      if (this.answersPings) socket.send(encodeFrame({ ...frame, headers: { type: 'pong' }, payload }));
    } else {
      this.answers.push(frame);
      const event = this.events.find(({ id }) => id === frame.headers.message_id);
      if (event !== undefined) {
        const { code, data } = JSON.parse(String(frame.payload)) as { code: number; data?: string };
        const answer = data === undefined ? {} : JSON.parse(Buffer.from(data, 'base64').toString('utf8'));
        this.#settle(event, code === 200 ? answer : undefined);
      }
    }
    this.changed();
  }

  #offer(event: PushedEvent): void {
    if (this.webhook !== undefined) void this.#call(event, this.webhook);
    const [client] = this.#clients;
    if (client === undefined || this.webhook !== undefined) return;
    event.attempts += 1;
    const data = Buffer.from(JSON.stringify(event.envelope));
    const size = Math.ceil(data.length / this.framesPerEvent);
    const sum = Math.ceil(data.length / size);
    for (let seq = 0; seq < sum; seq++) {
      const headers = {
        type: 'event',
        message_id: event.id,
        sum: `${sum}`,
        seq: `${seq}`,
        trace_id: 'trace',
      };
      const payload = data.subarray(seq * size, (seq + 1) * size);
      client.send(encodeFrame({ service: 7, method: 1, headers, payload }));
    }
  }

  async #call(event: PushedEvent, webhook: { url: string } & WebhookSecrets): Promise<void> {
    event.attempts += 1;
    const call = webhookEvent(webhook, event.envelope);
    const answer = await fetch(webhook.url, { method: 'POST', ...call }).then(
      async (response) => (response.status === 200 ? ((await response.json()) as object) : undefined),
      () => undefined,
    );
    this.#settle(event, answer);
  }

  /** `answer`: undefined when it was not taken. */
  #settle(event: PushedEvent, answer: CallbackAnswer | undefined): void {
    event.acked ||= answer !== undefined;
    if (event.answered !== undefined) event.answered(answer);
    else if (answer === undefined) this.#offerSoon(event);
    this.changed();
  }

  #offerSoon(event: PushedEvent): void {
    setTimeout(() => this.#offer(event), PUSH_AGAIN_AFTER_MS).unref();
  }
}

const OPERATIONS: readonly (readonly [string, RegExp, string])[] = [
  ['POST', /\/auth\/v3\/tenant_access_token\/internal$/, 'token'],
  ['POST', /^\/callback\/ws\/endpoint$/, 'endpoint'],
  ['GET', /\/bot\/v3\/info$/, 'bot'],
  ['POST', /\/im\/v1\/messages$/, 'create'],
  ['POST', /\/im\/v1\/messages\/[^/]+\/reply$/, 'reply'],
  ['PATCH', /\/im\/v1\/messages\/[^/]+$/, 'patch'],
  ['POST', /\/im\/v1\/messages\/[^/]+\/reactions$/, 'react'],
  ['DELETE', /\/im\/v1\/messages\/[^/]+\/reactions\/[^/]+$/, 'unreact'],
  ['POST', /\/cardkit\/v1\/cards$/, 'createCard'],
  ['POST', /\/cardkit\/v1\/cards\/id_convert$/, 'convertCard'],
  ['PUT', /\/cardkit\/v1\/cards\/[^/]+\/elements\/[^/]+\/content$/, 'writeCard'],
  ['PATCH', /\/cardkit\/v1\/cards\/[^/]+\/settings$/, 'setCard'],
  ['PUT', /\/cardkit\/v1\/cards\/[^/]+$/, 'replaceCard'],
  ['GET', /\/im\/v1\/messages$/, 'history'],
  ['GET', /\/im\/v1\/messages\/[^/]+$/, 'message'],
  ['GET', /\/im\/v1\/messages\/[^/]+\/resources\/[^/]+$/, 'resource'],
  ['GET', /\/im\/v1\/chats\/[^/]+$/, 'chat'],
  ['GET', /\/contact\/v3\/users\/[^/]+$/, 'person'],
  ['POST', /\/im\/v1\/images$/, 'uploadImage'],
  ['POST', /\/im\/v1\/files$/, 'uploadFile'],
];
