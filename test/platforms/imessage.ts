import { FakeHttpServer, type FakeRequest, type Reply } from './fake-http.ts';

/** A row of Messages' database, as BlueBubbles serialises it. */
export interface Row {
  originalROWID: number;
  guid: string;
  text: string | null;
  subject: string | null;
  attributedBody: unknown;
  handle: { address: string; service: string } | null;
  attachments: readonly Record<string, unknown>[];
  chats: readonly ChatRow[];
  isFromMe: boolean;
  itemType: number;
  error: number;
  dateCreated: number;
  dateEdited: number | null;
  dateRetracted: number | null;
  associatedMessageGuid: string | null;
  associatedMessageType: string | null;
  threadOriginatorGuid: string | null;
  balloonBundleId: string | null;
}

export interface ChatRow {
  readonly guid: string;
  /** 43 is a group, 45 a direct chat. */
  readonly style: number;
  readonly chatIdentifier: string;
  readonly displayName: string | null;
  readonly lastAddressedHandle: string | null;
}

/** What people see of one message from the Mac. */
export interface SeenMessage {
  readonly chat: string;
  readonly guid: string;
  readonly text: string;
  readonly replyTo?: string;
  readonly file?: { readonly name: string; readonly mime: string; readonly content: Buffer };
}

const OUR_ADDRESS = 'agent@example.org';

export function directChat(address: string): ChatRow {
  return {
    guid: `iMessage;-;${address}`,
    style: 45,
    chatIdentifier: address,
    displayName: '',
    lastAddressedHandle: OUR_ADDRESS,
  };
}

export function groupChat(id: string, displayName: string): ChatRow {
  return {
    guid: `iMessage;+;${id}`,
    style: 43,
    chatIdentifier: id,
    displayName,
    lastAddressedHandle: OUR_ADDRESS,
  };
}

/** A text in which `name` is a mention of `address`. */
export function mentioning(text: string, name: string, address: string) {
  const start = text.indexOf(name);
  const part = { __kIMMessagePartAttributeName: 0 };
  const runs = [
    { range: [0, start], attributes: part },
    { range: [start, name.length], attributes: { ...part, __kIMMentionConfirmedMention: address } },
    { range: [start + name.length, text.length - start - name.length], attributes: part },
  ];
  return { text, attributedBody: [{ string: text, runs: runs.filter(({ range }) => Number(range[1]) > 0) }] };
}

/**
 * A BlueBubbles 1.9 server with the Messages database of a Mac. Rows are numbered as they come, and found by the date on
 * which they were written, which is not the same order. It knows no idempotency: only while a message is on its way is
 * another one with the same `tempGuid` refused.
 */
export class FakeBlueBubbles extends FakeHttpServer {
  readonly ourAddress = OUR_ADDRESS;
  /** Every message of the database, in the order of its rows. */
  readonly rows: Row[] = [];
  /** Everything that people got from the Mac, oldest first. */
  readonly seen: SeenMessage[] = [];
  /** Chats that were told that we are typing, each time. */
  readonly typing: string[] = [];
  /** Our tapback that people see on a message, as its picture, by the message's guid. */
  readonly tapbacks = new Map<string, string>();
  /** The contents of attachments by their guid. */
  readonly attachments = new Map<string, Buffer>();
  /** What the server was asked to send, as it came. */
  readonly asked: Readonly<Record<string, unknown>>[] = [];
  password = 'test-password & more';
  osVersion = '14.5.0';
  /** Replies, typing and tapbacks need the Private API. */
  privateApi = false;
  helperConnected = true;
  /** Requests that are being served. */
  open = 0;
  /** While this is pending, Messages is busy sending. */
  sending: Promise<void> = Promise.resolve();
  /** The next messages that are sent end with this error of Apple's. */
  readonly sendErrors: number[] = [];
  readonly #sending = new Set<string>();
  #clock = Date.now() - 1_800_000;
  #guids = 0;

  /** A time that was never told before. */
  now(): number {
    this.#clock += 1000;
    return this.#clock;
  }

