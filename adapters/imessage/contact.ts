import type { Contact, SenderId } from '../../src/contract/index.ts';
import type { BlueBubbles } from './bluebubbles.ts';

/** The address itself, which Apple has verified if it was written from by iMessage; anybody can put any number on an SMS. */
export async function contactOf(
  server: BlueBubbles,
  sender: SenderId,
  signal: AbortSignal,
): Promise<Contact> {
  const services = await server.servicesOf(sender, signal);
  if (!services.includes('iMessage')) return {};
  if (sender.includes('@')) return { email: sender.toLowerCase() };
  return /^\+[1-9]\d{6,14}$/.test(sender) ? { phone: sender } : {};
}
