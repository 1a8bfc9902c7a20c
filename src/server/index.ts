/** The HTTP server: one port for the pages of channels, their webhooks, and the probes of a service manager. */
export {
  type ControlHandler,
  type ControlReply,
  type ControlRequest,
  controlPath,
  firstLine,
  serveControl,
} from './control.ts';
export { addressFor, tryPort } from './listen.ts';
export {
  type Entry,
  type Readiness,
  refuseUnsafe,
  type ServerOptions,
  type ServerPorts,
  unsafety,
} from './options.ts';
export { type RunningServer, startServer } from './server.ts';
