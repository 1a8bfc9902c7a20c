import {
  type Agent,
  AgentError,
  type AgentEvent,
  type AgentId,
  type Turn,
} from '../../src/contract/index.ts';

/** What a message can make the agent do; any other is echoed. */
const deeds: Readonly<Record<string, (turn: Turn) => Promise<void>>> = {
  throw: async () => {
    throw new Error('the agent was told to throw');
  },
  fail: async () => {
    throw new AgentError('the agent was told to fail', { temporary: true });
  },
  /** Deaf, too: it does not end when it is told to. */
  hang: () => new Promise(() => {}),
  /** No timer fires, no signal is heard: only a watchdog outside can end this. */
  'loop for ever': async () => {
    for (;;);
  },
  'eat memory': async () => {
    const eaten: number[][] = [];
    for (;;) eaten.push(new Array(1e6).fill(eaten.length));
  },
  'kill the process': async () => {
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => {});
  },
  /** Long enough to be under way when something happens. */
  'take your time': () => new Promise((resolve) => setTimeout(resolve, 300)),
};

/** An agent that does what it is told, whatever it is, and then says what that was. */
export const obedientAgent: Agent = {
  id: 'obedient' as AgentId,
  historyTurns: 0,
  open: async () => ({ run, close: async () => {} }),
};

async function* run(turn: Turn): AsyncGenerator<AgentEvent> {
  const text = turn.messages[0]?.text ?? '';
  await deeds[text]?.(turn);
  yield { type: 'chunk', text: `done: ${text}` };
  yield { type: 'done' };
}
