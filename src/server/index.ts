/** The HTTP server: one port for the pages of channels, their webhooks, and the probes of a service manager. */
export { type ControlHandler, type ControlRequest, serveControl } from './control.ts';
export type { Entry, Readiness, ServerOptions, ServerPorts } from './options.ts';
export { unsafety } from './options.ts';
export { type RunningServer, startServer } from './server.ts';
