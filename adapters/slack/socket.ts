import { setTimeout as pause } from 'node:timers/promises';
import type { SocketModeClient } from '@slack/socket-mode';
import { z } from 'zod';
import { parseJson } from '../../src/adapter-kit/index.ts';
import { type AdapterHost, ChannelError } from '../../src/contract/index.ts';
import { clientOptions, isFor, type Self, silent } from './api.ts';
import { commandIn } from './commands.ts';
import { toChannelError, whileStarting } from './errors.ts';
import type { SlackOptions } from './index.ts';
import type { Intake } from './intake.ts';

/** How long Slack may take to say goodbye, in milliseconds. */
const GOODBYE_MS = 500;

/** A connection is given up when Slack leaves a ping unanswered for this long (milliseconds). */
const PONG_TIMEOUT_MS = 10_000;

type SocketOptions = Extract<SlackOptions, { mode: 'socket' }>;

/** Why a connection ended. */
interface Ending {
  readonly error: ChannelError;
  /** Slack moves its connections every few hours: it asks for a new one, and nothing is wrong. */
  readonly refresh: boolean;
}

interface Socket {
  readonly ended: Promise<Ending>;
  /** Never rejects, and takes no longer than a polite goodbye. */
  close(): Promise<void>;
}

/**
 * Holds a Socket Mode connection; returns what closes it. When Slack asks for a new one, it gets one at once, not by the
 * gateway's pauses nor by those of Slack's client. Every other loss is reported. Rejects with a ChannelError.
 */
export async function keepSocket(
  options: SocketOptions,
  host: AdapterHost,
  self: Self,
  intake: Intake,
  take: Intake['take'],
  signal: AbortSignal,
): Promise<() => Promise<void>> {
  let socket = await openSocket(options, accept, signal);

  /** First on our disk, then acknowledged: what is not, Slack sends again. Never rejects. */
  async function accept({ event, ack }: Delivery): Promise<void> {
    try {
      if (isFor(self, event)) await take(event);
      await ack();
    } catch {
      // Not stored, which is in the log; or not acknowledged, and then it comes again and is recognised.
    }
  }

  async function keep(): Promise<ChannelError | undefined> {
    for (;;) {
      const { error, refresh } = await socket.ended;
      if (signal.aborted) return undefined;
      if (!refresh) return error;
      intake.fallBehind();
      host.onStateChange({ state: 'reconnecting' });
      try {
        socket = await openSocket(options, accept, signal);
      } catch (failure) {
        return toChannelError(failure);
      }
      host.onStateChange({ state: 'connected' });
      intake.catchUp();
    }
  }

  void keep().then((error) => {
    if (error !== undefined && !signal.aborted) host.onStateChange({ state: 'disconnected', error });
  });
  return () => socket.close();
}

interface Delivery {
  readonly event: unknown;
  ack(): Promise<void>;
}

/** Opens one connection, which does not reconnect by itself. Rejects with a ChannelError. */
async function openSocket(
  { app_token, api_url }: SocketOptions,
  accept: (delivery: Delivery) => Promise<void>,
  signal: AbortSignal,
): Promise<Socket> {
  const { SocketModeClient } = await import('@slack/socket-mode');
  const client = new SocketModeClient({
    appToken: app_token,
    logger: silent,
    autoReconnectEnabled: false,
    clientPingTimeout: PONG_TIMEOUT_MS,
    clientOptions: clientOptions(api_url, signal),
  });
  const ended = Promise.withResolvers<Ending>();
  let trouble: unknown;
  let farewell: string | undefined;

  client.on('error', (error: unknown) => {
    trouble = error;
  });
  client.on('ws_message', (data: unknown) => {
    farewell ??= farewellIn(data);
  });
  client.on('disconnected', () => ended.resolve(endingOf(farewell, trouble)));
  client.on('slack_event', ({ type, body, ack }: { type: string; body: unknown; ack(): Promise<void> }) => {
    const event = type === 'slash_commands' ? commandIn(body, Date.now()) : body;
    void accept({ event, ack });
  });

  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= sayGoodbye(client);
    return closing;
  };
  const stop = () => void close();
  signal.addEventListener('abort', stop, { once: true });
  // The client cannot be told to stop between its two steps; but it says when it goes from one to the other.
  client.on('connecting', () => signal.aborted && queueMicrotask(() => void sayGoodbye(client)));
  void ended.promise.then(() => signal.removeEventListener('abort', stop));
  try {
    await client.start();
  } catch (error) {
    await close();
    throw whileStarting(error ?? trouble);
  }
  return { ended: ended.promise, close };
}

async function sayGoodbye(client: SocketModeClient): Promise<void> {
  const gone = client.disconnect();
  await Promise.race([gone, pause(GOODBYE_MS, undefined, { ref: false })]);
  // Asked a second time, the client no longer waits for Slack.
  await client.disconnect();
}

const goodbye = z.object({ type: z.literal('disconnect'), reason: z.string() });

/** Slack says why before it closes a connection: `warning`, `refresh_requested` or `link_disabled`. */
function farewellIn(data: unknown): string | undefined {
  if (typeof data !== 'string' || !data.includes('"disconnect"')) return undefined;
  return goodbye.safeParse(parseJson(data)).data?.reason;
}

function endingOf(farewell: string | undefined, trouble: unknown): Ending {
  if (farewell === 'link_disabled') {
    const error = new ChannelError('auth', 'Socket Mode was switched off for the app', {
      hint: 'Switch it on under "Socket Mode" on api.slack.com/apps, or configure mode: http.',
    });
    return { error, refresh: false };
  }
  return { error: toChannelError(trouble), refresh: farewell !== undefined };
}
