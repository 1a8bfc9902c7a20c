import type { ChatId } from '../contract/index.ts';
import { type Identity, named, type Operations } from '../gateway/index.ts';
import { commandTextsIn } from '../texts/index.ts';

/** Tells people what an admin at the terminal has done about them. False where there is no chat with them. */
export async function announceApproval(
  gateway: Operations,
  { identity, chat }: { identity: Identity; chat: ChatId | undefined },
): Promise<boolean> {
  if (chat === undefined) return false;
  const said = await gateway.say(identity.channel, chat, (language) => commandTextsIn(language).approve.told);
  return said.length > 0;
}

export async function announceLink(gateway: Operations, one: Identity, other: Identity): Promise<void> {
  await tell(gateway, one, (words) => words.link.told(code(other)));
  await tell(gateway, other, (words) => words.link.told(code(one)));
}

export async function announceUnlink(
  gateway: Operations,
  identity: Identity,
  others: readonly Identity[],
): Promise<void> {
  for (const other of others) await tell(gateway, other, (words) => words.unlink.told(code(identity)));
}

async function tell(
  { people, say }: Operations,
  who: Identity,
  text: (words: ReturnType<typeof commandTextsIn>) => string,
): Promise<void> {
  const chat = people.directChat(who);
  if (chat !== undefined) await say(who.channel, chat, (language) => text(commandTextsIn(language)));
}

function code(identity: Identity): string {
  return `\`${named(identity)}\``;
}
