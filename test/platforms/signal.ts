import type { ServerResponse } from 'node:http';
import { FakeHttpServer, type FakeRequest, type Reply } from './fake-http.ts';
import { dataMessage, eventOf, type Person, type SignalEvent } from './signal-events.ts';

export * from './signal-events.ts';

/** What people see of one message from the account. */
export interface SeenMessage {
  /** A person's account id or number, or the id of a group. */
  readonly chat: string;
  readonly timestamp: number;
  readonly text: string;
  /** `start:length:STYLE`, in UTF-16 units. */
  readonly styles: readonly string[];
  readonly quote?: { readonly timestamp: number; readonly author: string };
  readonly files: readonly SeenFile[];
}

export interface SeenFile {
  readonly name: string;
  readonly mime: string;
  readonly content: Buffer;
  /** Shown as what was spoken, to be played in place. */
  readonly voice: boolean;
}

/** A refusal in the words of JSON-RPC. */
export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

interface Call {
  readonly id: unknown;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Jackson, by which signal-cli reads JSON, takes no longer string. */
const LONGEST_STRING = 20_000_000;

const STYLES = new Set(['BOLD', 'ITALIC', 'SPOILER', 'STRIKETHROUGH', 'MONOSPACE']);

/**
 * signal-cli 0.14 as `signal-cli daemon --http --receive-mode=on-connection` runs it, with one account, people and groups.
 * It receives from Signal only while somebody listens to its events; each event goes to every listener, once.
 */
export class FakeSignalCli extends FakeHttpServer {
  readonly account: Person & { number: string } = {
    uuid: 'b0b0b0b0-0000-4000-8000-000000000001',
    number: '+15550100',
    name: 'Agent',
  };
  /** Everything that people got from the account, oldest first. */
  readonly seen: SeenMessage[] = [];
  /** Chats that were told that the account is typing, each time. */
  readonly typing: string[] = [];
  /** What people see of the account's reactions: the emoji under a message, by the time of that message. */
  readonly reactions = new Map<number, string>();
  /** Groups that the account is a member of. */
  readonly groups = new Set<string>();
  /** Files that came with messages, by their id. */
  readonly attachments = new Map<string, Buffer>();
  /** Of signal-cli. */
  version = '0.14.6';
  /** Ids and numbers that are no longer on Signal. */
  readonly unregistered = new Set<string>();
  /** The raw parameters of every call, by method. */
  readonly calls: Call[] = [];
  /** False after the account was removed from this device. */
  registered = true;
  /** Who has written to the account, by their ids. */
  readonly #people = new Map<string, Person>();
  readonly #listeners = new Set<ServerResponse>();
  readonly #waiting: SignalEvent[] = [];
  /** The messages that people have, as `time:author`, by each name of the author. */
  readonly #messages = new Set<string>();
  readonly #refusals: { method: string; error: RpcError; left: number }[] = [];
  #clock = Date.now() - 1_800_000;

  get listeners(): number {
    return this.#listeners.size;
  }

  /** How many events wait at Signal's servers because nobody listens. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** A time that was never told before. */
  now(): number {
    this.#clock += 1000;
    return this.#clock;
  }

  /** A person writes to the account, or in a group with `more` from `groupInfo`. Returns the event. */
  say(from: Person, text: string, more: Readonly<Record<string, unknown>> = {}): SignalEvent {
    this.#people.set(from.uuid, from);
    const timestamp = this.now();
    const content = { dataMessage: dataMessage(timestamp, text, more) };
    return this.deliver(eventOf(this.account.number, from, timestamp, content));
  }

  /** A person writes to the account, and attaches a file. */
  sayWithFile(
    from: Person,
    text: string,
    file: { name: string; mime: string; content: Buffer },
  ): SignalEvent {
    const id = `${this.attachments.size + 1}.bin`;
    this.attachments.set(id, file.content);
    const { name: filename, mime: contentType } = file;
    return this.say(from, text, { attachments: [{ contentType, filename, id, size: file.content.length }] });
  }

