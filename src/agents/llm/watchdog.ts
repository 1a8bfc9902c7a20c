import { AgentError } from '../../contract/index.ts';

/** In seconds. */
export interface Patience {
  readonly firstToken: number;
  readonly idle: number;
  readonly total: number;
}

/** Watches over one request: aborts `signal` when the model hangs, and knows why. */
export interface Watchdog {
  readonly signal: AbortSignal;
  /** Why it aborted, if it did. */
  error(): AgentError | undefined;
  /** The model gave a sign of life. */
  alive(): void;
  /** Ends the watch, and the request if it still runs. */
  stop(): void;
}

export function watch({ firstToken, idle, total }: Patience, who: string): Watchdog {
  const controller = new AbortController();
  let error: AgentError | undefined;
  const giveUp = (why: AgentError) => {
    error = why;
    controller.abort();
  };
  let began = false;
  let silence = setTimeout(
    () => giveUp(hangs(`${who} did not begin to answer within ${firstToken} s`, 'first_token_timeout')),
    firstToken * 1000,
  );
  const whole = setTimeout(() => giveUp(takesTooLong(who, total)), total * 1000);
  return {
    signal: controller.signal,
    error: () => error,
    alive() {
      if (began) {
        silence.refresh();
        return;
      }
      began = true;
      clearTimeout(silence);
      silence = setTimeout(
        () => giveUp(hangs(`${who} fell silent for ${idle} s in the middle of its answer`, 'idle_timeout')),
        idle * 1000,
      );
    },
    stop() {
      clearTimeout(silence);
      clearTimeout(whole);
      controller.abort();
    },
  };
}

function hangs(message: string, option: string): AgentError {
  return new AgentError(message, { temporary: true, hint: `if that is its usual pace, raise ${option}` });
}

/** Another try would take as long, and cost as much. */
function takesTooLong(who: string, total: number): AgentError {
  return new AgentError(`${who} had not ended its answer after ${total} s`, {
    temporary: false,
    hint: 'raise total_timeout (and turns.timeout), or lower max_output_tokens',
  });
}
