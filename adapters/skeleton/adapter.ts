import { batchOf } from '../../src/adapter-kit/index.ts';
import { type AdapterHost, type ChannelAdapter, ChannelError, errorText } from '../../src/contract/index.ts';
import { capabilities } from './capabilities.ts';
import { type Connection, type Line, openConnection } from './connection.ts';
import { render } from './format.ts';
import { normalize } from './inbound.ts';
import type { SkeletonOptions } from './index.ts';
import { send } from './outbound.ts';

export function createSkeletonAdapter(options: SkeletonOptions): ChannelAdapter {
  let connection: Connection | undefined;
  let life = new AbortController();

  return {
    capabilities,
    normalize,
    render,

    async start(host) {
      life = new AbortController();
      const stopping = AbortSignal.any([host.signal, life.signal]);
      const opened = openConnection(options, (event) => void take(event, host, opened), stopping);
      connection = opened;
      await opened.ready;
      // From here on nobody waits for us: a lost connection is reported, and the gateway starts us again.
      void opened.closed.then((error) => {
        if (!stopping.aborted) host.onStateChange({ state: 'disconnected', error });
      });
    },

    async stop() {
      life.abort();
      await connection?.closed;
    },

    async send(message, signal) {
      if (connection === undefined) throw new ChannelError('network', 'not connected', { certain: true });
      return send(connection, message, signal);
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
