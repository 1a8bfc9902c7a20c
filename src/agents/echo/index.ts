import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Agent, AgentEvent, AgentId, AgentType, InboundMessage, Turn } from '../../contract/index.ts';
import { type Texts, textsIn } from '../../texts/index.ts';
import { introduction } from './introduction.ts';

const options = z.strictObject({
  delay_ms: z.int().min(0).default(0).describe('Milliseconds to wait before answering.'),
});

type EchoOptions = z.output<typeof options>;

/** Repeats what was said. It needs no key and costs nothing, so it is who answers until a model is connected. */
export const echo: AgentType<EchoOptions> = {
  options,
  create: async (id, { delay_ms }) => createEcho(id, delay_ms),
};

function createEcho(id: AgentId, delayMs: number): Agent {
  const runtime = { run: (turn: Turn) => answer(turn, delayMs), close: async () => {} };
  return {
    id,
    historyTurns: 1, // enough to know whether this is the first turn
    open: async () => runtime,
  };
}

async function* answer(turn: Turn, delayMs: number): AsyncGenerator<AgentEvent> {
  if (delayMs > 0 && !(await pause(delayMs, turn.signal))) return;
  const { echo: texts } = textsIn(turn.language);
  if (turn.history.length === 0) yield { type: 'chunk', text: introduction(texts) };
  yield { type: 'chunk', text: `${texts.youSaid}\n\n` };
  for (const text of pieces(quote(turn.messages, texts))) yield { type: 'chunk', text };
  yield* tricks(turn.messages);
  for (let more = await turn.more(); more.length > 0; more = await turn.more()) {
    yield { type: 'chunk', text: `\n\n${texts.andThen}\n\n${quote(more, texts)}` };
    yield* tricks(more);
  }
  yield { type: 'done' };
}

/** What else a channel can do, for whoever wants to see it: files come back, and so do emoji and choices. */
function* tricks(messages: readonly InboundMessage[]): Generator<AgentEvent> {
  for (const { path, name } of messages.flatMap(storedIn)) {
    yield { type: 'artifact', file: { name, content: { path } } };
  }
  const text = messages.at(-1)?.text.trim() ?? '';
  if (/^\p{RGI_Emoji}$/v.test(text)) yield { type: 'reaction', emoji: text };
  const labels = /^(?:choose:? |选择[:：]? *)(.+)$/i
    .exec(text)?.[1]
    ?.split(/[,，、]/)
    .map((label) => label.trim());
  if (labels !== undefined) yield { type: 'choices', labels: labels.filter((label) => label !== '') };
}

function storedIn({ attachments = [] }: InboundMessage): { path: string; name: string }[] {
  return attachments.flatMap(({ stored, name, kind }) =>
    stored === undefined ? [] : [{ path: stored.path, name: name ?? kind }],
  );
}

/** Resolves to false when the turn was stopped meanwhile. */
function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  return sleep(ms, true, { signal }).catch(() => false);
}

/** The words stay Markdown, so that one sees how the channel shows it. What was not said to us is left out. */
function quote(messages: readonly InboundMessage[], texts: Texts['echo']): string {
  const said = messages
    .filter(({ change, tooLate, overheard }) => change === undefined && !tooLate && !overheard)
    .map((message) => wordsOf(message, texts))
    .join('\n\n');
  return `> ${said.replaceAll('\n', '\n> ')}`;
}

function wordsOf({ text, attachments = [] }: InboundMessage, { andSent }: Texts['echo']): string {
  const files = attachments.map(({ kind }) => kind).join(', ');
  return files === '' ? text : `${text} ${andSent(files)}`.trimStart();
}

const SHORTEST_PIECE = 24;

/** A text in at most four pieces, each but the last ending with a space: enough to be seen streaming, few enough to be cheap. */
function* pieces(text: string): Generator<string> {
  const length = Math.max(SHORTEST_PIECE, text.length / 4);
  let from = 0;
  while (from < text.length) {
    const space = text.indexOf(' ', from + length);
    const to = space === -1 ? text.length : space + 1;
    yield text.slice(from, to);
    from = to;
  }
}
