import { createHash } from 'node:crypto';
import { type PlatformMessageId, platformMessageId } from '../../src/contract/index.ts';

/** The id of a stanza, in the shape that linked devices use: the same for each attempt to say `what`. */
export function stanzaIdOf(what: string): string {
  return `3EB0${createHash('sha256').update(what).digest('hex').slice(0, 18).toUpperCase()}`;
}

/**
 * WhatsApp knows a message by its stanza's id and by who sent it: the chat itself where there are only two of us, in a
 * group the address that the group uses for them. `me` is our own account.
 */
export interface MessageRef {
  readonly id: string;
  readonly author: string;
}

export function encodeRef({ id, author }: MessageRef): PlatformMessageId {
  return platformMessageId(`${author}/${id}`);
}

export function decodeRef(ref: PlatformMessageId): MessageRef {
  const end = ref.indexOf('/');
  return { author: ref.slice(0, end), id: ref.slice(end + 1) };
}

/** An address without its device: `15550102:3@s.whatsapp.net` is the person `15550102@s.whatsapp.net`. */
export function personOf(jid: string): string {
  return jid.replace(/[:_]\d+(?=@)/, '').replace(/@c\.us$/, '@s.whatsapp.net');
}
