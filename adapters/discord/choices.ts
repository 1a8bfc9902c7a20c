import type { REST } from '@discordjs/rest';
import * as wire from './wire.ts';

/** https://discord.com/developers/docs/components/reference */
const ACTION_ROW = 1;
const BUTTON = 2;
const SECONDARY = 2;
const SUCCESS = 3;
const BUTTONS_PER_ROW = 5;

/** https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-interaction-callback-type */
const UPDATE_MESSAGE = 7;

/** Rows of buttons. What is pressed is known by its label, which comes back with it. */
export function buttons(labels: readonly string[]): object[] {
  const all = labels.map((label, index) => ({
    type: BUTTON,
    style: SECONDARY,
    custom_id: `choice-${index}`,
    label,
  }));
  return Array.from({ length: Math.ceil(all.length / BUTTONS_PER_ROW) }, (_, row) => ({
    type: ACTION_ROW,
    components: all.slice(row * BUTTONS_PER_ROW, (row + 1) * BUTTONS_PER_ROW),
  }));
}

/** What stands on the button that was pressed. */
export function labelOf({ data, message }: wire.Press): string | undefined {
  const all = message.components.flatMap(({ components }) => components);
  return all.find(({ custom_id }) => custom_id === data.custom_id)?.label;
}

/**
 * Leaves of the buttons only the one that was pressed, dead. Best effort: Discord takes an answer within 3 seconds, and tells
 * the person of a failure when none comes; later, only the message can be changed.
 */
export async function showTaken(rest: REST, interaction: unknown, signal: AbortSignal): Promise<void> {
  const { data: press } = wire.press.safeParse(interaction);
  if (press === undefined) return;
  const label = labelOf(press);
  const taken = { type: BUTTON, style: SUCCESS, custom_id: press.data.custom_id, label, disabled: true };
  const body = { components: [{ type: ACTION_ROW, components: [taken] }] };
  const { id, token, channel_id, message } = press;
  const until = { signal: AbortSignal.any([signal]) };
  await rest
    .post(`/interactions/${id}/${encodeURIComponent(token)}/callback`, {
      ...until,
      body: { type: UPDATE_MESSAGE, data: body },
    })
    .catch(() => rest.patch(`/channels/${channel_id}/messages/${message.id}`, { ...until, body }))
    .catch(() => {});
}
