import type { REST } from '@discordjs/rest';
import { z } from 'zod';
import { createLatest, persistently, unlessRejected } from '../../src/adapter-kit/index.ts';
import type { ChannelLog } from '../../src/contract/index.ts';
import { toChannelError } from './errors.ts';
import * as wire from './wire.ts';

/** https://discord.com/developers/docs/resources/channel#channel-object-channel-types: of announcements, public, private. */
const THREADS = new Set([10, 11, 12]);

/** Of so many channels and threads we remember what they are; of others Discord is asked again. */
const KNOWN_CHANNELS = 5_000;

const inServer = z.object({ channel_id: wire.snowflake, guild_id: wire.snowflake });

/** In which channels threads are. Discord tells when it tells of a server, and when it is asked, but with no message. */
export function createThreads(
  rest: REST,
  trying: { readonly log: ChannelLog; readonly signal: AbortSignal },
) {
  const parents = createLatest<string | undefined>(KNOWN_CHANNELS);

  function learn(id: string, channel: wire.Channel | undefined): void {
    const isThread = channel !== undefined && THREADS.has(channel.type);
    parents.set(id, isThread ? (channel.parent_id ?? undefined) : undefined);
  }

  async function ask(id: string): Promise<unknown> {
    try {
      return await rest.get(`/channels/${id}`, { signal: AbortSignal.any([trying.signal]) });
    } catch (error) {
      throw toChannelError(error);
    }
  }

  return {
    learn({ channels, threads }: wire.Guild): void {
      for (const channel of [...channels, ...threads]) learn(channel.id, channel);
    },

    /** Of the thread that an event is from; `undefined` if it is from none. Rejects with a ChannelError. */
    async parentOf(event: unknown): Promise<string | undefined> {
      const { data: where } = inServer.safeParse(event);
      if (where === undefined) return undefined;
      const id = where.channel_id;
      if (!parents.has(id)) {
        const asked = persistently(() => ask(id), 'a channel cannot be looked up', trying);
        learn(id, wire.channel.safeParse(await unlessRejected(asked)).data);
      }
      return parents.get(id);
    },
  };
}
