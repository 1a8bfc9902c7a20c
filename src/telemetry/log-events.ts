import type { Logger } from 'pino';
import type { EventBus } from '../gateway/index.ts';
import { logMessages } from './log-messages.ts';
import { seconds } from './seconds.ts';

/**
 * Writes the gateway's events to the log: one line at `info` for each message's way and each change of a channel, `warn` for what
 * is tried again, `error` for what needs a person. Lines hold ids, never what was said.
 */
export function logEvents(events: EventBus, log: Logger): void {
  events.on('gateway.stopping', () => log.debug('no new work is begun'));

  events.on('channel.state', ({ channel, state, error, inMs, failures }) => {
    const why = error && { reason: error.message, ...(error.hint && { hint: error.hint }) };
    if (state === 'rejected') {
      log.error({ channel, ...why }, `${channel} is refused by its platform and waits for you`);
    } else if (state === 'disconnected') {
      const line = `${channel} is not connected; next attempt in ${seconds(inMs ?? 0)}`;
      // The first failures are everyday life; after five in a row somebody should look.
      log[failures !== undefined && failures >= 5 ? 'error' : 'warn']({ channel, failures, ...why }, line);
    } else if (state === 'connected') {
      log.info({ channel }, `${channel} is connected`);
    } else {
      log.debug({ channel, ...why }, `${channel} is ${state}`);
    }
  });
  events.on('channel.log', ({ channel, level, message, fields }) => {
    log[level]({ channel, ...fields }, message);
  });

  logMessages(events, log);

  events.on('session.began_anew', (event) => log.info(event, 'the conversation begins anew'));

  events.on('agent.resting', ({ inMs, ...event }) =>
    log.error(
      event,
      `the agent answers nobody; what it is asked waits, and it is tried again in ${seconds(inMs)}`,
    ),
  );
  events.on('agent.recovered', (event) => log.info(event, 'the agent answers again'));

  events.on('dead_letters.replayed', ({ count }) => log.info({ count }, 'dead letters are tried again'));

  events.on('store.fault', ({ fault }) =>
    log.error({ reason: fault.message }, 'nothing can be stored; new messages wait at their platforms'),
  );
  events.on('disk', ({ low, freeBytes }) => {
    const free = `${Math.round(freeBytes / 1e6)} MB are left`;
    if (low) log.error(`the disk is nearly full (${free}): no files are fetched until there is room again`);
    else log.info(`the disk has room again (${free})`);
  });
  events.on('store.recovered', () => log.info('the database can be written again'));
  events.on('internal.error', ({ where, error }) =>
    log.error({ err: error, where }, 'a mistake in the program was caught'),
  );
}
