import type { Meaning } from '../../src/adapter-kit/index.ts';
import { ChannelError } from '../../src/contract/index.ts';
import { PHONE_LACKS_FILE, type Refusal } from './protocol.ts';

interface Trouble extends Meaning {
  readonly message: string;
}

/** Why a connection ended: DisconnectReason of Baileys (lib/Types/index.d.ts). What is not here is the network's fault. */
const CLOSINGS: Readonly<Record<number, Trouble>> = {
  401: {
    kind: 'auth',
    message: 'the phone has removed this linked device',
    hint: 'restart the channel, and link it again: on the phone, WhatsApp > Settings > Linked devices',
  },
  403: {
    kind: 'auth',
    message: 'WhatsApp has blocked this account',
    hint: 'open WhatsApp on the phone, and follow what it says about the account',
  },
  411: {
    kind: 'auth',
    message: 'the account cannot have linked devices',
    hint: 'update WhatsApp on the phone, then restart the channel',
  },
  440: {
    kind: 'auth',
    message: 'another program took over this login',
    hint: 'stop the other program that uses the data folder of this channel, then restart the channel',
  },
};

/** How the server refuses a message: NACK_REASONS and the error codes of its acks (lib/Utils/decode-wa-message.js). */
const REFUSALS: Readonly<Record<number, Trouble>> = {
  401: {
    kind: 'auth',
    message: 'WhatsApp refuses to send from this account',
    hint: 'check the account on the phone',
  },
  403: { kind: 'rejected', message: 'WhatsApp does not let us write to this chat' },
  404: { kind: 'rejected', message: 'WhatsApp does not know this chat' },
  406: { kind: 'rejected', message: 'WhatsApp does not accept this message' },
  [PHONE_LACKS_FILE]: { kind: 'rejected', message: 'neither WhatsApp nor the phone has this file any more' },
  420: { kind: 'rate_limited', message: 'WhatsApp wants us to write slower', retryAfterMs: 60_000 },
  429: { kind: 'rate_limited', message: 'WhatsApp wants us to write slower', retryAfterMs: 60_000 },
  463: {
    kind: 'rejected',
    message: 'WhatsApp does not let this account write to people who have not written first',
    hint: 'let the person write first, or wait until WhatsApp lifts the restriction',
  },
};

export function closedError(code: number): ChannelError {
  return errorOf(
    CLOSINGS[code] ?? { kind: 'network', message: `the connection to WhatsApp ended (code ${code})` },
  );
}

export function refusedError({ code, reason, unsent = false }: Refusal): ChannelError {
  if (unsent)
    return new ChannelError('unavailable', `the message could not be made: ${reason}`, { certain: true });
  if (code === undefined) return new ChannelError('network', `WhatsApp did not get this: ${reason}`);
  return errorOf(
    REFUSALS[code] ?? {
      kind: 'unavailable',
      message: `WhatsApp did not take this (code ${code})`,
      certain: true,
    },
  );
}

function errorOf({ kind, message, ...options }: Trouble): ChannelError {
  return new ChannelError(kind, message, options);
}
