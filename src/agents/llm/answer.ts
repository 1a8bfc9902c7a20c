import {
  AgentError,
  type AgentEvent,
  type HistoryEntry,
  type Json,
  type Turn,
} from '../../contract/index.ts';
import { textsIn } from '../../texts/index.ts';
import { createDirectives } from './directives.ts';
import { type Asked, toAgentError } from './errors.ts';
import { conversation } from './history.ts';
import type { ModelEvent, ModelPort, ModelRequest } from './model-port.ts';
import { picturesOf } from './pictures.ts';
import { promptOf } from './prompt.ts';
import { type Patience, watch } from './watchdog.ts';

/** All that one turn needs to be answered. */
export interface Brain {
  readonly port: ModelPort;
  readonly asked: Asked;
  readonly system: string;
  readonly temperature: number | undefined;
  readonly maxOutputTokens: number | undefined;
  readonly historyTokens: number;
  /** Whether the model looks at pictures. */
  readonly vision: boolean;
  readonly patience: Patience;
}

/**
 * Answers a turn with one request to the model, and with a further one for what is said meanwhile. When the turn is stopped,
 * it ends without a further event.
 */
export async function* answer(turn: Turn, brain: Brain): AsyncGenerator<AgentEvent> {
  const messages = conversation(turn.history, promptOf(turn.messages), brain.historyTokens);
  for (let asked = turn.messages; asked.length > 0; ) {
    const pictures = brain.vision ? await picturesOf(asked) : [];
    const said = yield* generate(turn, brain, messages, pictures);
    if (said === undefined) return;
    asked = await turn.more();
    if (asked.length > 0) {
      messages.push({ role: 'assistant', text: said.text }, { role: 'user', text: promptOf(asked) });
      yield { type: 'chunk', text: '\n\n' };
    } else if (said.choices.length > 0) {
      yield { type: 'choices', labels: said.choices };
    }
  }
  yield { type: 'done' };
}

/** One request. Returns what was said, and what to choose from; or `undefined` when the turn has ended with it. */
async function* generate(
  turn: Turn,
  brain: Brain,
  messages: readonly HistoryEntry[],
  pictures: ModelRequest['pictures'],
): AsyncGenerator<AgentEvent, { text: string; choices: readonly string[] } | undefined> {
  const startedAt = performance.now();
  const passed = () => Math.round(performance.now() - startedAt);
  const watchdog = watch(brain.patience, `${brain.asked.provider} (${brain.asked.model})`);
  const directives = createDirectives();
  let text = '';
  let files = 0;
  let firstTokenMs: number | null = null;
  try {
    const request = {
      system: brain.system,
      messages,
      pictures,
      temperature: brain.temperature,
      maxOutputTokens: brain.maxOutputTokens,
      signal: AbortSignal.any([turn.signal, watchdog.signal]),
    };
    for await (const event of brain.port.ask(request)) {
      watchdog.alive();
      firstTokenMs ??= passed();
      if (event.type === 'text') {
        const said = directives.push(event.text);
        text += said;
        if (said !== '') yield { type: 'chunk', text: said };
      } else if (event.type === 'file') {
        files += 1;
        yield { type: 'artifact', file: { name: `file-${files}`, content: event.content } };
      } else if (event.type === 'end') {
        const usage = usageOf(event, brain.asked.provider, { ms: passed(), first_token_ms: firstTokenMs });
        yield { type: 'data', name: 'usage', value: usage };
        const { rest, choices, reaction } = directives.end();
        if (rest !== '') yield { type: 'chunk', text: rest };
        if (reaction !== undefined) yield { type: 'reaction', emoji: reaction };
        text += rest;
        const isSilent = text.trim() === '' && files + choices.length === 0 && !reaction;
        const isEnd = yield* ending(turn, event.finish, isSilent, brain.asked);
        return isEnd ? { text, choices } : undefined;
      }
    }
  } catch (error) {
    // A stop and a timeout look alike from here, as aborted requests; who aborted tells them apart.
    if (turn.signal.aborted) return undefined;
    yield { type: 'error', error: watchdog.error() ?? toAgentError(error, brain.asked) };
  } finally {
    watchdog.stop();
  }
  return undefined;
}

type End = Extract<ModelEvent, { type: 'end' }>;

/** What the answer cost, for whoever asks why. */
function usageOf(end: End, provider: string, times: { ms: number; first_token_ms: number | null }): Json {
  return {
    provider,
    model: end.model,
    finish_reason: end.finish,
    input_tokens: end.inputTokens ?? null,
    output_tokens: end.outputTokens ?? null,
    ...times,
    ...(end.warnings.length > 0 && { warnings: end.warnings }),
  };
}

/** Returns whether the model has come to its end, and not only ended. */
function* ending(
  { language }: Turn,
  finish: End['finish'],
  isSilent: boolean,
  asked: Asked,
): Generator<AgentEvent, boolean> {
  if (isSilent) {
    yield { type: 'error', error: nothingSaid(finish, asked) };
    return false;
  }
  if (finish === 'interrupted' || finish === 'error') {
    const message = `${asked.provider} broke off in the middle of the answer`;
    yield { type: 'error', error: new AgentError(message, { temporary: true }) };
    return false;
  }
  if (finish === 'length' || finish === 'content-filter') {
    yield { type: 'chunk', text: `\n\n${textsIn(language).model[finish]}` };
  }
  return true;
}

function nothingSaid(finish: End['finish'], { model }: Asked): AgentError {
  if (finish === 'length') {
    return new AgentError(`${model} reached its limit of length before it began to answer`, {
      temporary: false,
      hint: 'raise max_output_tokens: thinking counts too',
    });
  }
  if (finish === 'content-filter') {
    return new AgentError(
      `the content filter of the provider let nothing of the answer of ${model} through`,
      {
        temporary: false,
      },
    );
  }
  return new AgentError(`${model} ended without saying anything (${finish})`, { temporary: true });
}