  /** Any event, also one that was delivered before. */
  deliver(event: SignalEvent): SignalEvent {
    const { sourceUuid, sourceNumber, timestamp } = event.envelope;
    this.#keep(Number(timestamp), [sourceUuid, sourceNumber]);
    if (this.#listeners.size === 0) this.#waiting.push(event);
    for (const listener of this.#listeners) writeEvent(listener, event);
    this.changed();
    return event;
  }

  /** The next calls of a method are refused. */
  refuse(method: string, error: RpcError, times = 1): void {
    this.#refusals.push({ method, error, left: times });
  }

  /** The comment by which the daemon shows every 15 s that it is there. */
  keepAlive(): void {
    for (const listener of this.#listeners) listener.write(':\n');
  }

  /** Writes on the open event streams what no daemon would. */
  writeRaw(bytes: string | Uint8Array): void {
    for (const listener of this.#listeners) listener.write(bytes);
  }

  /** Ends the event streams as a daemon does that shuts down. */
  endStreams(): void {
    for (const listener of this.#listeners) listener.end();
  }

  protected override operationOf({ url, body }: FakeRequest): string {
    if (url.pathname === '/api/v1/rpc') return callOf(body).method;
    return url.pathname.replace('/api/v1/', '');
  }

  protected override async handle(operation: string, request: FakeRequest): Promise<Reply | undefined> {
    const { url, method, headers } = request;
    switch (url.pathname) {
      case '/api/v1/check':
        return { status: 200, body: '' };
      case '/api/v1/events':
        return this.#listen(request);
      case '/api/v1/rpc':
        if (method !== 'POST') return { status: 405, body: '' };
        if (!headers['content-type']?.startsWith('application/json')) return { status: 415, body: '' };
        return this.#rpc(operation, callOf(request.body));
      default:
        return { status: 404, body: '' };
    }
  }

  #keep(timestamp: number, author: readonly unknown[]): void {
    for (const name of author) this.#messages.add(`${timestamp}:${name}`);
  }

  #isOurs(account: unknown): boolean {
    return this.registered && (account === this.account.number || account === this.account.uuid);
  }

  #listen({ url, response, signal }: FakeRequest): Reply | undefined {
    if (!this.#isOurs(url.searchParams.get('account'))) return { status: 400, body: '' };
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    this.#listeners.add(response);
    signal.addEventListener('abort', () => {
      this.#listeners.delete(response);
      this.changed();
    });
    for (const event of this.#waiting.splice(0)) writeEvent(response, event);
    return undefined;
  }

  #rpc(method: string, call: Call): Reply {
    this.calls.push(call);
    const refusal = this.#refusals.find((planned) => planned.method === method && planned.left > 0);
    if (refusal !== undefined) refusal.left -= 1;
    const error = refusal?.error ?? this.#wrongAccount(call.params.account);
    const answer = error !== undefined ? { error } : this.#run(method, call.params);
    return { status: 200, body: { jsonrpc: '2.0', ...answer, id: call.id } };
  }

  #wrongAccount(account: unknown): RpcError | undefined {
    if (this.#isOurs(account)) return undefined;
    return { code: -32602, message: 'Specified account does not exist' };
  }

  #run(method: string, params: Call['params']): { result: unknown } | { error: RpcError } {
    switch (method) {
      case 'version':
        return { result: { version: this.version } };
      case 'listDevices':
        return { result: [{ id: 1, name: null }] };
      case 'send':
        return this.#send(params);
      case 'sendReaction':
        return this.#sendReaction(params);
      case 'sendTyping':
        this.typing.push(chatOf(params));
        return { result: { timestamp: this.now(), results: [] } };
      case 'listContacts':
        return { result: this.#recipients(list(params.recipient), params.allRecipients === true) };
      case 'getAttachment': {
        const content = this.attachments.get(String(params.id));
        if (content === undefined) return userError(`Could not find attachment with ID: ${params.id}`);
        return { result: { data: content.toString('base64') } };
      }
      default:
        return { error: { code: -32601, message: 'Method not implemented' } };
    }
  }

  /** People who wrote are no contacts, unless the account's owner makes them so. */
  #recipients(wanted: readonly string[], all: boolean): unknown[] {
    const known = [...this.#people.values()].filter(({ uuid, number }) =>
      wanted.some((id) => id === uuid || id === number),
    );
    return all ? known.map(({ uuid, number = null, name = '' }) => ({ uuid, number, name })) : [];
  }

  #send(params: Call['params']): { result: unknown } | { error: RpcError } {
    const text = String(params.message ?? '');
    const attached = list(params.attachment ?? params.attachments);
    if (attached.some((file) => file.length > LONGEST_STRING)) {
      return { error: { code: -32700, message: 'Unable to parse json' } };
    }
    const files = attached.map((file) => fromDataUri(file, params.voiceNote === true));
    const styles = list(params.textStyle);
    if (chatOf(params) === '') return userError('No recipients given');
    if (text === '' && files.length === 0) return userError('Sending empty message is not allowed');
    for (const style of styles) {
      const [, start, length, name] = /^(\d+):(\d+):(.+)$/.exec(style) ?? [];
      if (!STYLES.has(name ?? '')) return userError(`Invalid textStyle syntax (${style})`);
      if (Number(start) + Number(length) > text.length) return userError('Style goes beyond the text');
    }
    if (params.quoteTimestamp !== undefined && params.quoteAuthor === undefined) {
      return userError('Quote author parameter is missing');
    }
    return this.#deliverTo(params, (chat, timestamp) => {
      this.#keep(timestamp, [this.account.number, this.account.uuid]);
      this.seen.push({
        chat,
        timestamp,
        text,
        styles,
        ...(params.quoteTimestamp !== undefined && {
          quote: { timestamp: Number(params.quoteTimestamp), author: String(params.quoteAuthor) },
        }),
        files,
      });
    });
  }

