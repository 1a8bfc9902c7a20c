import { once } from 'node:events';
import { ChannelError } from '../../src/contract/index.ts';
import type { Api } from './api.ts';

/** Shows work on a message by a reaction to it. `api`: the connection may be another one at the end. */
export async function showWork(api: () => Api, message: string, until: AbortSignal): Promise<void> {
  if (until.aborted) return;
  const react = () => api().react(message, 'Typing');
  const reaction = await react().catch((error: unknown) => {
    if (ChannelError.from(error).certain) throw error;
  });
  if (!until.aborted) await once(until, 'abort');
  // Where the answer was lost: to react again changes nothing, and tells the id.
  await api().unreact(message, reaction ?? (await react()));
}
