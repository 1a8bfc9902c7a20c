import { once } from 'node:events';
import { type AddressInfo, createServer, isIPv6, type Server } from 'node:net';
import { errorText, StartError } from '../contract/index.ts';

/** Where to listen; port 0 lets the system choose. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Opens the port, and gives its number. Rejects with a StartError when it cannot be had. */
export async function listen(server: Server, { host, port }: Place): Promise<number> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    throw cannotListen(error, host, port);
  }
  return (server.address() as AddressInfo).port;
}

function cannotListen(error: unknown, host: string, port: number): StartError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return new StartError(`Port ${port} on ${host} is taken.`, {
        hint: 'Is this gateway running already? Stop it, or choose another gateway.port.',
        cause: error,
      });
    case 'EACCES':
      return new StartError(`This user may not listen on port ${port}.`, {
        hint: 'Choose a gateway.port above 1023.',
        cause: error,
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartError(`${host} is not an address of this machine.`, {
        hint: 'Set gateway.host to 127.0.0.1, or to one of its addresses.',
        cause: error,
      });
    default:
      return new StartError(`Cannot listen on ${host}, port ${port}: ${errorText(error)}`, { cause: error });
  }
}

/** Rejects with a StartError when nobody could listen there at this moment. */
export async function tryPort(place: Place): Promise<void> {
  const server = createServer();
  await listen(server, place);
  server.close();
  await once(server, 'close');
}

/** "Any address" is none that a browser could open. */
export function addressFor(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return isIPv6(host) ? `[${host}]` : host;
}
