import type { ZodType } from 'zod';
import type { Agent } from './agent-runtime.ts';
import type { ChannelAdapter, ChannelCapabilities } from './channel-adapter.ts';
import type { AgentId } from './ids.ts';
import type { Finding, ProbeHost } from './probe.ts';

/**
 * What `adapters/<name>/index.ts` exports: how one platform is configured, and how its adapter is made.
 * Importing it must be cheap: the platform's SDK is loaded by `create`, which runs only for enabled channels.
 */
export interface ChannelType<Options = unknown> {
  /** The channel's own keys in the YAML, snake_case; unknown keys are refused (`z.strictObject`). */
  readonly options: ZodType<Options>;
  /**
   * How people get here whom nobody has let in yet. `told`: they hear how to be let in. `silent`: they hear nothing, because they
   * write to somebody's own number. `admitted`: the gateway's server has let them in already.
   */
  readonly strangers: 'told' | 'silent' | 'admitted';
  /** Those of its adapter's capabilities, for the checks of the config. */
  readonly contacts?: ChannelCapabilities['contacts'];
  create(options: Options): Promise<ChannelAdapter>;
  /**
   * Asks the platform whether these options will do: credentials, permissions, settings over there. Receives, sends and
   * changes nothing, and does not disturb an adapter that runs with the same options. May take as long as the network does.
   * Rejects with a ChannelError when it gets no further. Absent where there is nobody to ask.
   */
  probe?(options: Options, host: ProbeHost): Promise<readonly Finding[]>;
}

/** What `src/agents/<name>/index.ts` exports; as cheap to import as a ChannelType. */
export interface AgentType<Options = unknown> {
  readonly options: ZodType<Options>;
  create(id: AgentId, options: Options): Promise<Agent>;
  /**
   * Asks whoever would answer whether these options will do, without a call that costs. Rejects with an AgentError when it
   * gets no further. Absent where there is nobody to ask.
   */
  probe?(options: Options, signal: AbortSignal): Promise<readonly Finding[]>;
}
