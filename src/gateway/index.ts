/** The hub. Everything outside sees the Gateway, its options, its operations and its events; the parts are its own. */

export type { Conversation, DeadLetterCount, Identity, LedgerView, Waiting } from '../store/index.ts';
export { CHANNEL_STATES, type ChannelState } from './channels/channel-health-monitor.ts';
export { LOW_BYTES } from './disk-watch.ts';
export { EventBus, type GatewayEvents } from './events.ts';
export { type ChannelLogin, type ChannelStatus, Gateway } from './gateway.ts';
export type { ChatCommand, CommandAnswer, CommandCall, CommandReply, Told } from './inbound/commands.ts';
export type { Operations } from './operations.ts';
export type { ChannelOptions, GatewayOptions } from './options.ts';
export type { LaneLoad } from './outbound/lanes.ts';
export type { Person } from './people/identity-resolver.ts';
export {
  type Actor,
  named,
  PeopleError,
  type Refusal,
  type Request,
  senderNamed,
  type User,
} from './people/people.ts';
export type { Reconfigurable } from './reconfiguration.ts';
export type { ChannelSnapshot, Snapshot } from './snapshot.ts';
export type { SessionStats } from './turns/session-manager.ts';
export type { TurnLoad } from './turns/turn-scheduler.ts';
