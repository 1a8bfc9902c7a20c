export type { AgentConfig, ChannelConfig, Config, GatewayConfig, LogConfig } from './config.ts';
export { didYouMean } from './did-you-mean.ts';
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
export { mistakesIn } from './mistakes.ts';
export { ConfigError, type ConfigProblem, pathText } from './problems.ts';
export { channelKeys } from './schema.ts';
export { isSecret } from './secret-keys.ts';
export { type SecretsAtRest, secretsAtRest } from './secrets-at-rest.ts';
export { CREDENTIALS, type Interpolated, interpolate } from './variables.ts';
export { type ConfigWarning, warningsOf } from './warnings.ts';
