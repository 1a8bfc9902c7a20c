import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { errorText } from '../contract/index.ts';
import type { Admission } from './admission.ts';
import { findMount } from './mounts.ts';
import type { ServerPorts } from './options.ts';
import { Refusal } from './refusal.ts';
import type { RequestCheck } from './request-check.ts';
import { refusalHeaders } from './responses.ts';
import type { Sockets } from './sockets.ts';

const CHANNEL_FAILED = 1011;

/** Opens WebSockets on `/channels/<channel>/ws`, after the checks that every other request goes through. */
export function createUpgrade(
  { mounts, log }: ServerPorts,
  house: { readonly check: RequestCheck; readonly admission: Admission; readonly sockets: Sockets },
): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  /** Why not, or `undefined` when the socket was accepted. */
  function open(request: IncomingMessage, socket: Duplex, head: Buffer): Refusal | undefined {
    const strange = house.check(request);
    if (strange !== undefined) return strange;
    const destination = findMount(mounts, request.url ?? '');
    if (destination?.rest !== 'ws' || destination.mount.audience !== 'visitor') {
      return new Refusal(404, 'no WebSocket here');
    }
    const guest = house.admission.recognise(request);
    if (guest instanceof Refusal) return guest;
    const full = house.sockets.full(guest.visitor);
    if (full !== undefined) return full;
    house.sockets.accept({ request, socket, head }, guest.visitor, (peer) => {
      try {
        destination.mount.connected?.(peer, guest.visitor);
      } catch (error) {
        log.warn('a channel failed to take a WebSocket', {
          channel: destination.channel,
          error: errorText(error),
        });
        peer.close(CHANNEL_FAILED, 'the channel failed');
      }
    });
    return undefined;
  }

  return (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const refusal = open(request, socket, head);
    if (refusal !== undefined) socket.end(responseText(refusal), () => socket.destroy());
  };
}

/** An HTTP answer in plain text, for there is no response object in an upgrade. */
function responseText(refusal: Refusal): string {
  const body = JSON.stringify({ error: refusal.error });
  const headers = {
    ...refusalHeaders(refusal),
    connection: 'close',
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`, ...lines, '', body].join('\r\n');
}
