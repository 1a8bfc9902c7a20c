import { batchOf, createLives } from '../../src/adapter-kit/index.ts';
import { type AdapterHost, type ChannelAdapter, errorText } from '../../src/contract/index.ts';
import { capabilities } from './capabilities.ts';
import { type Connection, type Line, openConnection } from './connection.ts';
import { render } from './format.ts';
import { normalize } from './inbound.ts';
import type { SkeletonOptions } from './index.ts';
import { send } from './outbound.ts';

export function createSkeletonAdapter(options: SkeletonOptions): ChannelAdapter {
  const lives = createLives<Connection>('Linechat');

  return {
    capabilities,
    normalize,
    render,

    async start(host) {
      const { signal, connect, lost } = lives.begin(host);
      const connection = openConnection(options, (event) => void take(event, host, connection), signal);
      connect(connection);
      await connection.ready;
      // From here on nobody waits for us: a lost connection is reported, and the gateway starts us again.
      void connection.closed.then(lost);
    },

    async stop() {
      await lives.end()?.closed;
    },

    async send(message, signal) {
      return send(lives.connected(), message, signal);
    },
  };
}

/** The heart of every adapter: first on our disk, then acknowledged. Never rejects. */
async function take(event: Line, host: AdapterHost, connection: Connection): Promise<void> {
  try {
    await host.receive(batchOf([event], normalize, keyOf));
    connection.write({ op: 'ack', id: event.id });
  } catch (error) {
    host.log.warn('a message could not be stored; Linechat will offer it again', {
      reason: errorText(error),
    });
    connection.write({ op: 'nack', id: event.id });
  }
}

/** By which an event is known that cannot be read. */
function keyOf(event: Line, payload: string): string {
  return typeof event.id === 'string' ? event.id : payload;
}
