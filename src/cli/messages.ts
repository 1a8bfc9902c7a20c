import type { InboundMessage } from '../contract/index.ts';
import type { InboundRecord } from '../store/index.ts';
import { say, sayJson } from './say.ts';
import { withLedger } from './with-ledger.ts';
import { moment, shortened } from './words.ts';

interface MessagesOptions {
  readonly config: string;
  readonly json?: boolean;
  readonly limit: number;
  readonly before?: string;
}

/** `openclaw-gateway messages`: what came last, and what became of it; newest first. */
export function messages(options: MessagesOptions): void {
  for (const record of withLedger(options, (ledger) => ledger.recent(options.limit, options.before))) {
    if (options.json) sayJson(record);
    else say(line(record));
  }
}

function line({ id, channel, chat, state, reason, receivedAt, message, deadKind }: InboundRecord): string {
  const text = deadKind === 'unreadable' ? message : (JSON.parse(message) as InboundMessage).text;
  const outcome = reason === null ? state : `${state} (${reason})`;
  return `${moment(receivedAt)}  ${id}  ${channel} ${chat ?? ''}  ${outcome}  ${shortened(text, 60)}`;
}
