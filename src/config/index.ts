export type { AgentConfig, ChannelConfig, Config, GatewayConfig, LogConfig } from './config.ts';
export { didYouMean } from './did-you-mean.ts';
export { type Difference, differenceOf, isSameMake, taken } from './difference.ts';
export { configJsonSchema } from './json-schema.ts';
export {
  credentialsOf,
  dataDirOf,
  type LoadOptions,
  loadConfig,
  logFileOf,
  namesIn,
  type Registry,
} from './load.ts';
export { ConfigError, type ConfigProblem } from './problems.ts';
export { CREDENTIALS } from './variables.ts';
