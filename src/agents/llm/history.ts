import type { HistoryEntry } from '../../contract/index.ts';
import { spokenBy } from './prompt.ts';

/** What a message costs beside its text: its role and its delimiters. */
const TOKENS_PER_MESSAGE = 4;
/** A question with its answer hardly ever costs less: what bounds how many turns are read at all. */
const TOKENS_PER_TURN = 50;

/** How many turns can fit into the budget. */
export function turnsWithin(historyTokens: number): number {
  return Math.ceil(historyTokens / TOKENS_PER_TURN);
}

/**
 * What the model is to read: as many of the newest entries as the budget holds, and then the prompt, which always goes.
 * It begins with the user and the roles alternate, which some models insist on; what one side said in a row becomes one entry.
 */
export function conversation(
  history: readonly HistoryEntry[],
  prompt: string,
  historyTokens: number,
): HistoryEntry[] {
  const spoken = history.filter(({ text }) => text.trim() !== ''); // a picture alone has no words
  const kept = newestWithin(spoken, historyTokens);
  const firstQuestion = kept.findIndex(({ role }) => role === 'user');
  const entries = firstQuestion === -1 ? [] : kept.slice(firstQuestion);
  return merged([...entries.map(named), { role: 'user', text: prompt }]);
}

function named({ role, speaker, text }: HistoryEntry): HistoryEntry {
  return { role, text: speaker === undefined ? text : spokenBy(speaker, text) };
}

function newestWithin(history: readonly HistoryEntry[], budget: number): readonly HistoryEntry[] {
  let left = budget;
  let from = history.length;
  for (const { text } of history.toReversed()) {
    left -= estimateTokens(text) + TOKENS_PER_MESSAGE;
    if (left < 0) break;
    from -= 1;
  }
  return history.slice(from);
}

function merged(entries: readonly HistoryEntry[]): HistoryEntry[] {
  const result: HistoryEntry[] = [];
  for (const { role, text: said } of entries) {
    const text = said.toWellFormed(); // half an emoji in the JSON makes some providers refuse it all
    const last = result.at(-1);
    if (last?.role === role) result[result.length - 1] = { role, text: `${last.text}\n\n${text}` };
    else result.push({ role, text });
  }
  return result;
}

/**
 * About how many tokens a text is, without the model's own tokenizer. Latin script takes about four characters to a token
 * (OpenAI's and Google's rule of thumb), other alphabets about two, and Chinese, Japanese and Korean about one; emoji count two.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    tokens += unit < 0x250 ? 0.25 : unit < 0x2e80 ? 0.5 : 1;
  }
  return Math.ceil(tokens);
}
