import { connect } from 'node:net';
import { ChannelError } from '../../src/contract/index.ts';
import type { SkeletonOptions } from './index.ts';

/** One JSON object of the wire. */
export type Line = Readonly<Record<string, unknown>>;

export interface Connection {
  /** Resolves when the server has let us in; rejects with a ChannelError when it will not, or cannot be reached. */
  readonly ready: Promise<void>;
  /** Resolves when the socket is gone, with why. */
  readonly closed: Promise<ChannelError>;
  /** What is written to a closed connection is dropped. */
  write(line: Line): void;
  /** Resolves with the server's answer to the line with this id; rejects with a ChannelError when none can come any more. */
  request(line: Line & { readonly id: string }, signal: AbortSignal): Promise<Line>;
}

/** Stands where a platform's SDK would be. It neither retries nor reconnects: the gateway does both. `signal` closes it. */
export function openConnection(
  { host, port, token }: SkeletonOptions,
  onMessage: (event: Line) => void,
  signal: AbortSignal,
): Connection {
  const socket = connect({ host, port, signal });
  const ready = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<ChannelError>();
  const requests = new Map<string, PromiseWithResolvers<Line>>();
  let reason = new ChannelError('network', 'Linechat closed the connection');

  socket.on('connect', () => write({ op: 'hello', token }));
  socket.on('error', (error) => {
    if (!(error instanceof ChannelError))
      reason = new ChannelError('network', error.message, { cause: error });
  });
  socket.on('close', () => {
    ready.reject(reason);
    for (const request of requests.values()) request.reject(reason);
    closed.resolve(reason);
  });
  // Not by readline: that ends a line at U+2028 as well, which may stand in JSON as it is.
  let begun = '';
  socket.setEncoding('utf8').on('data', (piece: string) => {
    const [first = '', ...others] = piece.split('\n');
    const lines = [begun + first, ...others];
    begun = lines.pop() ?? '';
    for (const text of lines) {
      try {
        take(JSON.parse(text) as Line);
      } catch {
        end(new ChannelError('unavailable', 'Linechat sent a line that is not a JSON object'));
      }
    }
  });

  function take(line: Line): void {
    if (line.op === 'welcome') ready.resolve();
    else if (line.op === 'refused') end(refusal());
    else if (line.op === 'sent' || line.op === 'failed') requests.get(String(line.id))?.resolve(line);
    else onMessage(line);
  }

  function end(error: ChannelError): void {
    reason = error;
    socket.destroy();
  }

  function write(line: Line): void {
    if (!socket.destroyed) socket.write(`${JSON.stringify(line)}\n`);
  }

  async function request(line: Line & { readonly id: string }, signal: AbortSignal): Promise<Line> {
    if (socket.destroyed || signal.aborted) throw new ChannelError('network', 'not sent', { certain: true });
    const answer = Promise.withResolvers<Line>();
    const giveUp = () => answer.reject(new ChannelError('network', 'Linechat gave no answer in time'));
    signal.addEventListener('abort', giveUp, { once: true });
    requests.set(line.id, answer);
    write(line);
    try {
      return await answer.promise;
    } finally {
      signal.removeEventListener('abort', giveUp);
      requests.delete(line.id);
    }
  }

  return { ready: ready.promise, closed: closed.promise, write, request };
}

function refusal(): ChannelError {
  return new ChannelError('auth', 'Linechat refuses the token', {
    hint: 'Put the token of the server in the config.',
  });
}
