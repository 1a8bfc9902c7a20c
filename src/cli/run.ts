import { channelTypes } from '../../adapters/registry.ts';
import { agentTypes } from '../agents/registry.ts';
import { createCommands } from '../commands/index.ts';
import { type Config, type LogConfig, loadConfig } from '../config/index.ts';
import { type Agent, type AgentId, errorText, StartError } from '../contract/index.ts';
import { type ChannelOptions, EventBus, Gateway } from '../gateway/index.ts';
import { type Readiness, serveControl, startServer } from '../server/index.ts';
import { StorageFault } from '../store/index.ts';
import { logEvents } from '../telemetry/log-events.ts';
import { LogFile } from '../telemetry/log-file.ts';
import { createLogger, type Logger } from '../telemetry/logger.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { createRedactor, type Redact } from '../telemetry/redact.ts';
import { countTotals, type Totals } from '../telemetry/totals.ts';
import { traceEvents } from '../telemetry/tracing.ts';
import { handleControl } from './control.ts';
import { offerClaim } from './offer-claim.ts';
import { type ServiceManager, serviceManager } from './sd-notify.ts';
import { showLogins } from './show-login.ts';
import { takeOver } from './take-over.ts';
import { tellChannels } from './tell-channels.ts';
import { packageVersion } from './version.ts';
import { letYoungHeapGrow } from './young-heap.ts';

/** How long to wait before a full disk is tried again while starting, in milliseconds. */
const DISK_RETRY_MS = 5_000;

/** `openclaw-gateway run`: the daemon. Resolves when it has stopped; rejects with a StartError when it cannot start. */
export async function run(options: { config: string; takeOver?: boolean }): Promise<void> {
  const manager = serviceManager(process.env);
  try {
    await serve(options, manager);
  } finally {
    manager.close();
  }
}

async function serve(
  options: { config: string; takeOver?: boolean },
  manager: ServiceManager,
): Promise<void> {
  const config = await loadConfig(options.config, { channelTypes, agentTypes, env: process.env });
  const redact = createRedactor(config.secrets);
  const log = openLog(config.log, redact);
  const stopping = stopSignal(log);
  const events = new EventBus();
  logEvents(events, log);
  showLogins(events, process.stderr);
  traceEvents(events);
  const totals = countTotals(events);
  surviveMistakes(events);

  const parts = {
    dataDir: config.dataDir,
    channels: await makeChannels(config),
    agents: await makeAgents(config),
    commands: createCommands,
    sessions: config.sessions,
    turns: config.turns,
    attachments: config.attachments,
    reconnect: config.reconnect,
    retention: config.retention,
    owner: config.owner,
    proposeLinks: config.proposeLinks,
    language: config.language,
    redact,
  };
  if (options.takeOver) await takeOver(config.dataDir);
  const gateway = await openGateway(() => new Gateway(parts, events), log, manager, stopping);
  if (gateway === undefined) return;
  try {
    const server = await startServer(config.gateway, {
      mounts: gateway.mounts,
      readiness: () => readiness(gateway),
      logins: () => gateway.logins(),
      language: config.language,
      metrics: createMetrics(events, {
        snapshot: () => gateway.snapshot(),
        waiting: () => gateway.waiting(),
        deadLetters: () => gateway.deadLetters.counts(),
        dataDir: config.dataDir,
        version: packageVersion(),
      }),
      log: {
        debug: (message, fields) => log.debug(fields, message),
        info: (message, fields) => log.info(fields, message),
        warn: (message, fields) => log.warn(fields, message),
      },
    });
    const endControl = await openControl(config.dataDir, gateway, totals, log);
    await gateway.start();
    log.info({ url: server.url, ms: Math.round(performance.now()) }, `ready: ${server.url}`);
    events.on('channel.state', ({ channel, state }) => {
      if (state === 'needs_login')
        log.warn({ channel }, `${channel} waits for you to log in: ${server.url}logins`);
    });
    await offerClaim(gateway.operations, config, log, process.stderr);
    tellChannels(manager, gateway);
    manager.ready();
    void suggestModel(config, log);
    letYoungHeapGrow();
    await aborted(stopping);
    manager.stopping();
    await endControl();
    await server.close();
  } finally {
    await gateway.stop();
  }
  log.info('stopped');
}