  /** A row comes into the database. */
  add(row: Partial<Row>): Row {
    this.#guids += 1;
    const added: Row = {
      originalROWID: (this.rows.at(-1)?.originalROWID ?? 100) + 1,
      guid: `00000000-0000-0000-0000-${String(this.#guids).padStart(12, '0')}`,
      text: null,
      subject: null,
      attributedBody: null,
      handle: null,
      attachments: [],
      chats: [],
      isFromMe: false,
      itemType: 0,
      error: 0,
      dateCreated: this.now(),
      dateEdited: null,
      dateRetracted: null,
      associatedMessageGuid: null,
      associatedMessageType: null,
      threadOriginatorGuid: null,
      balloonBundleId: null,
      ...row,
    };
    this.rows.push(added);
    this.changed();
    return added;
  }

  /** A person writes, in a direct chat unless another is named. */
  say(address: string, text: string | null, more: Partial<Row> = {}): Row {
    return this.add({
      text,
      handle: { address, service: 'iMessage' },
      chats: [directChat(address)],
      ...more,
    });
  }

  /** A person writes in a direct chat, and attaches a file. */
  sayWithFile(address: string, text: string, file: { name: string; mime: string; content: Buffer }): Row {
    const guid = `at_0_${this.attachments.size + 1}`;
    this.attachments.set(guid, file.content);
    const { name: transferName, mime: mimeType, content } = file;
    return this.say(address, `\uFFFC${text}`, {
      attachments: [{ guid, transferName, mimeType, totalBytes: content.length }],
    });
  }

  edit(row: Row, text: string): void {
    Object.assign(row, { text, dateEdited: this.now() });
  }

  /** A message is taken back: its row stays, empty. */
  unsend(row: Row): void {
    Object.assign(row, { text: null, attributedBody: null, dateEdited: this.now() });
  }

  protected override operationOf({ url, method }: FakeRequest): string {
    const path = url.pathname.replace('/api/v1/', '');
    if (path.endsWith('/typing')) return 'typing';
    if (path.startsWith('attachment/')) return 'download';
    if (path.startsWith('message/') && method === 'GET') return 'message';
    return path;
  }

  protected override async handle(operation: string, request: FakeRequest): Promise<Reply | undefined> {
    this.open += 1;
    try {
      return await this.#serve(operation, request);
    } finally {
      this.open -= 1;
    }
  }

