import { z } from 'zod';
import { ChannelError, type Contact, type SenderId } from '../../src/contract/index.ts';
import type { Daemon } from './daemon.ts';

/** What signal-cli tells of people: src/main/java/org/asamk/signal/json/JsonContact.java. Only what we use. */
const people = z.array(z.object({ uuid: z.string().nullish(), number: z.string().nullish() }));

/** The number behind an account id, which Signal tells of those who do not hide it. */
export async function contactOf(daemon: Daemon, sender: SenderId, signal: AbortSignal): Promise<Contact> {
  const answer = await daemon.call('listContacts', { recipient: [sender], allRecipients: true }, signal);
  const { data } = people.safeParse(answer);
  if (data === undefined)
    throw new ChannelError('unavailable', 'signal-cli gave an answer that cannot be read');
  const number = data.find((one) => one.uuid === sender || one.number === sender)?.number;
  return number ? { phone: number } : {};
}
