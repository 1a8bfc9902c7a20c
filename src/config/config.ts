import type { AgentId, ChannelId, ChatId, Language, RateLimits } from '../contract/index.ts';

/** A configuration that has no mistakes. Durations are milliseconds, paths absolute. */
export interface Config {
  /** The file it was read from. */
  readonly file: string;
  readonly gateway: GatewayConfig;
  readonly dataDir: string;
  /** What is spoken with people whose own language nobody knows. */
  readonly language: Language;
  readonly log: LogConfig;
  readonly sessions: {
    /** How many agent runtimes live at once. */
    readonly maxLive: number;
    /** A runtime without a turn for this long is let go. */
    readonly idleTimeout: number;
    /** So many messages of one conversation may wait. */
    readonly maxWaiting: number;
    /** When a conversation begins anew: after so much silence, and every day at so many minutes after midnight. */
    readonly reset?: { readonly idle?: number; readonly daily?: number };
  };
  readonly turns: {
    /** Runs of one turn before the gateway gives up on it. */
    readonly maxAttempts: number;
    /** The longest that one run may take. */
    readonly timeout: number;
    /** A longer answer than this many messages is sent as a file, where the channel takes files. */
    readonly maxMessages: number;
  };
  /** What is fetched of the files that people send. */
  readonly attachments: {
    readonly maxBytes: number;
    readonly maxFiles: number;
    readonly types: readonly string[];
  };
  /** The pause before a lost connection is made anew: `base` at first, doubled each time, never above `cap`. */
  readonly reconnect: { readonly base: number; readonly cap: number };
  /** How long what is done with is kept. */
  readonly retention: { readonly messages: number; readonly files: number };
  /** Where the owner is told of what needs a person, in order of preference. */
  readonly owner: readonly { readonly channel: ChannelId; readonly chat: ChatId }[];
  /** Pairs of channels on which the same contact makes the gateway ask whether it is the same person. */
  readonly proposeLinks: readonly (readonly [ChannelId, ChannelId])[];
  /** In the order of the file, those switched off included. */
  readonly channels: readonly ChannelConfig[];
  /** At least one. */
  readonly agents: readonly AgentConfig[];
  /** What must never be logged: what came from the environment or from files, and what stands under a secret's key. */
  readonly secrets: readonly string[];
}

export interface GatewayConfig {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly token?: string;
  readonly allowedHosts: readonly string[];
}

export interface LogConfig {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** `auto`: pretty on a terminal, JSON otherwise. */
  readonly format: 'auto' | 'pretty' | 'json';
  /** Gets the log, too. */
  readonly file?: { readonly path: string; readonly maxBytes: number };
}

export interface ChannelConfig {
  readonly id: ChannelId;
  /** The name of its ChannelType in the registry. */
  readonly type: string;
  readonly enabled: boolean;
  /** Who answers. For an enabled channel it is one of `agents`. */
  readonly agent: AgentId;
  /** Who answers instead, by the id of a chat or of a sender. */
  readonly agentFor: ReadonlyMap<string, AgentId>;
  readonly access: {
    readonly dmPolicy: 'pairing' | 'allowlist' | 'open' | 'disabled';
    readonly allowFrom: readonly string[];
    /** Whether strangers hear how to be let in. */
    readonly tellStrangers: boolean;
    readonly groupPolicy: 'known' | 'allowlist' | 'open' | 'disabled';
    readonly requireMention: boolean;
    readonly groups: ReadonlyMap<
      string,
      { readonly requireMention: boolean | undefined; readonly allowFrom: readonly string[] }
    >;
    /** Older messages are not answered, only noted. */
    readonly answerWithin: number;
    /** Even older ones are ignored. */
    readonly noteWithin: number;
    /** How many quick answers in a row are taken for a loop of two bots. */
    readonly loopLimit: number;
  };
  /** What happens to a message that comes while the last one is being answered. */
  readonly whileBusy: 'followup' | 'collect' | 'steer' | 'interrupt';
  /** With `collect`: the pause after which what was collected is answered. */
  readonly collectFor: number;
  /** How much the agent hears of what people in a group say to each other. */
  readonly context: { readonly messages: number; readonly characters: number };
  /** What to do with a message when nobody can tell whether it arrived. */
  readonly onUnknown: 'resend' | 'hold';
  /** An answer that could not be sent for this long becomes a dead letter. */
  readonly expireAfter: number;
  /** Replaces the adapter's own limits, one by one. */
  readonly rateLimits: Partial<RateLimits>;
  /** As the type's schema parsed them; `undefined` while the channel is off. */
  readonly options: unknown;
}

export interface AgentConfig {
  readonly id: AgentId;
  /** The name of its AgentType in the registry. */
  readonly type: string;
  /** As the type's schema parsed them. */
  readonly options: unknown;
}
