/**
 * What a model says to the chat app and not to the person, written into its answer as the system prompt has it:
 * a first line `[react: 👍]`, and a last block of choices. Neither is part of the text.
 */
export interface Directives {
  /** More of the answer; returns what of it is certainly text, which may be nothing yet. */
  push(text: string): string;
  /** The answer is complete. */
  end(): {
    readonly rest: string;
    readonly choices: readonly string[];
    readonly reaction: string | undefined;
  };
}

const REACTION = /^\s*\[react: ?([^\]\s]{1,20})\][ \t]*\n?/u;
/** What may still become a reaction. */
const MAYBE_REACTION = /^\s*(?:\[(?:r(?:e(?:a(?:c(?:t(?::[^\]\n]{0,22}\]?[ \t]*)?)?)?)?)?)?)?$/u;
const CHOICES = /\n```choices[ \t]*\n(.*?)\n```\s*$/s;
/** What may still become a block of choices: from here on nothing is certain. */
const MAYBE_CHOICES = /\n(?:`{0,3}|```c[^\n]{0,8}|```choices[ \t]*\n.*)$/s;
const MOST_CHOICES = 20;

export function createDirectives(): Directives {
  /** Not handed on yet. */
  let held = '';
  /** Whether a line begins where `held` does. */
  let lineBegins = true;
  let begun = false;
  let reaction: string | undefined;

  function begin(): boolean {
    if (begun) return true;
    if (MAYBE_REACTION.test(held)) return false;
    const match = REACTION.exec(held);
    begun = true;
    reaction = match?.[1];
    held = held.slice(match?.[0].length ?? 0);
    return true;
  }

  /** Something in `held` that takes whole lines: where it begins, and what is in it. */
  function find(pattern: RegExp): { readonly at: number; readonly inside: string | undefined } | undefined {
    const before = lineBegins ? '\n' : '';
    const match = pattern.exec(`${before}${held}`);
    // Its own line break may be the one that is not part of `held` any more.
    return match === null ? undefined : { at: Math.max(0, match.index - before.length), inside: match[1] };
  }

  return {
    push(text) {
      held += text;
      if (!begin()) return '';
      const certain = find(MAYBE_CHOICES)?.at ?? held.length;
      const said = held.slice(0, certain);
      held = held.slice(certain);
      if (said !== '') lineBegins = said.endsWith('\n');
      return said;
    },
    end() {
      // A reaction may be all there is, without the end of its line.
      const match = begun ? null : REACTION.exec(held);
      if (match !== null) {
        reaction = match[1];
        held = held.slice(match[0].length);
      }
      const block = find(CHOICES);
      const choices = (block?.inside ?? '')
        .split('\n')
        .map((line) => line.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, '').trim())
        .filter((line) => line !== '')
        .slice(0, MOST_CHOICES);
      const rest = choices.length > 0 ? held.slice(0, block?.at) : held;
      return { rest, choices, reaction };
    },
  };
}
