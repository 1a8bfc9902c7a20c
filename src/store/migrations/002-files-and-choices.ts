/**
 * What an outgoing message carries beside its text: `files` (JSON of OutboundFile[]), `choices` (JSON of labels), or a
 * `reaction` (an emoji for the message in `reply_to`) in place of a text.
 * `doubt_at` is when the first attempt whose outcome nobody knows began: some platforms deduplicate for a time only.
 */
export const filesAndChoices = `
ALTER TABLE outbox ADD COLUMN files TEXT;
ALTER TABLE outbox ADD COLUMN choices TEXT;
ALTER TABLE outbox ADD COLUMN reaction TEXT;
ALTER TABLE outbox ADD COLUMN doubt_at INTEGER;
`;
