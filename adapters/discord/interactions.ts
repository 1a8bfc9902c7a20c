import { type InboundMessage, platformMessageId } from '../../src/contract/index.ts';
import { labelOf } from './choices.ts';
import { timeOf } from './cursor.ts';
import { chatOf, senderOf } from './who.ts';
import * as wire from './wire.ts';

/** https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object-interaction-type */
const COMMAND = 2;
const PRESSED = 3;

/** https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-types */
const TYPED = 1;

/** By a command from the menu, or a button under a message of ours; other interactions are of no concern. */
export function acted({ d, parent }: wire.GatewayEvent): InboundMessage | undefined {
  switch (wire.interaction.parse(d).type) {
    case COMMAND:
      return commanded(wire.chosen.parse(d), parent);
    case PRESSED:
      return chose(wire.press.parse(d), parent);
    default:
      return undefined;
  }
}

/** There is no message to refer to; a reply to what is gone is none. */
function commanded(command: wire.Chosen, parent: string | undefined): InboundMessage | undefined {
  const { id, data } = command;
  if (data.type !== TYPED) return undefined;
  const words = data.options.map(({ value }) => String(value));
  return {
    dedupeKey: id,
    ...actor(command, parent),
    platformId: platformMessageId(id),
    sentAt: timeOf(id),
    text: [`/${data.name}`, ...words].join(' '),
    addressed: true,
  };
}

function chose(press: wire.Press, parent: string | undefined): InboundMessage {
  const { id, message } = press;
  const text = labelOf(press);
  if (text === undefined) throw new Error('a button without a label');
  const of = platformMessageId(message.id);
  return {
    dedupeKey: id,
    ...actor(press, parent),
    platformId: of,
    sentAt: timeOf(id),
    text,
    addressed: true,
    choice: { of },
  };
}

function actor(
  interaction: wire.Press | wire.Chosen,
  parent: string | undefined,
): Pick<InboundMessage, 'chat' | 'sender'> {
  const { member, user = member?.user, locale } = interaction;
  if (user === undefined) throw new Error('an interaction without a person');
  const sender = senderOf(user, member?.nick);
  return {
    chat: chatOf(interaction, parent),
    sender: { ...sender, ...(locale !== undefined && { language: locale }) },
  };
}
