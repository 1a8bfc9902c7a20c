import { type Config, warningsOf } from '../config/index.ts';
import { readConfig } from './read-config.ts';
import { say } from './say.ts';

/** `openclaw-gateway check`: what the configuration means, and what about it may surprise. Starts nothing. */
export async function check(options: { config: string }): Promise<void> {
  const config = await readConfig(options.config);
  const lines = [
    ...summary(options.config, config),
    ...warningsOf(config).map(({ what }) => `warning: ${what}`),
  ];
  say(...lines);
}

function summary(file: string, { gateway, dataDir, channels, agents }: Config): string[] {
  const on = channels.filter((channel) => channel.enabled).map(({ id, agent }) => `${id} → ${agent}`);
  const off = channels.filter((channel) => !channel.enabled).map(({ id }) => id);
  const host = gateway.host.includes(':') ? `[${gateway.host}]` : gateway.host;
  return [
    `${file} is fine.`,
    `listens on  http://${host}:${gateway.port} ${gateway.token === undefined ? 'without' : 'with'} a token, data in ${dataDir}`,
    `channels    ${on.join(', ') || 'none'}${off.length === 0 ? '' : ` (off: ${off.join(', ')})`}`,
    `agents      ${agents.map(({ id, type }) => (id === type ? id : `${id} (${type})`)).join(', ')}`,
  ];
}
