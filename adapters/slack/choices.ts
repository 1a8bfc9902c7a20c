import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { CHOICES } from './events.ts';

/** A section holds 3,000 characters (docs.slack.dev, "Section block"): this many, and the marks of code that goes on. */
const PIECE = /.{1000,2980}(?=\n|$)|.{1,2980}(?=\s|$)|.{1,2980}(?![\udc00-\udfff])/gs;

/** A text with buttons under it. */
export function blocksOf(text: string, labels: readonly string[]) {
  const buttons = labels.map((label, index) => ({
    type: 'button' as const,
    action_id: `choice-${index}`,
    text: { type: 'plain_text' as const, text: label, emoji: false },
    value: label,
  }));
  return [
    ...sectionsOf(text).map((piece) => ({
      type: 'section' as const,
      expand: true,
      // Without `verbatim` Slack makes mentions of words such as @here.
      text: { type: 'mrkdwn' as const, text: piece, verbatim: true },
    })),
    { type: 'actions' as const, block_id: CHOICES, elements: buttons },
  ];
}

function sectionsOf(text: string): string[] {
  let inCode = false;
  return (text.match(PIECE) ?? [])
    .filter((piece) => piece.trim() !== '')
    .map((piece) => {
      const begin = inCode ? '```\n' : '';
      if (piece.split('```').length % 2 === 0) inCode = !inCode;
      return begin + piece.replace(/^\s/, '') + (inCode ? '\n```' : '');
    });
}

const pressed = z.object({
  channel: z.object({ id: z.string() }),
  message: z.object({
    ts: z.string(),
    text: z.string().nullish(),
    blocks: z.array(z.looseObject({ type: z.string(), block_id: z.string().optional() })),
  }),
  actions: z.tuple([z.object({ block_id: z.literal(CHOICES), value: z.string() })]),
});

/** Puts what was chosen in the place of the buttons. Best effort: never throws, reports nothing. */
export function showChosen(web: WebClient, event: unknown): void {
  const { data } = pressed.safeParse(event);
  if (data === undefined) return;
  const { channel, message, actions } = data;
  const [{ value: label }] = actions;
  const text = { type: 'plain_text' as const, text: `✓ ${label}`, emoji: false };
  web.chat
    .update({
      channel: channel.id,
      ts: message.ts,
      text: message.text || label,
      parse: 'none',
      blocks: [
        ...message.blocks.filter(({ block_id }) => block_id !== CHOICES),
        { type: 'context', elements: [text] },
      ],
    })
    .catch(() => {});
}
