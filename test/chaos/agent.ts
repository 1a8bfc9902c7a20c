import {
  type Agent,
  AgentError,
  type AgentEvent,
  type AgentId,
  type InboundMessage,
  type Turn,
} from '../../src/contract/index.ts';
import type { PlannedMessage } from './plan.ts';
import { type Life, never, type World } from './world.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

/** The text of a message, by its number. */
export const questionOf = (n: number): string => `#${n}`;
/** What shows, in whatever is said, that it is this part of the answer to that message. */
export const markOf = (n: number, part: number): string => `answer-${n}-${part}`;
/** The marks in what was said. */
export const marksIn = (said: string): string[] => said.match(/answer-\d+-\d+/g) ?? [];

/** The marks of a whole answer, in order. */
export function marksOf({ n, script }: PlannedMessage): string[] {
  if (script.does === 'say nothing') return [];
  const parts = script.does === 'answer' ? script.parts + (script.with === 'files' ? 2 : 0) : 1;
  return Array.from({ length: parts }, (_, part) => markOf(n, part + 1));
}

/** An agent that does with each message what the plan says. Makes sure that it is asked once, alone, and for good reason. */
export class ScriptedAgent implements Agent {
  readonly id = 'default' as AgentId;
  readonly historyTurns = 3;
  readonly #world: World;
  readonly #life: Life;
  /** How often each message was begun, in all lives. */
  readonly #runs: Map<number, number>;
  /** A person asks that the answer to a message end. */
  readonly #stop: (message: PlannedMessage) => void;
  readonly #busy = new Set<string>();

  constructor(world: World, life: Life, runs: Map<number, number>, stop: (message: PlannedMessage) => void) {
    this.#world = world;
    this.#life = life;
    this.#runs = runs;
    this.#stop = stop;
  }

  async open() {
    return { run: (turn: Turn) => this.#run(turn), close: () => this.#close() };
  }

  async #close(): Promise<void> {
    if (this.#world.plan.clingy) await never();
  }

  async *#run(turn: Turn): AsyncGenerator<AgentEvent> {
    if (!this.#life.alive) await never();
    const asked = turn.messages.filter(
      ({ change, tooLate, overheard }) =>
        change === undefined && tooLate === undefined && overheard === undefined,
    );
    const message = this.#planned(asked.at(-1));
    const run = (this.#runs.get(message.n) ?? 0) + 1;
    this.#runs.set(message.n, run);
    this.#world.note(
      `run ${run} of ${asked.map(({ text }) => text).join(' ')} (turn ${turn.id}, attempt ${turn.attempt})`,
    );
    this.#world.moment('in turn');
    this.#world.taken.set(turn.id, []);
    if (this.#busy.has(turn.session))
      this.#world.broken('a session runs one turn at a time', `turn ${turn.id}`);
    this.#busy.add(turn.session);
    // From then on nobody listens, whether it ends or not.
    turn.signal.addEventListener('abort', () => this.#busy.delete(turn.session));
    try {
      for await (const event of this.#act(message, run, turn)) {
        if (!this.#life.alive) await never();
        yield event;
      }
    } finally {
      this.#busy.delete(turn.session);
    }
  }

  async *#act(message: PlannedMessage, run: number, turn: Turn): AsyncGenerator<AgentEvent> {
    const { n, script } = message;
    switch (script.does) {
      case 'answer':
        for (let part = 1; part <= script.parts; part += 1) {
          yield { type: 'chunk', text: `${part > 1 ? '\f' : ''}${markOf(n, part)}` };
          if (script.ms > 0) await this.#world.sleep(Math.round(script.ms / script.parts));
        }
        if (script.with === 'files') {
          for (const part of [script.parts + 1, script.parts + 2]) {
            yield { type: 'artifact', file: { name: `${markOf(n, part)}.png`, content: PNG } };
          }
        }
        if (script.with === 'choices') yield { type: 'choices', labels: ['yes', 'no'] };
        if (script.with === 'reaction') yield { type: 'reaction', emoji: '👍' };
        yield { type: 'state', state: n };
        break;
      case 'write a book':
        yield { type: 'chunk', text: `${markOf(n, 1)} ${'and so on '.repeat(100)}` };
        break;
      case 'say nothing':
        break;
      case 'fail':
        yield { type: 'chunk', text: markOf(n, 1) };
        if (run <= script.times) {
          yield { type: 'error', error: new AgentError('it failed', { temporary: true }) };
          return;
        }
        break;
      case 'throw':
        yield { type: 'chunk', text: markOf(n, 1) };
        if (run <= script.times) throw new Error('it threw');
        break;
      case 'refuse':
        yield { type: 'error', error: new AgentError('it refused', { temporary: false }) };
        return;
      case 'hang':
        yield { type: 'chunk', text: markOf(n, 1) };
        if (script.stoppedAfter !== undefined) {
          this.#world.time.after(script.stoppedAfter, () => this.#stop(message));
        }
        await new Promise<void>((resolve) => turn.signal.addEventListener('abort', () => resolve()));
        // Some never come back.
        if (n % 2 === 0) await never();
        return;
    }
    yield* this.#answerMore(turn);
    yield { type: 'done' };
  }

  /** What is said meanwhile is answered with a mark each. */
  async *#answerMore(turn: Turn): AsyncGenerator<AgentEvent> {
    for (let more = await turn.more(); more.length > 0; more = await turn.more()) {
      const numbers = more.map((message) => this.#planned(message).n);
      this.#world.note(`turn ${turn.id} takes ${numbers.join(' ')}`);
      this.#world.taken.get(turn.id)?.push(...numbers);
      yield { type: 'chunk', text: numbers.map((n) => `\f${markOf(n, 1)}`).join('') };
    }
  }

  #planned(message: InboundMessage | undefined): PlannedMessage {
    const planned = this.#world.plan.messages.find(({ n }) => questionOf(n) === message?.text);
    if (planned === undefined) throw new Error(`nobody said ${message?.text}`);
    return planned;
  }
}
