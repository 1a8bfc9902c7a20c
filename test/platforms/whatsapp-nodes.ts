import { randomBytes } from 'node:crypto';
import type { BinaryNode, proto } from '@whiskeysockets/baileys';
import type { Bundle } from './whatsapp-person.ts';

export const SERVER = 's.whatsapp.net';

export function node(
  tag: string,
  attrs: Record<string, string> = {},
  content?: BinaryNode['content'],
): BinaryNode {
  return content === undefined ? { tag, attrs } : { tag, attrs, content };
}

export function iq(type: string, id: string, content: BinaryNode[]): BinaryNode {
  return node('iq', { from: SERVER, type, id }, content);
}

/** What the QR codes of one connection are made of. */
export function refs(): BinaryNode[] {
  return Array.from({ length: 6 }, () => node('ref', {}, Buffer.from(`2@${randomBytes(9).toString('hex')}`)));
}

export function bundleOf(
  data: proto.ClientPayload.IDevicePairingRegistrationData | null | undefined,
): Bundle | undefined {
  if (!data?.eIdent || !data.eSkeyVal || !data.eSkeySig || !data.eRegid || !data.eSkeyId) return undefined;
  return {
    registrationId: Buffer.from(data.eRegid).readUInt32BE(),
    identity: data.eIdent,
    signedPreKey: {
      keyId: Buffer.from(data.eSkeyId).readUIntBE(0, 3),
      publicKey: data.eSkeyVal,
      signature: data.eSkeySig,
    },
  };
}
