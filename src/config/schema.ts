import { z } from 'zod';
import { duration } from './duration.ts';

/*
 * The keys of the configuration, as they stand in the YAML. Descriptions are shown by editors.
 * The own keys of channels and agents come from their types.
 */

/** Who answers on a channel that names nobody. */
export const DEFAULT_AGENT = 'default';

/** Channels and agents are named by the owner. */
const id = z.string().regex(/^[a-z0-9][a-z0-9_-]*$/);

const gateway = z.strictObject({
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('The address to listen on. Other machines can reach any but 127.0.0.1, so those need a token.'),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .default(18_790)
    .describe('The port to listen on; 0 lets the system choose.'),
  token: z
    .string()
    .min(1)
    .optional()
    .describe('Who knows it may use the gateway. Best kept in the environment.'),
  allowed_hosts: z
    .array(z.string().min(1))
    .default([])
    .describe('Further names under which browsers may reach the gateway, e.g. behind a reverse proxy.'),
});

const log = z.strictObject({
  level: z
    .enum(['debug', 'info', 'warn', 'error'])
    .default('info')
    .describe('The least important lines to write.'),
  format: z
    .enum(['auto', 'pretty', 'json'])
    .default('auto')
    .describe('auto: pretty on a terminal, JSON otherwise.'),
});

const sessions = z.strictObject({
  max_live: z
    .int()
    .min(1)
    .default(50)
    .describe('How many conversations are kept in memory, and worked on, at once.'),
  idle_timeout: duration
    .prefault('1h')
    .describe('A conversation that is silent for this long leaves the memory, not the disk.'),
});

const turns = z.strictObject({
  max_attempts: z
    .int()
    .min(1)
    .default(3)
    .describe('How often an answer is tried before the gateway gives up.'),
  timeout: duration.prefault('10m').describe('The longest that one try may take.'),
});

const reconnect = z
  .strictObject({
    base: duration
      .prefault('2s')
      .describe('The pause before the first new attempt to connect; doubled with each further one.'),
    cap: duration.prefault('5m').describe('The longest pause between attempts.'),
  })
  .refine(({ base, cap }) => base <= cap, { path: ['base'], error: 'must not be longer than reconnect.cap' });

const rateLimit = z.strictObject({
  burst: z.int().min(1).describe('Messages that may go out at once.'),
  per_second: z.number().positive().describe('Messages per second after that.'),
});

/** What every channel has, whatever its type. */
export const channelKeys = z.object({
  type: z.string().optional().describe("The platform; by default the channel's name."),
  enabled: z.boolean().default(true).describe('false switches the channel off.'),
  agent: z.string().default(DEFAULT_AGENT).describe('The agent that answers here.'),
  dm_policy: z
    .enum(['open', 'allowlist', 'disabled'])
    .default('open')
    .describe('Who is heard in direct chats: everyone, the senders in allow_from, or nobody.'),
  allow_from: z
    .array(z.union([z.string().min(1), z.int().transform(String)]))
    .default([])
    .describe(
      'Ids of senders, as the platform counts them. In groups too, nobody else is heard once there is one.',
    ),
  on_unknown: z
    .enum(['resend', 'hold'])
    .default('resend')
    .describe(
      'When nobody can tell whether a message arrived: send it again, marked as possibly repeated, or hold it for a person.',
    ),
  rate_limits: z
    .strictObject({
      channel: rateLimit.optional().describe('For all chats of the channel together.'),
      direct: rateLimit.optional().describe('For each direct chat.'),
      group: rateLimit.optional().describe('For each group.'),
    })
    .prefault({})
    .describe("Replaces the platform's own limits, one by one."),
});

/** What every agent has, whatever its type. */
export const agentKeys = z.object({
  type: z
    .string({ error: 'must be a type of agent, such as echo or llm' })
    .describe('What kind of agent this is.'),
});

const sections = {
  gateway: gateway.prefault({}).describe("The gateway's own address."),
  data_dir: z
    .string()
    .min(1)
    .default('./data')
    .describe('The folder of the database; relative to this file.'),
  log: log.prefault({}).describe('What is written to the log, and how.'),
  sessions: sessions.prefault({}).describe('Conversations.'),
  turns: turns.prefault({}).describe("An agent's tries to answer."),
  reconnect: reconnect.prefault({}).describe('What happens when a connection is lost.'),
};

/** The whole file; the own keys of channels and agents are let through. */
export const configKeys = z.strictObject({
  ...sections,
  channels: z
    .record(id, z.looseObject(channelKeys.shape).prefault({}))
    .default({})
    .describe('Where people write to the agents.'),
  agents: z.record(id, z.looseObject(agentKeys.shape)).default({}).describe('Who answers.'),
});

export type ConfigKeys = z.output<typeof configKeys>;
