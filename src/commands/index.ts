/** The commands that people can give in a chat, as data. */
import type { ChatCommand, Operations } from '../gateway/index.ts';
import { claim, link, unlink, whoami } from './identity.ts';
import { approve, deny } from './strangers.ts';

export function createCommands(gateway: Operations): readonly ChatCommand[] {
  return [whoami, link, unlink, claim, approve, deny].map((create) => create(gateway));
}