  async #serve(operation: string, request: FakeRequest): Promise<Reply | undefined> {
    const { url } = request;
    const token = ['guid', 'password', 'token'].map((name) => url.searchParams.get(name)).find(Boolean);
    if (token?.trim() !== this.password.trim()) {
      return refusal(401, 'You are not authorized to access this resource', 'Unauthorized');
    }
    switch (operation) {
      case 'ping':
        return success('pong', 'Ping received!');
      case 'server/info':
        return success({
          computer_id: 'mac',
          os_version: this.osVersion,
          server_version: '1.9.9',
          private_api: this.privateApi,
          helper_connected: this.helperConnected,
          detected_imessage: this.ourAddress,
        });
      case 'message/query':
        return this.#query(Object(request.body));
      case 'message': {
        const row = this.rows.find(({ guid }) =>
          url.pathname.endsWith(`/message/${encodeURIComponent(guid)}`),
        );
        return row
          ? success(row)
          : refusal(404, 'The requested resource was not found', 'Message does not exist!');
      }
      case 'handle/query':
        return this.#handles(String(Object(request.body).address));
      case 'message/text':
        return this.#sendText(Object(request.body));
      case 'message/attachment':
        return this.#sendAttachment(await formOf(request));
      case 'message/react':
        return this.#react(Object(request.body));
      case 'typing':
        return this.#showTyping(decodeURIComponent(url.pathname.split('/').at(-2) ?? ''));
      case 'download':
        return this.#download(decodeURIComponent(url.pathname.split('/').at(-2) ?? ''), request);
      default:
        return refusal(404, 'The requested resource was not found', 'Not Found');
    }
  }

  /** There is one for each address and service. */
  #handles(address: string): Reply {
    const handles = this.rows.flatMap(({ handle }) => (handle?.address === address ? [handle] : []));
    const services = [...new Set(handles.map(({ service }) => service))];
    return success(services.map((service, index) => ({ originalROWID: index + 1, address, service })));
  }

  #query({ where = [], sort = 'DESC', limit = 100, offset = 0, after, with: parts = [] }: QueryBody): Reply {
    if (limit < 1 || limit > 1000)
      return refusal(400, BAD_REQUEST, 'The limit may not be greater than 1000.');
    let found = this.rows.filter((row) => after === undefined || row.dateCreated >= after);
    // Found together with their chats, rows that are in none yet are not found at all.
    if (parts.includes('chats')) found = found.filter(({ chats }) => chats.length > 0);
    for (const { statement, args } of where) {
      const [, column = '', operator = '', name = ''] =
        /^message\.(\w+) (>|<=) :(\w+)$/.exec(statement) ?? [];
      const value = args?.[name];
      const read = COLUMNS[column];
      const exists = column !== 'date_edited' || Number.parseInt(this.osVersion, 10) >= 13;
      if (read === undefined || value === undefined || !exists) {
        return refusal(500, 'An unhandled error has occurred!', `SQLITE_ERROR: no such column: ${column}`);
      }
      found = found.filter((row) => (operator === '>' ? read(row) > value : read(row) <= value));
    }
    const direction = sort === 'ASC' ? 1 : -1;
    const sorted = found.toSorted((a, b) => direction * (a.dateCreated - b.dateCreated));
    const data = sorted.slice(offset, offset + limit).map((row) => ({
      ...row,
      attributedBody: parts.includes('attributedBody') ? row.attributedBody : null,
      attachments: parts.includes('attachments') ? row.attachments : [],
    }));
    const metadata = { offset, limit, total: found.length, count: data.length };
    return { status: 200, body: { status: 200, message: 'Successfully fetched messages!', data, metadata } };
  }

  async #sendText(body: Readonly<Record<string, unknown>>): Promise<Reply> {
    if (!body.message)
      return refusal(400, BAD_REQUEST, "A 'message' is required when sending via AppleScript");
    return this.#send(body, { text: String(body.message) });
  }

  async #sendAttachment(form: FormData): Promise<Reply> {
    const { attachment, ...body } = Object.fromEntries(form);
    if (!(attachment instanceof Blob) || attachment.size === 0) {
      return refusal(400, BAD_REQUEST, 'Attachment not provided or was empty!');
    }
    if (!body.name) return refusal(400, BAD_REQUEST, 'The name field is required.');
    const content = Buffer.from(await attachment.arrayBuffer());
    return this.#send(body, { text: '', file: { name: String(body.name), mime: attachment.type, content } });
  }

  async #send(
    body: Readonly<Record<string, unknown>>,
    content: Pick<SeenMessage, 'text' | 'file'>,
  ): Promise<Reply> {
    this.asked.push(body);
    const { chatGuid, tempGuid, selectedMessageGuid } = body;
    if (!chatGuid) return refusal(400, BAD_REQUEST, 'The chatGuid field is required.');
    const needsPrivateApi = body.method === 'private-api' || selectedMessageGuid !== undefined;
    if (!needsPrivateApi && !tempGuid) {
      return refusal(400, BAD_REQUEST, "A 'tempGuid' is required when sending via AppleScript");
    }
    if (this.#sending.has(String(tempGuid))) {
      return refusal(
        400,
        BAD_REQUEST,
        `${content.file ? 'Attachment' : 'Message'} is already queued to be sent!`,
      );
    }
    if (needsPrivateApi && !(this.privateApi && this.helperConnected)) {
      return refusal(
        500,
        'Message Send Error',
        'iMessage Private API Helper is not connected!',
        'iMessage Error',
      );
    }
    this.#sending.add(String(tempGuid));
    this.changed();
    await this.sending;
    this.#sending.delete(String(tempGuid));
    const error = this.sendErrors.shift() ?? 0;
    const chat = String(chatGuid);
    const row = this.add({ text: content.text, isFromMe: true, error, chats: [directChat(chat)] });
    if (error !== 0) {
      const failed = refusal(
        500,
        'Message Send Error',
        'Failed to send message! See attached message error code.',
      );
      return { ...failed, body: { ...Object(failed.body), data: row } };
    }
    const replyTo = selectedMessageGuid === undefined ? {} : { replyTo: String(selectedMessageGuid) };
    this.seen.push({ chat, guid: row.guid, ...content, ...replyTo });
    return success({ ...row, tempGuid }, 'Message sent!');
  }

  /** A tapback is a message of its own; people see the latest of ours on each message. */
  #react(body: Readonly<Record<string, unknown>>): Reply {
    this.asked.push(body);
    const [, remove, name = ''] = /^(-)?(.*)$/.exec(String(body.reaction)) ?? [];
    const picture = TAPBACKS[name];
    const noPrivateApi = this.#withoutPrivateApi();
    if (noPrivateApi !== undefined) return noPrivateApi;
    if (!body.chatGuid) return refusal(400, BAD_REQUEST, 'The chatGuid field is required.');
    if (picture === undefined) return refusal(400, BAD_REQUEST, 'The selected reaction is invalid.');
    const target = this.rows.find(({ guid }) => guid === body.selectedMessageGuid);
    if (target === undefined) return refusal(400, BAD_REQUEST, 'Selected message does not exist!');
    const row = this.add({
      text: `Reacted to “${target.text}”`,
      isFromMe: true,
      chats: target.chats,
      associatedMessageGuid: `p:0/${target.guid}`,
      associatedMessageType: String(body.reaction),
    });
    if (remove) this.tapbacks.delete(target.guid);
    else this.tapbacks.set(target.guid, picture);
    return success(row, 'Reaction sent!');
  }

  #withoutPrivateApi(): Reply | undefined {
    if (this.privateApi && this.helperConnected) return undefined;
    const missing = this.privateApi ? 'Helper is not connected' : 'is not enabled';
    return refusal(
      500,
      'Please make sure you have completed the setup for the Private API, and your helper is connected!',
      `iMessage Private API ${missing}!`,
      'iMessage Error',
    );
  }

  #showTyping(chat: string): Reply {
    const noPrivateApi = this.#withoutPrivateApi();
    if (noPrivateApi !== undefined) return noPrivateApi;
    this.typing.push(chat);
    return success(undefined, 'Successfully started typing!');
  }

  #download(guid: string, { response }: FakeRequest): Reply | undefined {
    const content = this.attachments.get(guid);
    if (content === undefined) return refusal(500, 'Server Error', 'Attachment does not exist in disk!');
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    response.end(content);
    return undefined;
  }
}

