import { FakeHttpServer, type FakeRequest, type Reply } from '../platforms/fake-http.ts';

/** A server that streams a fixed answer in one dialect, and keeps what it was asked. */
abstract class FakeModelServer extends FakeHttpServer {
  readonly asked: FakeRequest[] = [];
  protected abstract readonly path: RegExp;
  protected abstract readonly events: readonly string[];

  protected override operationOf({ url }: FakeRequest): string {
    return this.path.test(url.pathname) ? 'chat' : 'unknown';
  }

  protected override handle(operation: string, request: FakeRequest): Reply {
    this.asked.push(request);
    if (operation === 'unknown') return { status: 404, body: {} };
    const body = this.events.map((event) => `${event}\n\n`).join('');
    return { status: 200, body, headers: { 'content-type': 'text/event-stream' } };
  }
}

/** Anthropic's Messages API: "Hello there." for 7 tokens in and 3 out. */
export class FakeAnthropic extends FakeModelServer {
  protected readonly path = /^\/v1\/messages$/;
  protected readonly events = [
    {
      type: 'message_start',
      message: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'claude-fake',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 7, output_tokens: 1 },
      },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello ' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'there.' } },
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: 3 },
    },
    { type: 'message_stop' },
  ].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}`);
}

/** Gemini's generateContent: the same answer at the same cost. */
export class FakeGoogle extends FakeModelServer {
  protected readonly path = /^\/v1beta\/models\/gemini-fake:streamGenerateContent$/;
  protected readonly events = [
    { candidates: [{ index: 0, content: { role: 'model', parts: [{ text: 'Hello ' }] } }] },
    {
      candidates: [
        { index: 0, content: { role: 'model', parts: [{ text: 'there.' }] }, finishReason: 'STOP' },
      ],
      usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 3, totalTokenCount: 10 },
    },
  ].map((event) => `data: ${JSON.stringify(event)}`);
}