function openLog({ level, format, file }: LogConfig, redact: Redact): Logger {
  const told = (error: unknown) =>
    log.warn({ reason: errorText(error) }, 'the file of the log cannot be written');
  const log = createLogger({ level, format, redact, file: file && new LogFile(file, told) });
  return log;
}

/** Commands are for convenience: a socket that cannot be had (a path that is too long) does not keep the gateway from its work. */
async function openControl(
  dataDir: string,
  gateway: Gateway,
  totals: Totals,
  log: Logger,
): Promise<() => Promise<void>> {
  try {
    const stop = () => void process.kill(process.pid, 'SIGTERM');
    return await serveControl(dataDir, handleControl(gateway, totals, stop));
  } catch (error) {
    log.warn({ reason: errorText(error) }, 'commands cannot reach this gateway');
    return async () => {};
  }
}

async function makeChannels(config: Config): Promise<ChannelOptions[]> {
  const enabled = config.channels.filter((channel) => channel.enabled);
  return Promise.all(
    enabled.map(async ({ type, options, enabled: _, ...channel }) => {
      const adapter = await (await lookUp(channelTypes, type)).create(options);
      return { ...channel, adapter };
    }),
  );
}

async function makeAgents(config: Config): Promise<Map<AgentId, Agent>> {
  const agents = config.agents.map(async ({ id, type, options }) => {
    const agent = await (await lookUp(agentTypes, type)).create(id, options);
    return [id, agent] as const;
  });
  return new Map(await Promise.all(agents));
}

function lookUp<T>(types: Record<string, () => Promise<T>>, name: string): Promise<T> {
  const load = types[name];
  if (load === undefined) throw new StartError(`there is no type ${name}`);
  return load();
}

/** A full disk may have room again: waiting for that is better than to end and be started over and over. */
async function openGateway(
  open: () => Gateway,
  log: Logger,
  manager: ServiceManager,
  stopping: AbortSignal,
): Promise<Gateway | undefined> {
  while (!stopping.aborted) {
    try {
      return open();
    } catch (error) {
      if (!(error instanceof StorageFault)) throw error;
      log.error(`${error.message}; trying again in ${DISK_RETRY_MS / 1000} s`);
      manager.status(error.message);
      await Promise.race([aborted(stopping), new Promise((resolve) => setTimeout(resolve, DISK_RETRY_MS))]);
    }
  }
  return undefined;
}

function readiness(gateway: Gateway): Readiness {
  const channels = gateway.channels();
  const connected = [...channels.values()].every(({ state }) => state === 'connected');
  const { storageFault, trouble } = gateway;
  return {
    ready: connected && storageFault === undefined,
    channels: Object.fromEntries(channels),
    ...(trouble !== undefined && { trouble }),
  };
}

/** Aborts at the first SIGTERM or SIGINT; a second one ends the process at once. */
function stopSignal(log: Logger): AbortSignal {
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals) => {
    if (stop.signal.aborted) process.exit(1);
    log.info(`${signal}: stopping; once more to end at once`);
    stop.abort();
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return stop.signal;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** A mistake in one spoke, even one that nobody caught, must not stop the hub: what matters is on disk. */
function surviveMistakes(events: EventBus): void {
  process.on('unhandledRejection', (error) =>
    events.emit('internal.error', { where: 'unhandled rejection', error }),
  );
  process.on('uncaughtException', (error) =>
    events.emit('internal.error', { where: 'uncaught exception', error }),
  );
}

/** Tells whoever has no model yet the one line of YAML that would use what this machine offers. */
async function suggestModel(config: Config, log: Logger): Promise<void> {
  if (config.agents.some(({ type }) => type !== 'echo')) return;
  try {
    const { suggestAgent } = await import('../agents/llm/discover.ts');
    const suggestion = await suggestAgent(process.env);
    if (suggestion !== undefined) {
      log.info(`${suggestion.found}. To use it, put the next line under agents: in ${config.file}`);
      log.info(suggestion.yaml);
    }
  } catch (error) {
    log.debug({ reason: errorText(error) }, 'no model was looked for');
  }
}
