import { createHash } from 'node:crypto';
import { batchOf, persistently, unlessAborted } from '../../src/adapter-kit/index.ts';
import {
  type AdapterHost,
  errorText,
  type InboundBatch,
  type InboundMessage,
} from '../../src/contract/index.ts';
import { forgetUnstored, keepUnstored, readUnstored } from './unstored.ts';

/** How long to wait before an event is offered again that could not be stored. */
const OFFER_AGAIN_MS = 1000;

/** The way of events to our disk. signal-cli repeats none, so what cannot be stored before a stop waits in a file. */
export interface Intake {
  /** What waits in the file since an earlier stop. */
  offerUnstored(): Promise<void>;
  /** Resolves when the events are stored, or are in the file because we are to stop. */
  take(events: readonly string[]): Promise<void>;
}

export function intakeFor(
  normalize: (raw: unknown) => InboundMessage | undefined,
  host: AdapterHost,
  stopping: AbortSignal,
): Intake {
  return {
    async offerUnstored() {
      const events = readUnstored(host.dataDir());
      if (events.length > 0 && (await store(read(events)))) forgetUnstored(host.dataDir());
    },

    async take(events) {
      if (await store(read(events))) return;
      try {
        keepUnstored(host.dataDir(), events);
      } catch (error) {
        host.log.warn('messages are lost: they could not be stored, and signal-cli does not repeat them', {
          count: events.length,
          reason: errorText(error),
        });
      }
    },
  };

  /** Whether the batch is on disk; if not, we are to stop. */
  async function store(batch: InboundBatch): Promise<boolean> {
    if (stopping.aborted) return false;
    const storing = () => unlessAborted(host.receive(batch), stopping);
    const trying = { log: host.log, signal: stopping };
    return persistently(storing, 'messages could not be stored', trying, OFFER_AGAIN_MS).then(
      () => true,
      () => false,
    );
  }

  function read(events: readonly string[]): InboundBatch {
    const one = (payload: string) => normalize(JSON.parse(payload));
    return batchOf(events, one, digest, (payload) => payload);
  }
}

/** Events have no id of their own. */
function digest(payload: string): string {
  return createHash('sha256').update(payload).digest('base64url');
}
