import {
  APICallError,
  type CallWarning,
  type FinishReason,
  type ModelMessage,
  StreamProviderError,
  streamText,
} from 'ai';
import type { HistoryEntry } from '../../contract/index.ts';
import { ModelFailure } from './failure.ts';
import type { Picture } from './pictures.ts';
import { type ModelAddress, sdkModel } from './sdk-model.ts';

/** What is asked of a model. */
export interface ModelRequest {
  readonly system: string;
  /** Oldest first; the last is what to answer. */
  readonly messages: readonly HistoryEntry[];
  /** To look at with the last message. */
  readonly pictures: readonly Picture[];
  readonly temperature: number | undefined;
  readonly maxOutputTokens: number | undefined;
  /** Ends the request, at the far side too. */
  readonly signal: AbortSignal;
}

export type ModelEvent =
  | { readonly type: 'text'; readonly text: string }
  /** A file that the model made. */
  | { readonly type: 'file'; readonly mime: string; readonly content: Uint8Array }
  /** A sign of life: the model thinks aloud, which is no part of the answer. */
  | { readonly type: 'thinking' }
  /** The model has ended by itself; the last event. */
  | {
      readonly type: 'end';
      readonly finish: FinishReason;
      /** The name that the provider gives to what answered. */
      readonly model: string;
      /** Absent where the provider does not count. */
      readonly inputTokens: number | undefined;
      readonly outputTokens: number | undefined;
      /** Settings that the model does not take, in words. */
      readonly warnings: readonly string[];
    };

/** A model that can be asked. Each call is one request: nothing is retried in here. */
export interface ModelPort {
  /** Throws a ModelFailure, also when `signal` aborts. */
  ask(request: ModelRequest): AsyncIterable<ModelEvent>;
}

/** The only way to a model. All that is known about the AI SDK is in this file and in `sdk-model.ts`. */
export async function openModel(address: ModelAddress): Promise<ModelPort> {
  const model = await sdkModel(address);
  return { ask: (request) => ask(model, request) };
}

// The SDK would print its warnings to our stderr; they are handed on with the usage instead.
globalThis.AI_SDK_LOG_WARNINGS = false;

async function* ask(
  model: Awaited<ReturnType<typeof sdkModel>>,
  { system, messages, pictures, temperature, maxOutputTokens, signal }: ModelRequest,
): AsyncGenerator<ModelEvent> {
  let warnings: string[] = [];
  try {
    const { fullStream } = streamText({
      model,
      instructions: system,
      messages: messages.map((entry, index) =>
        index === messages.length - 1 ? lookedAt(entry, pictures) : { role: entry.role, content: entry.text },
      ),
      ...(temperature !== undefined && { temperature }),
      ...(maxOutputTokens !== undefined && { maxOutputTokens }),
      maxRetries: 0, // the gateway owns the retries
      abortSignal: signal,
      onError: () => {}, // the default prints; what fails comes out of the stream
    });
    for await (const part of fullStream) {
      switch (part.type) {
        case 'start-step':
          warnings = part.warnings.map(warningText);
          break;
        case 'text-delta':
          yield { type: 'text', text: part.text };
          break;
        case 'file':
          yield { type: 'file', mime: part.file.mediaType, content: part.file.uint8Array };
          break;
        case 'reasoning-delta':
          yield { type: 'thinking' };
          break;
        case 'error':
          throw part.error;
        case 'finish-step':
          yield {
            type: 'end',
            finish: part.finishReason,
            model: part.response.modelId,
            inputTokens: part.usage.inputTokens,
            outputTokens: part.usage.outputTokens,
            warnings,
          };
          return;
      }
    }
  } catch (error) {
    // A cut socket is thrown by the stream, while a provider's refusal is one of its parts.
    throw failureOf(error);
  }
  throw new ModelFailure('broken', 'the stream ended without an answer');
}

/** The question, with the pictures that go with it. */
function lookedAt({ text }: HistoryEntry, pictures: readonly Picture[]): ModelMessage {
  if (pictures.length === 0) return { role: 'user', content: text };
  const files = pictures.map(({ mime, content }) => ({
    type: 'file' as const,
    mediaType: mime,
    data: content,
  }));
  return { role: 'user', content: [...files, { type: 'text', text }] };
}

/** Of an SDK's error, what tells why. Its texts may hold the request, so only a provider's own words are kept. */
function failureOf(error: unknown): ModelFailure {
  if (APICallError.isInstance(error) || StreamProviderError.isInstance(error)) {
    const { statusCode: status, message } = error;
    if (status !== undefined && status >= 400) {
      const headers = APICallError.isInstance(error) ? error.responseHeaders : undefined;
      return new ModelFailure('refused', message, { status, code: codeOf(error.data), headers });
    }
    if (StreamProviderError.isInstance(error)) {
      return new ModelFailure('refused', message, { code: codeOf(error.data) });
    }
  }
  const network = networkCode(error);
  if (network !== undefined) return new ModelFailure('network', network);
  return new ModelFailure('broken', error instanceof Error ? error.name : 'unreadable');
}

/** `{error: {code}}`, as OpenAI and most others write it. */
function codeOf(data: unknown): string | undefined {
  const { error } = (data ?? {}) as { error?: { code?: unknown; type?: unknown } };
  const code = error?.code ?? error?.type;
  return typeof code === 'string' ? code : undefined;
}

/** The system's or undici's name for what happened to the connection, such as ECONNREFUSED. */
function networkCode(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') return cause.code;
  }
  return undefined;
}

function warningText(warning: CallWarning): string {
  switch (warning.type) {
    case 'unsupported':
    case 'compatibility':
      return `${warning.type}: ${warning.feature}`;
    case 'deprecated':
      return `deprecated: ${warning.setting}`;
    default:
      return warning.message;
  }
}