interface QueryBody {
  readonly where?: readonly { statement: string; args?: Readonly<Record<string, number>> }[];
  readonly sort?: 'ASC' | 'DESC';
  readonly limit?: number;
  readonly offset?: number;
  readonly after?: number;
  readonly with?: readonly string[];
}

const COLUMNS: Readonly<Record<string, (row: Row) => number>> = {
  ROWID: ({ originalROWID }) => originalROWID,
  date_edited: ({ dateEdited }) => dateEdited ?? 0,
};

/** How Messages shows the reactions that BlueBubbles knows by name. */
const TAPBACKS: Readonly<Record<string, string>> = {
  love: '❤️',
  like: '👍',
  dislike: '👎',
  laugh: '😂',
  emphasize: '‼️',
  question: '❓',
};

const BAD_REQUEST = "You've made a bad request! Please check your request params & body";

function success(data: unknown, message = 'Success'): Reply {
  return { status: 200, body: { status: 200, message, ...(data !== undefined && { data }) } };
}

function refusal(status: number, message: string, error: string, type = 'Server Error'): Reply {
  return { status, body: { status, message, error: { type, message: error } } };
}

async function formOf({ headers, rawBody }: FakeRequest): Promise<FormData> {
  const contentType = headers['content-type'] ?? '';
  return new Response(new Uint8Array(rawBody), { headers: { 'content-type': contentType } }).formData();
}
