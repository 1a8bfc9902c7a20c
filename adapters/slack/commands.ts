import { z } from 'zod';
import { type InboundMessage, platformMessageId, senderId } from '../../src/contract/index.ts';
import { toChat } from './places.ts';
import { asTyped } from './written.ts';

/** The command that every other one can be said by: `/openclaw status`. */
const OURS = '/openclaw';

/** What `/openclaw` alone asks for. */
const HELP = 'help';

/** What Slack tells of a command (docs.slack.dev, "Implementing slash commands"): everything as text, and no time. */
const typed = z.object({
  command: z.string().regex(/^\/\S+$/),
  text: z.string().default(''),
  channel_id: z.string().min(1),
  user_id: z.string().min(1),
  trigger_id: z.string().min(1),
  api_app_id: z.string(),
  team_id: z.string(),
  is_enterprise_install: z.union([z.boolean(), z.stringbool()]).optional(),
});

export const COMMAND = 'slash_command';

const commandEvent = typed.extend({ type: z.literal(COMMAND), at: z.number() });

/** A command as an event among others; `at`: when it came, in epoch milliseconds. */
export function commandIn(body: unknown, at: number): z.output<typeof commandEvent> | undefined {
  const { data } = typed.safeParse(body);
  return data && { ...data, type: COMMAND, at };
}

export function isCommand(event: unknown): boolean {
  return commandEvent.pick({ type: true }).safeParse(event).success;
}

/** As a message that says it. There is none on Slack, so it has no `ts`. */
export function readCommand(event: unknown): InboundMessage {
  const { command, text, channel_id: channel, user_id, trigger_id, at } = commandEvent.parse(event);
  const words = asTyped(text, undefined).trim();
  const id = `command/${trigger_id}`;
  return {
    dedupeKey: id,
    chat: toChat({ channel }),
    sender: { id: senderId(user_id) },
    platformId: platformMessageId(id),
    sentAt: at,
    text: command === OURS ? `/${words.replace(/^[/!]/, '') || HELP}` : `${command} ${words}`.trim(),
    addressed: true,
  };
}
