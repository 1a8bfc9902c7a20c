import { AgentError, type Artifact, errorText, type Json, type Turn } from '../../contract/index.ts';
import type { LiveSession } from './session-manager.ts';
import type { StopSwitch } from './stop-switch.ts';

/** After a stop, an agent has this long to end by itself before its runtime is thrown away; in milliseconds. */
const GRACE_MS = 1000;

/** How one run of an agent ended. */
export interface RunResult {
  readonly outcome: 'done' | 'stopped' | 'failed';
  /** The answer, or what there was of it. */
  readonly text: string;
  readonly artifacts: readonly Artifact[];
  readonly choices: readonly string[];
  readonly reaction: string | undefined;
  readonly data: readonly Json[];
  /** What the session shall be opened with next time; `undefined` leaves it as it is. */
  readonly state: Json | undefined;
  readonly error: AgentError | undefined;
  /** False when the agent did not end in time: its runtime must not be used again. */
  readonly reusable: boolean;
}

/** Runs an agent once and gathers what it yields. Never rejects: whatever the agent does becomes a result. */
export async function runAgent(
  session: LiveSession,
  turn: Turn,
  stop: StopSwitch,
  onText: ((text: string) => void) | undefined,
): Promise<RunResult> {
  let text = '';
  let state: Json | undefined;
  let error: AgentError | undefined;
  let ended = false;
  let choices: readonly string[] = [];
  let reaction: string | undefined;
  const artifacts: Artifact[] = [];
  const data: Json[] = [];

  const consume = async (): Promise<void> => {
    for await (const event of session.runtime.run(turn)) {
      if (stop.why !== undefined) return;
      switch (event.type) {
        case 'chunk':
          text += event.text;
          onText?.(text);
          break;
        case 'artifact':
          artifacts.push(event.file);
          break;
        case 'choices':
          choices = event.labels;
          break;
        case 'reaction':
          reaction = event.emoji;
          break;
        case 'data':
          data.push({ name: event.name, value: event.value });
          break;
        case 'state':
          state = event.state;
          break;
        case 'error':
          error = event.error;
          return;
        case 'done':
          ended = true;
          return;
      }
    }
  };

  const running = consume().catch((thrown: unknown) => {
    error = thrown instanceof AgentError ? thrown : thrownByAgent(thrown);
  });
  const reusable = await endsInTime(running, stop);

  const answer = { text, artifacts, choices, reaction, data, state, reusable };
  if (stop.why !== undefined) return { ...answer, outcome: 'stopped', error: undefined };
  if (!ended && error === undefined) {
    error = new AgentError('the agent ended without saying that it is done', { temporary: true });
  }
  return { ...answer, outcome: error === undefined ? 'done' : 'failed', error };
}

/** Waits for the run; when it is stopped, only for the grace. */
function endsInTime(running: Promise<void>, stop: StopSwitch): Promise<boolean> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    stop.onStop = () => {
      timer = setTimeout(() => resolve(false), GRACE_MS);
    };
    if (stop.why !== undefined) stop.onStop();
    void running.then(() => {
      clearTimeout(timer);
      stop.onStop = undefined;
      resolve(true);
    });
  });
}

function thrownByAgent(thrown: unknown): AgentError {
  return new AgentError(`the agent threw: ${errorText(thrown)}`, { temporary: true, cause: thrown });
}
