/**
 * Where a conversation begins, and what of it counts.
 *
 * `sessions.begins_at` is the first message of the present conversation: turns before it belong to an earlier one, which is
 * kept but no longer remembered.
 * `turns.replaced_by` is the turn that answers the same question anew: this one's answer is kept but no longer remembered.
 * A message of the inbox may also end as `superseded`: a later one took its place.
 */
export const conversations = `
ALTER TABLE sessions ADD COLUMN begins_at INTEGER;
ALTER TABLE turns ADD COLUMN replaced_by INTEGER;
`;
