import type { Reaction, Reactions } from './updates.ts';

/**
 * What somebody did. Telegram tells all of a person's reactions before and after; who replaces one by another has reacted
 * anew. Undefined when nothing changed.
 */
export function readReaction({
  old_reaction: before,
  new_reaction: now,
}: Pick<Reactions, 'old_reaction' | 'new_reaction'>):
  | { kind: 'reaction' | 'reaction_removed'; text: string }
  | undefined {
  const added = without(now, before);
  if (added !== '') return { kind: 'reaction', text: added };
  const removed = without(before, now);
  return removed === '' ? undefined : { kind: 'reaction_removed', text: removed };
}

function without(reactions: readonly Reaction[], others: readonly Reaction[]): string {
  const known = new Set(others.map(shown));
  return reactions
    .map(shown)
    .filter((reaction) => !known.has(reaction))
    .join('');
}

/** A custom emoji is a picture that has no character. */
function shown({ type, emoji }: Reaction): string {
  return emoji ?? (type === 'paid' ? '⭐' : '(custom emoji)');
}
