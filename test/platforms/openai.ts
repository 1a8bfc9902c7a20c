import { FakeHttpServer, type FakeRequest, type Reply } from './fake-http.ts';
import { openAiError } from './openai-faults.ts';
import type { Gate } from './openai-gate.ts';

export { openAiFaults } from './openai-faults.ts';
export { Gate } from './openai-gate.ts';

/** What a model says, and how it ends. */
export interface ChatAnswer {
  /** Sent one by one; an answer given as one string is cut into words. */
  readonly chunks: readonly string[];
  /** What the model thinks aloud before it speaks. */
  readonly reasoning?: string;
  /**
   * - `finish`: as it should, with `finishReason`.
   * - `cut`: the connection breaks.
   * - `hang`: nothing more comes, until the client goes.
   * - `malformed`: an event that is not JSON.
   * - `error`: an event that tells of an error.
   * - `vanish`: the stream ends properly, but without a finish reason.
   * - `tool-call`: a call, with broken arguments, of a tool that nobody offered.
   */
  readonly end?: 'finish' | 'cut' | 'hang' | 'malformed' | 'error' | 'vanish' | 'tool-call';
  readonly finishReason?: 'stop' | 'length' | 'content_filter';
}

export type Answer = string | readonly string[] | ChatAnswer;

/** A request as the server saw it. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly stream: boolean;
  /** The whole body, for everything else. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: FakeRequest['headers'];
}

/**
 * A server that speaks OpenAI's chat completions, streamed or not: `POST /v1/chat/completions` (operation `chat`) and
 * `GET /v1/models` (operation `models`). Every request is recorded, also those that are refused for their key.
 */
export class FakeOpenAI extends FakeHttpServer {
  /** Any other key is answered with 401; `undefined` lets everybody in. */
  apiKey: string | undefined;
  models: readonly string[] = ['fake-model'];
  /** What is said to requests that no `say` was meant for. */
  answer: (request: ChatRequest) => Answer = () => 'Hello from the fake model.';
  /** When set, each chunk of each stream waits for it. */
  gate: Gate | undefined;
  readonly chats: ChatRequest[] = [];
  /** Chat requests that are being answered now, and the most there ever were at once. */
  underWay = 0;
  mostUnderWay = 0;
  /** Chat requests whose client went away before the answer was complete. */
  abandoned = 0;
  readonly #script: Answer[] = [];

  /** For `base_url`. */
  get baseUrl(): string {
    return `${this.url}/v1`;
  }

  /** Answers the coming requests with these, in this order. */
  say(...answers: Answer[]): void {
    this.#script.push(...answers);
  }

  /** How many requests of any kind came in. */
  get asked(): number {
    return [...this.requests.values()].reduce((sum, count) => sum + count, 0);
  }

  protected override operationOf({ method, url }: FakeRequest): string {
    if (method === 'POST' && url.pathname === '/v1/chat/completions') return 'chat';
    if (method === 'GET' && url.pathname === '/v1/models') return 'models';
    return 'unknown';
  }

  protected override handle(operation: string, request: FakeRequest): Reply | Promise<Reply | undefined> {
    if (operation === 'chat') return this.#chat(request);
    if (operation === 'unknown')
      return openAiError(404, 'Unknown request URL', 'invalid_request_error', null);
    if (!this.#mayEnter(request)) return wrongKey();
    const data = this.models.map((id) => ({ id, object: 'model', created: 0, owned_by: 'fake' }));
    return { status: 200, body: { object: 'list', data } };
  }

  #mayEnter({ headers }: FakeRequest): boolean {
    return this.apiKey === undefined || headers.authorization === `Bearer ${this.apiKey}`;
  }

  async #chat(request: FakeRequest): Promise<Reply | undefined> {
    const body = (request.body ?? {}) as Record<string, unknown>;
    const chat = { ...body, stream: body.stream === true, body, headers: request.headers } as ChatRequest;
    this.chats.push(chat);
    if (!this.#mayEnter(request)) return wrongKey();
    if (!this.models.includes(chat.model)) {
      return openAiError(
        404,
        `The model \`${chat.model}\` does not exist`,
        'invalid_request_error',
        'model_not_found',
      );
    }
    const answer = completed(this.#script.shift() ?? this.answer(chat));
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    this.changed();
    let whole = false;
    try {
      if (!chat.stream) return { status: 200, body: completion(chat, answer) };
      whole = await this.#stream(chat, answer, request);
      return undefined;
    } finally {
      this.underWay -= 1;
      if (chat.stream && !whole) this.abandoned += 1;
      this.changed();
    }
  }

  /** Resolves to whether everything was sent that was to be sent. */
  async #stream(chat: ChatRequest, answer: ChatAnswer, { response, signal }: FakeRequest): Promise<boolean> {
    const send = (text: string) => new Promise((resolve) => response.write(text, resolve));
    const event = (value: unknown) => send(`data: ${JSON.stringify(value)}\n\n`);
    const delta = (choice: Record<string, unknown>) =>
      event(chunk(chat, [{ index: 0, finish_reason: null, ...choice }]));

    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    if (answer.reasoning !== undefined) await delta({ delta: { reasoning_content: answer.reasoning } });
    for (const content of answer.chunks) {
      await this.gate?.pass(signal);
      if (signal.aborted) return false;
      await delta({ delta: { role: 'assistant', content } });
    }
    switch (answer.end ?? 'finish') {
      case 'cut':
        response.destroy();
        return true;
      case 'hang':
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
        return false;
      case 'malformed':
        await send('data: {"choices":[{"delta":{"content":"hal\n\n');
        break;
      case 'error':
        await event({ error: { message: 'The server had an error', type: 'server_error', code: null } });
        break;
      case 'tool-call':
        await delta({ delta: { tool_calls: [brokenToolCall] } });
        await delta({ delta: {}, finish_reason: 'tool_calls' });
        break;
      case 'finish':
        await delta({ delta: {}, finish_reason: answer.finishReason ?? 'stop' });
        await event({ ...chunk(chat, []), usage: usageOf(chat, answer) });
        break;
      case 'vanish':
        break;
    }
    response.end('data: [DONE]\n\n');
    return !signal.aborted;
  }
}

const brokenToolCall = {
  index: 0,
  id: 'call_1',
  type: 'function',
  function: { name: 'launch', arguments: '{"where": "mo' },
};

function wrongKey(): Reply {
  return openAiError(401, 'Incorrect API key provided.', 'invalid_request_error', 'invalid_api_key');
}

function completed(answer: Answer): ChatAnswer {
  if (typeof answer === 'string') return { chunks: answer.match(/\S+\s*|\s+/g) ?? [] };
  return 'chunks' in answer ? answer : { chunks: answer };
}

function chunk({ model }: ChatRequest, choices: readonly unknown[]) {
  return { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 0, model, choices };
}

function completion(chat: ChatRequest, answer: ChatAnswer) {
  const message = { role: 'assistant', content: answer.chunks.join('') };
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 0,
    model: chat.model,
    choices: [{ index: 0, message, finish_reason: answer.finishReason ?? 'stop' }],
    usage: usageOf(chat, answer),
  };
}

/** One token per message read, one per chunk said: easy to foretell. */
function usageOf({ messages }: ChatRequest, { chunks }: ChatAnswer) {
  const [prompt_tokens, completion_tokens] = [messages.length, chunks.length];
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}
