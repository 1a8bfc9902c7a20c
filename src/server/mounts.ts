import type { ChannelHttp, ChannelId } from '../contract/index.ts';

/** Where a path leads: the mount of the channel, and what the path says after `/channels/<channel>/`. */
export interface Destination {
  readonly channel: ChannelId;
  readonly mount: ChannelHttp;
  /** Absent when even the slash after the channel is missing. */
  readonly rest: string | undefined;
}

export function findMount(
  mounts: ReadonlyMap<ChannelId, ChannelHttp>,
  path: string,
): Destination | undefined {
  const match = /^\/channels\/([^/?]+)(?:\/([^?]*))?/.exec(path);
  const channel = match?.[1] as ChannelId | undefined;
  const mount = channel === undefined ? undefined : mounts.get(channel);
  return channel === undefined || mount === undefined ? undefined : { channel, mount, rest: match?.[2] };
}

/** The page that a person who only knows the address most likely wants. */
export function firstPage(mounts: ReadonlyMap<ChannelId, ChannelHttp>): string | undefined {
  const page = [...mounts].find(([, mount]) => mount.audience === 'visitor');
  return page && `/channels/${page[0]}/`;
}
