import { renderUnicodeCompact } from 'uqr';
import type { EventBus } from '../gateway/index.ts';

/**
 * Shows what a person has to scan or type, on a terminal only: it is a secret while it is valid, and logs are kept.
 * Elsewhere the log says which page shows it.
 */
export function showLogins(events: EventBus, terminal: NodeJS.WriteStream): void {
  if (!terminal.isTTY) return;
  events.on('channel.state', ({ channel, login }) => {
    if (login === undefined) return;
    const { instruction, qr, code } = login;
    const parts = [`${channel}: ${instruction.en}`, qr && renderUnicodeCompact(qr, { border: 2 }), code];
    terminal.write(`\n${parts.filter((part) => part !== undefined).join('\n\n')}\n\n`);
  });
}
