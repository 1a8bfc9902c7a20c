import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import type { EventBus, GatewayEvents } from '../gateway/index.ts';
import { seconds } from './seconds.ts';

/** Answers that are not wholly delivered yet are remembered up to this number; those beyond it get their lines one by one. */
const REMEMBERED = 10_000;

interface Answer {
  readonly ended: GatewayEvents['turn.ended'];
  /** Messages of it that are not delivered yet. */
  left: number;
}

/**
 * One line at `info` for each message's way: who was answered where, by which agent, how long it took, and that the answer
 * is delivered. What is on its way is told at `debug`.
 */
export function logMessages(events: EventBus, log: Logger): void {
  const answers = new LRUCache<string, Answer>({ max: REMEMBERED });

  events.on('inbound.queued', (event) => log.debug(event, 'message received'));
  events.on('inbound.ignored', (event) => {
    // Whoever is turned away may be somebody whom the owner forgot; groups are full of the other reasons.
    log[event.turnedAway && event.kept ? 'info' : 'debug'](event, 'message ignored');
  });
  events.on('stranger.asks', ({ channel, sender }) =>
    log.info(
      { channel, sender },
      `somebody whom nobody has let in writes on ${channel}; openclaw-gateway users shows their code`,
    ),
  );
  events.on('command.ended', (event) => log.info(event, `/${event.command}`));
  events.on('inbound.duplicate', (event) => log.debug(event, 'message delivered again by the platform'));
  events.on('inbound.unreadable', (event) => log.error(event, 'message kept as a dead letter: unreadable'));

  events.on('turn.started', (event) => log.debug(event, 'turn started'));
  events.on('turn.ended', (ended) => {
    log.debug(ended, 'turn ended');
    if (ended.out === 0) answered(ended, 'without words');
    else answers.set(ended.turn, { ended, left: ended.out });
  });
  events.on('turn.retry', ({ inMs, ...event }) =>
    log.warn(event, `the agent failed; next attempt in ${seconds(inMs)}`),
  );
  events.on('turn.failed', (event) => log.error(event, 'the agent failed; the person was told so'));

  events.on('outbound.sending', (event) => log.debug(event, 'message is being sent'));
  events.on('outbound.sent', ({ chatRef: _, ...event }) => {
    const turn = turnOf(event.id);
    const answer = answers.get(turn);
    // What was said of its own accord, or by an answer of which an earlier process has told.
    if (answer === undefined) return log.info(event, `delivered on ${event.channel}`);
    log.debug(event, 'message sent');
    answer.left -= 1;
    if (answer.left > 0) return;
    answers.delete(turn);
    answered(answer.ended, 'delivered');
  });
  events.on('outbound.retry', ({ inMs, ...event }) =>
    log.warn(event, `message not sent; next attempt in ${seconds(inMs)}`),
  );
  events.on('outbound.unknown', (event) => log.warn(event, 'nobody knows whether this message arrived'));
  events.on('outbound.dead', ({ chatRef: _, ...event }) => {
    answers.delete(turnOf(event.id));
    log.error(event, 'message given up');
  });

  function answered(ended: Answer['ended'], how: string): void {
    const { cameAt, messages: _, out: __, ...about } = ended;
    const tookMs = Math.max(0, Date.now() - cameAt);
    log.info(
      { ...about, tookMs },
      `${DONE[ended.outcome]} ${ended.sender} on ${ended.channel} in ${seconds(tookMs)}, ${how}`,
    );
  }
}

const DONE: Readonly<Record<Answer['ended']['outcome'], string>> = {
  committed: 'answered',
  cancelled: 'stopped while answering',
  superseded: 'interrupted by the next message while answering',
};

/** Ids of what is said begin with their turn's. */
function turnOf(id: string): string {
  return id.slice(0, id.indexOf('-'));
}
