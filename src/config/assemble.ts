import { dirname, resolve } from 'node:path';
import { type AgentId, channelId, chatId, type RateLimit, type RateLimits } from '../contract/index.ts';
import type { Config } from './config.ts';
import type { ConfigKeys } from './schema.ts';
import { SHORTEST_SECRET } from './secret-keys.ts';

/** The parts of a configuration without mistakes, as their schemas parsed them. */
export interface Parts {
  readonly keys: ConfigKeys;
  /** By id. */
  readonly channelOptions: ReadonlyMap<string, unknown>;
  /** By the id of the channel: see ChannelType. */
  readonly strangers: ReadonlyMap<string, 'told' | 'silent' | 'admitted'>;
  readonly agentOptions: ReadonlyMap<string, unknown>;
}

/** Puts the parts together, under the names that the code uses. */
export function assemble(
  file: string,
  { keys, channelOptions, strangers, agentOptions }: Parts,
  secrets: ReadonlySet<string>,
): Config {
  const { gateway, log, sessions, turns, attachments } = keys;
  const folder = dirname(file);
  return {
    file,
    gateway: {
      host: gateway.host,
      port: gateway.port,
      ...(gateway.token === undefined ? {} : { token: gateway.token }),
      allowedHosts: gateway.allowed_hosts,
    },
    dataDir: resolve(folder, keys.data_dir),
    language: keys.language,
    log: {
      level: log.level,
      format: log.format,
      ...(log.file !== undefined && { file: { path: resolve(folder, log.file), maxBytes: log.max_size } }),
    },
    sessions: {
      maxLive: sessions.max_live,
      idleTimeout: sessions.idle_timeout,
      maxWaiting: sessions.max_waiting,
      ...resetOf(sessions.reset),
    },
    turns: { maxAttempts: turns.max_attempts, timeout: turns.timeout, maxMessages: turns.max_messages },
    attachments: {
      maxBytes: attachments.max_size,
      maxFiles: attachments.max_files,
      types: attachments.types,
    },
    reconnect: keys.reconnect,
    retention: keys.retention,
    owner: keys.owner.notify.map(({ channel, chat }) => ({
      channel: channelId(channel),
      chat: chatId(chat),
    })),
    proposeLinks: keys.identity.propose_links.map(
      ([one, other]) => [channelId(one), channelId(other)] as const,
    ),
    channels: Object.entries(keys.channels).map(([id, channel]) => ({
      id: channelId(id),
      type: channel.type ?? id,
      enabled: channel.enabled,
      agent: channel.agent as AgentId,
      agentFor: new Map(Object.entries(channel.agent_for) as [string, AgentId][]),
      access: {
        dmPolicy: channel.dm_policy ?? (strangers.get(id) === 'admitted' ? 'open' : 'pairing'),
        allowFrom: channel.allow_from,
        tellStrangers: channel.tell_strangers ?? strangers.get(id) === 'told',
        groupPolicy: channel.group_policy,
        requireMention: channel.require_mention,
        groups: new Map(
          Object.entries(channel.groups).map(([group, { require_mention, allow_from }]) => [
            group,
            { requireMention: require_mention, allowFrom: allow_from },
          ]),
        ),
        answerWithin: channel.catch_up.answer,
        noteWithin: channel.catch_up.note,
        loopLimit: channel.loop_limit,
      },
      whileBusy: channel.while_busy,
      collectFor: channel.collect_for,
      context: channel.context,
      onUnknown: channel.on_unknown,
      expireAfter: channel.expire_after,
      rateLimits: rateLimits(channel.rate_limits),
      options: channelOptions.get(id),
    })),
    agents: Object.entries(keys.agents).map(([id, { type }]) => ({
      id: id as AgentId,
      type,
      options: agentOptions.get(id),
    })),
    secrets: [...secrets].filter((secret) => secret.length >= SHORTEST_SECRET),
  };
}

/** Nothing where conversations never begin anew by themselves. */
function resetOf({ idle, daily }: ConfigKeys['sessions']['reset']): Pick<Config['sessions'], 'reset'> {
  if (idle === undefined && daily === undefined) return {};
  return { reset: { ...(idle !== undefined && { idle }), ...(daily !== undefined && { daily }) } };
}

function rateLimits(written: ConfigKeys['channels'][string]['rate_limits']): Partial<RateLimits> {
  const limits: { -readonly [Key in keyof RateLimits]?: RateLimit } = {};
  for (const key of ['channel', 'direct', 'group'] as const) {
    const limit = written[key];
    if (limit !== undefined) limits[key] = { burst: limit.burst, perSecond: limit.per_second };
  }
  return limits;
}