  /** Neither signal-cli nor Signal looks at it: people's apps show what is one emoji, under a message that they have. */
  #sendReaction(params: Call['params']): { result: unknown } | { error: RpcError } {
    const { emoji, remove, targetAuthor, targetTimestamp } = params;
    if (chatOf(params) === '') return userError('No recipients given');
    if (typeof targetAuthor !== 'string' || typeof targetTimestamp !== 'number') {
      return { error: { code: -32603, message: 'Cannot unbox a null value (NullPointerException)' } };
    }
    return this.#deliverTo(params, () => {
      const isShown = this.#messages.has(`${targetTimestamp}:${targetAuthor}`) && EMOJI.test(String(emoji));
      if (isShown && remove === true) this.reactions.delete(targetTimestamp);
      else if (isShown) this.reactions.set(targetTimestamp, String(emoji));
    });
  }

  #deliverTo(
    params: Call['params'],
    deliver: (chat: string, timestamp: number) => void,
  ): { result: unknown } | { error: RpcError } {
    const chat = chatOf(params);
    if (params.groupId !== undefined && !this.groups.has(chat)) return userError(`Group not found: ${chat}`);
    if (this.unregistered.has(chat)) {
      return userError('Failed to send message', [{ type: 'UNREGISTERED_FAILURE' }]);
    }
    const timestamp = this.now();
    deliver(chat, timestamp);
    return { result: { timestamp, results: [{ recipientAddress: { uuid: chat }, type: 'SUCCESS' }] } };
  }
}

const EMOJI = /^\p{RGI_Emoji}$/v;

function chatOf({ groupId, recipient }: Call['params']): string {
  return String(groupId ?? [recipient].flat()[0] ?? '');
}

function callOf(body: unknown): Call {
  const { id = null, method = '', params = {} } = Object(body);
  return { id, method: String(method), params };
}

function userError(message: string, results?: unknown[]): { error: RpcError } {
  return { error: { code: -1, message, ...(results && { data: { response: { timestamp: 0, results } } }) } };
}

function list(value: unknown): string[] {
  return [value ?? []].flat().map(String);
}

function fromDataUri(uri: string, voice: boolean): SeenFile {
  const [, mime = '', name = '', data = ''] =
    /^data:([^;,]+\/[^;,]+)(?:;filename=([^;,]+))?;base64,(.+)$/s.exec(uri) ?? [];
  return { name: decodeURIComponent(name), mime, content: Buffer.from(data, 'base64'), voice };
}

/** As ServerSentEventSender.java does: no id, no blank after the colon. */
function writeEvent(listener: ServerResponse, event: SignalEvent): void {
  listener.write(`event:receive\ndata:${JSON.stringify(event)}\n\n`);
}
