import { isDeepStrictEqual } from 'node:util';
import type { AgentId, ChannelId } from '../contract/index.ts';
import type { AgentConfig, ChannelConfig, Config } from './config.ts';

/** What another configuration would change in a gateway that runs. */
export interface Difference {
  readonly channels: {
    readonly added: readonly ChannelId[];
    readonly removed: readonly ChannelId[];
    /** They need another connection. */
    readonly reconnected: readonly ChannelId[];
    /** Their connection stays. */
    readonly adjusted: readonly ChannelId[];
  };
  readonly agents: {
    readonly added: readonly AgentId[];
    readonly removed: readonly AgentId[];
    readonly changed: readonly AgentId[];
  };
  /** Other keys, as they stand in the YAML. */
  readonly settings: readonly string[];
  /** Keys that a running gateway cannot change. */
  readonly afterRestart: readonly string[];
}

type Section = Exclude<
  keyof Config,
  'file' | 'gateway' | 'dataDir' | 'log' | 'channels' | 'agents' | 'secrets'
>;

/** How they are called in the YAML. A record, because that has to name all of them. */
const SECTIONS: Readonly<Record<Section, string>> = {
  language: 'language',
  sessions: 'sessions',
  turns: 'turns',
  attachments: 'attachments',
  reconnect: 'reconnect',
  retention: 'retention',
  owner: 'owner',
  proposeLinks: 'identity',
};

export function differenceOf(now: Config, next: Config): Difference {
  const before = byId(now.channels.filter(({ enabled }) => enabled));
  const after = byId(next.channels.filter(({ enabled }) => enabled));
  const kept = [...after.values()].flatMap((channel) => {
    const known = before.get(channel.id);
    return known === undefined || isDeepStrictEqual(known, channel) ? [] : [{ known, channel }];
  });
  const reconnects = ({ known, channel }: (typeof kept)[number]) => !isSameMake(known, channel);
  const idOf = ({ channel }: (typeof kept)[number]) => channel.id;
  const [agentsNow, agentsNext] = [byId(now.agents), byId(next.agents)];
  return {
    channels: {
      ...comings(before, after),
      reconnected: kept.filter(reconnects).map(idOf),
      adjusted: kept.filter((one) => !reconnects(one)).map(idOf),
    },
    agents: {
      ...comings(agentsNow, agentsNext),
      changed: [...agentsNext.values()]
        .filter((agent) => agentsNow.has(agent.id) && !isDeepStrictEqual(agentsNow.get(agent.id), agent))
        .map(({ id }) => id),
    },
    settings: [
      ...(Object.keys(SECTIONS) as Section[])
        .filter((key) => !isDeepStrictEqual(now[key], next[key]))
        .map((key) => SECTIONS[key]),
      ...changed({
        'gateway.token': [now.gateway.token, next.gateway.token],
        'gateway.allowed_hosts': [now.gateway.allowedHosts, next.gateway.allowedHosts],
        'log.level': [now.log.level, next.log.level],
      }),
    ],
    afterRestart: changed({
      'gateway.host': [now.gateway.host, next.gateway.host],
      'gateway.port': [now.gateway.port, next.gateway.port],
      data_dir: [now.dataDir, next.dataDir],
      'log.format': [now.log.format, next.log.format],
      'log.file': [now.log.file, next.log.file],
    }),
  };
}

/** What holds once a gateway that runs by `now` has taken `next`. */
export function taken(now: Config, next: Config): Config {
  const { host, port } = now.gateway;
  return {
    ...next,
    gateway: { ...next.gateway, host, port },
    dataDir: now.dataDir,
    log: { ...now.log, level: next.log.level },
  };
}

/** Whether what one of them made does for the other. */
export function isSameMake<T extends Pick<ChannelConfig | AgentConfig, 'type' | 'options'>>(
  one: T,
  other: T,
): boolean {
  return one.type === other.type && isDeepStrictEqual(one.options, other.options);
}

function byId<Id, T extends { readonly id: Id }>(all: readonly T[]): Map<T['id'], T> {
  return new Map(all.map((one) => [one.id, one]));
}

function comings<Id>(before: ReadonlyMap<Id, unknown>, after: ReadonlyMap<Id, unknown>) {
  return {
    added: [...after.keys()].filter((id) => !before.has(id)),
    removed: [...before.keys()].filter((id) => !after.has(id)),
  };
}

function changed(keys: Readonly<Record<string, readonly [unknown, unknown]>>): string[] {
  return Object.entries(keys)
    .filter(([, [now, next]]) => !isDeepStrictEqual(now, next))
    .map(([key]) => key);
}
