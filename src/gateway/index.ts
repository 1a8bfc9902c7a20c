/** The hub. Everything outside sees the Gateway, its options and its events; the parts are its own. */

export type { Waiting } from '../store/index.ts';
export type { ChannelState } from './channel-health-monitor.ts';
export { EventBus, type GatewayEvents } from './events.ts';
export { type ChannelLogin, type ChannelStatus, Gateway } from './gateway.ts';
export type { ChannelOptions, GatewayOptions } from './options.ts';
export type { SessionStats } from './session-manager.ts';
