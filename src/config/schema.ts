import { z } from 'zod';
import { LANGUAGES } from '../contract/index.ts';
import { DEFAULT_DATA_DIR } from './defaults.ts';
import { duration, longDuration } from './duration.ts';
import { size } from './size.ts';
import { timeOfDay } from './time-of-day.ts';

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
  file: z
    .string()
    .min(1)
    .optional()
    .describe('A file that gets the log, too; relative to this one. `openclaw-gateway logs` shows it.'),
  max_size: size
    .prefault('10MB')
    .describe('When that file is as large as this, a new one is begun; five are kept.'),
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
  max_waiting: z
    .int()
    .min(1)
    .default(200)
    .describe('How many messages of one conversation may wait; more are not answered.'),
  reset: z
    .strictObject({
      idle: duration
        .optional()
        .describe('A conversation that is silent for this long begins anew with its next message.'),
      daily: timeOfDay
        .optional()
        .describe('Every conversation begins anew once a day, at this local time, with its next message.'),
    })
    .prefault({})
    .describe('When what was said before is no longer remembered; by default never.'),
});

const turns = z.strictObject({
  max_attempts: z
    .int()
    .min(1)
    .default(3)
    .describe('How often an answer is tried before the gateway gives up.'),
  timeout: duration.prefault('10m').describe('The longest that one try may take.'),
  max_messages: z
    .int()
    .min(1)
    .default(10)
    .describe('A longer answer than this many messages is sent as a file, where the channel takes files.'),
});

/** What people send each other; programs and disk images are not among it. */
const WANTED_TYPES = [
  ...['image/*', 'audio/*', 'video/*', 'text/*', 'application/pdf', 'application/json', 'application/xml'],
  ...['application/yaml', 'application/rtf', 'application/zip', 'application/epub+zip'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  'application/vnd.oasis.opendocument.text',
  'application/vnd.oasis.opendocument.spreadsheet',
  'application/vnd.oasis.opendocument.presentation',
];

const attachments = z.strictObject({
  max_size: size.prefault('20MB').describe('The largest file that is fetched.'),
  max_files: z.int().min(0).default(10).describe('How many files of one message are fetched.'),
  types: z
    .array(
      z
        .string()
        .regex(/^[\w.+-]+\/(\*|[\w.+-]+)$/, 'must be a media type such as application/pdf or image/*'),
    )
    .default(WANTED_TYPES)
    .describe('The media types that are taken. What a file is, its content tells, not its name.'),
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
  agent_for: z
    .record(z.string(), z.string())
    .default({})
    .describe('Other agents, by the id of a chat or of a sender.'),
  dm_policy: z
    .enum(['pairing', 'allowlist', 'open', 'disabled'])
    .optional()
    .describe(
      'Who is heard in direct chats: whom an admin let in (pairing), only the senders in allow_from, everyone, or nobody. By default pairing; open on webchat.',
    ),
  allow_from: z
    .array(z.union([z.string().min(1), z.int().transform(String)]))
    .default([])
    .describe('Ids of senders, as the platform counts them, who are heard without being let in by an admin.'),
  tell_strangers: z
    .boolean()
    .optional()
    .describe(
      'Whether somebody whom nobody has let in hears how to be; by default not on whatsapp, signal and imessage.',
    ),
  group_policy: z
    .enum(['known', 'allowlist', 'open', 'disabled'])
    .default('known')
    .describe(
      'Where the bot answers in groups: when somebody calls it whom it hears in direct chats (known), only in the groups below, in every group, or nowhere.',
    ),
  require_mention: z
    .boolean()
    .default(true)
    .describe('In groups, only what mentions the bot, replies to it or commands it is answered.'),
  groups: z
    .record(
      z.string(),
      z
        .strictObject({
          require_mention: z.boolean().optional().describe('As above, for this group.'),
          allow_from: z
            .array(z.union([z.string().min(1), z.int().transform(String)]))
            .default([])
            .describe('Who is heard in this group; by default everyone.'),
        })
        .prefault({}),
    )
    .default({})
    .describe('Groups by their ids, in which everyone is heard.'),
  catch_up: z
    .strictObject({
      answer: duration
        .prefault('1d')
        .describe('A message that reaches us later than this is not answered; the agent is told of it.'),
      note: duration.prefault('7d').describe('One that reaches us even later is ignored.'),
    })
    .prefault({})
    .describe('What happens to messages from the time when the gateway was away.'),
  loop_limit: z
    .int()
    .min(1)
    .default(20)
    .describe(
      'After so many answers in a row that were answered within seconds, a bot is not answered further.',
    ),
  while_busy: z
    .enum(['followup', 'collect', 'steer', 'interrupt'])
    .default('followup')
    .describe(
      'What happens to a message that comes while the last one is being answered: it is answered next, answered together with what comes until there is a pause, handed to the agent that is at it, or takes the place of the last one.',
    ),
  collect_for: duration.prefault('2s').describe('With while_busy: collect, how long that pause is.'),
  context: z
    .strictObject({
      messages: z.int().min(0).max(1_000).default(30).describe('So many messages at most; 0: none.'),
      characters: z.int().min(0).default(8_000).describe('So many characters of them together.'),
    })
    .prefault({})
    .describe('How much the agent hears of what people in a group say to each other between its turns.'),
  on_unknown: z
    .enum(['resend', 'hold'])
    .default('resend')
    .describe(
      'When nobody can tell whether a message arrived: send it again, marked as possibly repeated, or hold it for a person.',
    ),
  expire_after: duration
    .prefault('3d')
    .describe(
      'An answer that could not be sent for this long is not sent any more, but kept as a dead letter.',
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

const retention = z.strictObject({
  messages: longDuration
    .prefault('365d')
    .describe(
      'How long messages are kept, and with them what an agent remembers; dead letters wait for ever.',
    ),
  files: longDuration.prefault('90d').describe('How long files are kept that came or went.'),
});

const owner = z.strictObject({
  notify: z
    .array(
      z.strictObject({
        channel: z.string().min(1).describe('One of the channels.'),
        chat: z
          .union([z.string().min(1), z.int().transform(String)])
          .describe('The chat, as `openclaw-gateway messages` shows it.'),
      }),
    )
    .default([])
    .describe('Where you are told of what needs a person; the first chat whose channel works is used.'),
});

const identity = z.strictObject({
  propose_links: z
    .array(z.tuple([z.string(), z.string()], { error: 'must be two channels, such as [whatsapp, signal]' }))
    .default([])
    .describe(
      'Pairs of channels. Who writes on both, and is known to both platforms by the same phone number or e-mail address, is asked whether to make it one conversation.',
    ),
});

const sections = {
  gateway: gateway.prefault({}).describe("The gateway's own address."),
  data_dir: z
    .string()
    .min(1)
    .default(DEFAULT_DATA_DIR)
    .describe('The folder of the database; relative to this file.'),
  language: z
    .enum(LANGUAGES)
    .default('en')
    .describe('What the gateway itself speaks with people whose app does not tell their language.'),
  log: log.prefault({}).describe('What is written to the log, and how.'),
  sessions: sessions.prefault({}).describe('Conversations.'),
  turns: turns.prefault({}).describe("An agent's tries to answer."),
  attachments: attachments.prefault({}).describe('Files that people send.'),
  reconnect: reconnect.prefault({}).describe('What happens when a connection is lost.'),
  retention: retention.prefault({}).describe('How long what is done with is kept.'),
  owner: owner.prefault({}).describe('Whose gateway this is.'),
  identity: identity.prefault({}).describe('Who is who across channels.'),
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
