/** The hub. Everything outside sees the Gateway, its options, its operations and its events; the parts are its own. */

export type { Identity, Waiting } from '../store/index.ts';
export type { ChannelState } from './channel-health-monitor.ts';
export type { ChatCommand, CommandAnswer, CommandCall } from './commands.ts';
export { EventBus, type GatewayEvents } from './events.ts';
export { type ChannelLogin, type ChannelStatus, Gateway } from './gateway.ts';
export type { Person } from './identity-resolver.ts';
export type { Operations } from './operations.ts';
export type { ChannelOptions, GatewayOptions } from './options.ts';
export { type Actor, named, PeopleError, type Refusal, type Request, type User } from './people.ts';
export type { Reconfigurable } from './reconfiguration.ts';
