export type { AgentConfig, ChannelConfig, Config, GatewayConfig, LogConfig } from './config.ts';
export { didYouMean } from './did-you-mean.ts';
export { configJsonSchema } from './json-schema.ts';
export { dataDirOf, type LoadOptions, loadConfig, type Registry } from './load.ts';
export { ConfigError, type ConfigProblem, pathText } from './problems.ts';
export { type SecretsAtRest, secretsAtRest } from './secrets-at-rest.ts';
export { type ConfigWarning, warningsOf } from './warnings.ts';
