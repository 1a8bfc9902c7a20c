import type { Contact, SenderId } from '../../src/contract/index.ts';
import { personOf } from './ids.ts';

/** The number that an account is registered with. `numberOf`: the address with the number of somebody whose own hides it. */
export async function contactOf(
  sender: SenderId,
  numberOf: (lid: string) => Promise<string | undefined>,
): Promise<Contact> {
  const address = sender.endsWith('@lid') ? await numberOf(sender) : sender;
  const [, number] = /^(\d+)@s\.whatsapp\.net$/.exec(personOf(address ?? '')) ?? [];
  return number === undefined ? {} : { phone: `+${number}` };
}
