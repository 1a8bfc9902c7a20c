import type { GatewayOptions } from './options.ts';

/** What holds for the whole gateway and can change while it runs. */
export type Settings = Pick<
  GatewayOptions,
  'sessions' | 'turns' | 'attachments' | 'reconnect' | 'retention' | 'language' | 'owner' | 'proposeLinks'
>;

/** A copy whose groups stay the same objects: parts hold on to the one that concerns them, and see what changes in it. */
export function liveSettings(options: Settings): Settings {
  return {
    sessions: { ...options.sessions },
    turns: { ...options.turns },
    attachments: { ...options.attachments },
    reconnect: { ...options.reconnect },
    retention: { ...options.retention },
    language: options.language,
    owner: options.owner,
    proposeLinks: options.proposeLinks,
  };
}

/** Makes live settings say what `next` says. */
export function become(live: Settings, next: Settings): void {
  for (const group of ['sessions', 'turns', 'attachments', 'reconnect', 'retention'] as const)
    overwrite(live[group], next[group]);
  const { language, owner, proposeLinks } = next;
  Object.assign(live, { language, owner, proposeLinks });
}

function overwrite(target: object, next: object): void {
  for (const key of Object.keys(target)) Reflect.deleteProperty(target, key);
  Object.assign(target, next);
}
