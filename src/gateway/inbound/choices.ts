import type { ChannelCapabilities, InboundMessage } from '../../contract/index.ts';

/** Whether choices are shown as buttons; otherwise they are numbered in the text. */
export function asButtons(labels: readonly string[], { choices }: ChannelCapabilities): boolean {
  return labels.length > 0 && choices !== undefined && labels.length <= choices.most;
}

/**
 * Where choices are numbered, people answer with a number: the message then says what was chosen, as a button would.
 * `offered` looks up the latest choices of the chat, and is only called when it may matter.
 */
export function taken(
  message: InboundMessage,
  capabilities: ChannelCapabilities,
  offered: () => readonly string[],
): InboundMessage {
  // As a Chinese keyboard writes them, too: １ and 1、
  const text = message.text.trim().normalize('NFKC');
  if (message.change !== undefined || message.choice !== undefined || message.forwarded) return message;
  if (!/^\d{1,2}[.)、。]?$/.test(text)) return message;
  const labels = offered();
  const label = labels[Number.parseInt(text, 10) - 1];
  return label === undefined || asButtons(labels, capabilities)
    ? message
    : { ...message, text: label, choice: {} };
}
