export type { AgentConfig, ChannelConfig, Config, GatewayConfig, LogConfig } from './config.ts';
export { didYouMean } from './did-you-mean.ts';
export { configJsonSchema } from './json-schema.ts';
export { type LoadOptions, loadConfig, type Registry } from './load.ts';
export { credentialsOf, dataDirOf, logFileOf } from './peek.ts';
export { ConfigError, type ConfigProblem } from './problems.ts';
export { CREDENTIALS } from './variables.ts';
