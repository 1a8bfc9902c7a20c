/** The hub. Everything outside sees the Gateway, its options and its events; the parts are its own. */

export type { DeadLetterCount, Waiting } from '../store/index.ts';
export { CHANNEL_STATES, type ChannelState } from './channel-health-monitor.ts';
export { EventBus, type GatewayEvents } from './events.ts';
export { type ChannelLogin, type ChannelStatus, Gateway } from './gateway.ts';
export type { LaneLoad } from './lanes.ts';
export type { ChannelOptions, GatewayOptions } from './options.ts';
export type { ChannelSnapshot, Snapshot } from './snapshot.ts';
export type { TurnLoad } from './turn-scheduler.ts';
