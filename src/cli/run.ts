import { createCommands } from '../commands/index.ts';
import type { Config, LogConfig } from '../config/index.ts';
import { errorText } from '../contract/index.ts';
import { EventBus, Gateway, type Operations, type Reconfigurable } from '../gateway/index.ts';
import { type Readiness, serveControl, startServer } from '../server/index.ts';
import { StorageFault } from '../store/index.ts';
import { logEvents } from '../telemetry/log-events.ts';
import { LogFile } from '../telemetry/log-file.ts';
import { createLogger, type Logger } from '../telemetry/logger.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { liveRedactor, type Redact } from '../telemetry/redact.ts';
import { countTotals } from '../telemetry/totals.ts';
import { traceEvents } from '../telemetry/tracing.ts';
import { type ControlParts, handleControl } from './control.ts';
import { offerClaim } from './offer-claim.ts';
import { makeParts, type Parts } from './parts.ts';
import { readConfig } from './read-config.ts';
import { Reloading } from './reloading.ts';
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
  const started = Promise.withResolvers<Reloading>();
  const reload = async () => {
    const reloading = await started.promise;
    manager.reloading();
    return reloading.reload().finally(() => manager.ready());
  };
  reloadOnSignal(reload);
  const config = await readConfig(options.config);
  const redactor = liveRedactor();
  const { redact } = redactor;
  redactor.learn(config.secrets);
  const log = openLog(config.log, redact);
  const stopping = stopSignal(log);
  const events = new EventBus();
  logEvents(events, log);
  showLogins(events, process.stderr);
  traceEvents(events);
  const totals = countTotals(events);
  surviveMistakes(events);

  let current = config;
  const parts = await makeParts(config);
  const gatewayOptions = {
    dataDir: config.dataDir,
    commands: (operations: Operations) => createCommands(operations, inMarkdown(reload)),
    redact,
    ...reconfigurable(config, parts),
  };
  if (options.takeOver) await takeOver(config.dataDir);
  const gateway = await openGateway(() => new Gateway(gatewayOptions, events), log, manager, stopping);
  if (gateway === undefined) return;
  try {
    const server = await startServer(config.gateway, {
      mounts: gateway.mounts,
      readiness: () => readiness(gateway),
      logins: () => gateway.logins(),
      get language() {
        return current.language;
      },
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
    const endControl = await openControl(config.dataDir, { gateway, totals, reload }, log);
    await gateway.start();
    const apply = async (next: Config, made: Parts) => {
      current = next;
      log.level = next.log.level;
      server.readmit(next.gateway);
      await gateway.reconfigure(reconfigurable(next, made));
    };
    started.resolve(new Reloading({ file: options.config, config, parts, redactor, apply, log }));
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

/** For a chat. */
function inMarkdown(reload: ControlParts['reload']): () => Promise<string> {
  return async () => (await reload()).map((change) => `- ${change}`).join('\n');
}

/** What of a configuration the hub takes while it runs. */
function reconfigurable(config: Config, { channels, agents }: Parts): Reconfigurable {
  const { sessions, turns, attachments, reconnect, retention, owner, language, proposeLinks } = config;
  const limits = { sessions, turns, attachments, reconnect, retention };
  return { channels, agents, ...limits, owner, language, proposeLinks };
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
  parts: Omit<ControlParts, 'stop'>,
  log: Logger,
): Promise<() => Promise<void>> {
  try {
    const stop = () => void process.kill(process.pid, 'SIGTERM');
    return await serveControl(dataDir, handleControl({ ...parts, stop }));
  } catch (error) {
    log.warn({ reason: errorText(error) }, 'commands cannot reach this gateway');
    return async () => {};
  }
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

/**
 * A service is told by SIGHUP that its file has changed. On a terminal it means that somebody has closed that, and ends the
 * process as ever.
 */
function reloadOnSignal(reload: () => Promise<unknown>): void {
  if (process.stdin.isTTY || process.stdout.isTTY) return;
  process.on('SIGHUP', () => void reload().catch(() => {})); // the log has told why
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
