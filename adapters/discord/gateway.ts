import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloseCodes,
  DefaultWebSocketManagerOptions,
  type FetchingStrategyOptions,
  type SessionInfo,
  WebSocketShard,
  WebSocketShardEvents,
} from '@discordjs/ws';
import { WebSocket } from 'ws';

/** Where to go on: Discord sends again what came after `sequence`. */
export interface ResumePoint {
  readonly id: string;
  readonly resumeUrl: string;
  readonly sequence: number;
}

export interface ConnectionOptions {
  readonly token: string;
  readonly intents: number;
  readonly gateway: FetchingStrategyOptions['gatewayInformation'];
  /** The session as far as it is on our disk, asked for at each heartbeat; `undefined` begins a new one. */
  session(): ResumePoint | undefined;
  /** The body of READY: a new session has begun. */
  onReady(body: unknown): void;
  onEvent(event: { t: string; s: number; d: unknown }): void;
  /** Once, with a WebSocket close code (also Discord's own), unless `close` was called. */
  onLost(code: number, cause: Error | undefined): void;
}

export interface Connection {
  /** Resolves when events flow, of a new session or a resumed one. Stays pending when `onLost` comes first. */
  readonly open: Promise<void>;
  /** The session stays alive at Discord, to be resumed. */
  close(): Promise<void>;
}

/** Longer than a good-bye takes on a living connection. */
const GOOD_BYE_MS = 500;

/**
 * One connection to Discord's gateway, through discord.js's shard. The shard would reconnect by itself, at once and for
 * ever; here its life ends with its first loss, and the gateway's health monitor makes the next one.
 */
export function openConnection(options: ConnectionOptions): Connection {
  const { token, intents, gateway, session } = options;
  let over = false;
  let begun: SessionInfo | undefined;
  let failure: Error | undefined;

  const shard = new WebSocketShard(
    {
      options: {
        ...DefaultWebSocketManagerOptions,
        token,
        intents,
        gatewayInformation: gateway,
        shardCount: 1,
      },
      // What it asks for after its end is where to reconnect to: never.
      retrieveSessionInfo: () => (over ? new Promise(() => {}) : (infoOf(session()) ?? begun ?? null)),
      // Its number is ours to say: see `session`.
      updateSessionInfo(_, info) {
        begun ??= info ?? undefined;
      },
      // One shard, and a health monitor that takes its time: nothing to throttle.
      waitForIdentify: async () => {},
    },
    0,
  );
  shard.on(WebSocketShardEvents.Error, ({ error }) => {
    failure = error;
  });
  shard.on(WebSocketShardEvents.Closed, ({ code }) => {
    if (over) return;
    over = true;
    options.onLost(code, failure);
  });
  // Its own event: among the dispatched ones, READY comes after some that follow it.
  shard.on(WebSocketShardEvents.Ready, ({ data }) => options.onReady(data));
  shard.on(WebSocketShardEvents.Dispatch, ({ data }) => {
    if (data.t !== 'READY' && data.t !== 'RESUMED') options.onEvent(data);
  });

  return {
    open: shard.connect().catch(() => new Promise(() => {})),
    async close() {
      over = true;
      const socket: unknown = Reflect.get(shard, 'connection');
      const gone = shard.destroy({ code: CloseCodes.Resuming });
      // The shard leaves a socket that is still connecting, and waits 30 s for one that no longer answers.
      if (!(socket instanceof WebSocket)) return;
      socket.on('error', () => {});
      await Promise.race([gone, sleep(GOOD_BYE_MS, undefined, { ref: false })]);
      socket.terminate();
    },
  };
}

function infoOf(session: ResumePoint | undefined): SessionInfo | undefined {
  return (
    session && {
      sessionId: session.id,
      resumeURL: session.resumeUrl,
      sequence: session.sequence,
      shardId: 0,
      shardCount: 1,
    }
  );
}
