/** The hub. Everything outside sees the Gateway, its options, its operations and its events; the parts are its own. */

export type { Conversation, DeadLetterCount, Identity, LedgerView, Waiting } from '../store/index.ts';
export { CHANNEL_STATES, type ChannelState } from './channel-health-monitor.ts';
export type { ChatCommand, CommandAnswer, CommandCall, CommandReply, Told } from './commands.ts';
export { LOW_BYTES } from './disk-watch.ts';
export { EventBus, type GatewayEvents } from './events.ts';
export { type ChannelLogin, type ChannelStatus, Gateway } from './gateway.ts';
export type { Person } from './identity-resolver.ts';
export type { LaneLoad } from './lanes.ts';
export type { Operations } from './operations.ts';
export type { ChannelOptions, GatewayOptions } from './options.ts';
export {
  type Actor,
  named,
  PeopleError,
  type Refusal,
  type Request,
  senderNamed,
  type User,
} from './people.ts';
export type { Reconfigurable } from './reconfiguration.ts';
export type { SessionStats } from './session-manager.ts';
export type { ChannelSnapshot, Snapshot } from './snapshot.ts';
export type { TurnLoad } from './turn-scheduler.ts';
