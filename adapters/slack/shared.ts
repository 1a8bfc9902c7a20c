import { type InboundMessage, platformMessageId, senderId } from '../../src/contract/index.ts';
import type { Said, SlackFile } from './events.ts';
import { asTyped } from './written.ts';

export interface Shared {
  readonly message: NonNullable<InboundMessage['replyTo']>;
  readonly text: string;
  readonly files: readonly SlackFile[];
}

/** The message of somebody else that a message passes on, or links to: it hangs on it, beside what its sender wrote. */
export function sharedIn({ attachments }: Said): Shared | undefined {
  const found = attachments?.find(({ is_share, is_msg_unfurl }) => is_share || is_msg_unfurl);
  if (found?.ts === undefined) return undefined;
  const text = asTyped(found.text ?? '', undefined);
  const author = found.author_id;
  return {
    message: {
      platformId: platformMessageId(found.ts),
      text,
      ...(author && { sender: { id: senderId(author) } }),
    },
    text,
    files: found.files ?? [],
  };
}
