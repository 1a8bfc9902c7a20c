import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCommands } from '../../src/commands/index.ts';
import type { InboundMessage, Turn } from '../../src/contract/index.ts';
import { emptyFolder } from '../kit/folder.ts';
import { fc, SEED } from '../kit/properties.ts';
import { agentOf, ScriptedChannel, TestGateway } from './harness.ts';

const CHANNELS = ['one', 'two', 'three'] as const;
/** Runs that go on at the same time. */
const AT_ONCE = 100;
type Place = (typeof CHANNELS)[number];

/** A gateway on three channels, whose agent repeats all that it was told. */
class Town implements AsyncDisposable {
  readonly #folder = emptyFolder();
  readonly channels = new Map(CHANNELS.map((id) => [id, new ScriptedChannel(id)]));
  readonly hub: TestGateway;
  /** Resolved by a test before the agent may answer. */
  gate: Promise<void> | undefined;

  constructor() {
    const agent = agentOf(async (turn: Turn) => {
      const said = [...turn.history.filter(({ role }) => role === 'user'), ...turn.messages];
      const heard = said.map(({ text }) => text).join(' ');
      await this.gate;
      return heard;
    }, 1_000);
    this.hub = new TestGateway(this.#folder.path, [...this.channels.values()], agent, {
      commands: createCommands,
    });
  }

  async start(): Promise<this> {
    await this.hub.gateway.start();
    await this.hub.untilConnected(CHANNELS.length);
    return this;
  }

  /** Somebody writes; resolves with the answer. */
  async ask(place: Place, person: string, text: string, more: Partial<InboundMessage> = {}): Promise<string> {
    const channel = this.channels.get(place) as ScriptedChannel;
    const before = channel.textsIn(person).length;
    const sent = new Promise<void>((resolve) => {
      const off = this.hub.gateway.events.on('outbound.sent', ({ chat }) => {
        if (chat !== person || channel.textsIn(person).length === before) return;
        off();
        resolve();
      });
    });
    await channel.say(person, text, more);
    await sent;
    return channel.textsIn(person)[before] ?? '';
  }

  /** Somebody writes, and the agent does not answer before it may: call what this resolves with. */
  async holdUp(place: Place, person: string, text: string): Promise<() => void> {
    const gate = Promise.withResolvers<void>();
    this.gate = gate.promise;
    const started = this.hub.count('turn.started');
    await this.channels.get(place)?.say(person, text);
    await this.hub.until('turn.started', started + 1);
    return () => {
      this.gate = undefined;
      gate.resolve();
    };
  }

  async link(person: string, from: Place, to: Place): Promise<string> {
    const code = /[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(await this.ask(from, person, '/link'))?.[0];
    return this.ask(to, person, `/link ${code}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.hub.stop();
    this.#folder[Symbol.dispose]();
  }
}

let town: Town;
beforeAll(async () => {
  town = await new Town().start();
});
afterAll(() => town[Symbol.asyncDispose]());

test('one person on three channels has one conversation once they are linked, and three again when not', async () => {
  expect(await town.ask('one', 'ann', 'a')).toBe('a');
  expect(await town.ask('two', 'ann', 'b')).toBe('b');
  expect(await town.ask('three', 'ann', 'c')).toBe('c');
  await town.link('ann', 'one', 'two');
  expect(await town.ask('two', 'ann', 'd')).toBe('a b d');
  await town.link('ann', 'three', 'one');
  expect(await town.ask('one', 'ann', 'e')).toBe('a b c d e');
  await town.ask('two', 'ann', '/unlink');
  expect(await town.ask('two', 'ann', 'f')).toBe('b d f');
  expect(await town.ask('three', 'ann', 'g')).toBe('a c e g');
});

interface Step {
  readonly kind: 'say' | 'link' | 'unlink' | 'guess' | 'inject';
  readonly person: number;
  readonly place: Place;
  readonly other: Place;
}

test('two persons never hear each other, whatever they link, unlink, guess or inject', async () => {
  const place = fc.constantFrom(...CHANNELS);
  const step: fc.Arbitrary<Step> = fc.record({
    kind: fc.constantFrom('say', 'say', 'say', 'link', 'unlink', 'guess', 'inject'),
    person: fc.integer({ min: 0, max: 2 }),
    place,
    other: place,
  });
  const sequences = fc.sample(fc.array(step, { minLength: 2, maxLength: 14 }), {
    numRuns: 2_000,
    seed: SEED,
  });
  // Together, as in life: each run is about people of its own, and they share the disk's fsyncs.
  for (let first = 0; first < sequences.length; first += AT_ONCE) {
    await Promise.all(
      sequences.slice(first, first + AT_ONCE).map(async (steps, offset) => {
        const world = new Model(`run${first + offset}`);
        try {
          for (const [index, each] of steps.entries()) await world.take(town, each, index);
        } catch (error) {
          throw new Error(`with ${JSON.stringify(steps)}`, { cause: error });
        }
      }),
    );
  }
}, 120_000);

/** Then a channel hears no further codes for an hour. */
const MOST_GUESSES = 40;
let guesses = 0;

/** What people said, by identity, and which of these are one person: what the gateway must know, and no more. */
class Model {
  readonly #name: string;
  readonly #words = new Map<string, { at: number; word: string }[]>();
  /** The identities of each cluster. */
  readonly #clusters = new Map<string, Set<string>>();

  constructor(name: string) {
    this.#name = name;
  }

  async take(there: Town, { kind, person, place, other }: Step, at: number): Promise<void> {
    const who = `${this.#name}-${person}`;
    const identity = `${place} ${who}`;
    if (kind === 'say') {
      const word = `${person}:${at}`;
      this.#wordsOf(identity).push({ at, word });
      expect(await there.ask(place, who, word)).toBe(this.#heardBy(identity));
    } else if (kind === 'link') {
      await there.link(who, place, other);
      const joined = new Set([...this.#clusterOf(identity), ...this.#clusterOf(`${other} ${who}`)]);
      for (const one of joined) this.#clusters.set(one, joined);
    } else if (kind === 'unlink') {
      await there.ask(place, who, '/unlink');
      this.#clusterOf(identity).delete(identity);
      this.#clusters.set(identity, new Set([identity]));
    } else {
      const victim = `${this.#name}-${(person + 1) % 3}`;
      if (kind === 'guess' && ++guesses > MOST_GUESSES) return;
      // What somebody else wrote, or a code that nobody was given, does nothing: it is a word like any other, or refused.
      const text = kind === 'guess' ? `/link ABCD-${1000 + at}` : `"/link" ${place}:${victim}`;
      const reply = await there.ask(place, who, text);
      if (kind === 'inject') {
        this.#wordsOf(identity).push({ at, word: text });
        expect(reply).toBe(this.#heardBy(identity));
      }
    }
  }

  #wordsOf(identity: string): { at: number; word: string }[] {
    const words = this.#words.get(identity) ?? [];
    this.#words.set(identity, words);
    return words;
  }

  #clusterOf(identity: string): Set<string> {
    const cluster = this.#clusters.get(identity) ?? new Set([identity]);
    this.#clusters.set(identity, cluster);
    return cluster;
  }

  #heardBy(identity: string): string {
    return [...this.#clusterOf(identity)]
      .flatMap((one) => this.#wordsOf(one))
      .sort((a, b) => a.at - b.at)
      .map(({ word }) => word)
      .join(' ');
  }
}

test('a turn that runs while two are linked, or separated, ends where its message belongs then', async () => {
  const texts = () => town.channels.get('two')?.textsIn('bob') ?? [];
  await town.ask('one', 'bob', 'a');
  await town.ask('two', 'bob', 'b');
  let release = await town.holdUp('two', 'bob', 'c');
  await town.channels.get('two')?.say('bob', 'd');
  await town.link('bob', 'one', 'two');
  release();
  await expect.poll(texts).toContain('a b c d');
  expect(await town.ask('one', 'bob', 'e')).toBe('a b c d e');

  release = await town.holdUp('two', 'bob', 'f');
  await town.ask('two', 'bob', '/unlink');
  release();
  await expect.poll(texts).toContain('a b c d e f');
  expect(await town.ask('one', 'bob', 'g')).toBe('a e g');
  expect(await town.ask('two', 'bob', 'h')).toBe('b c d f h');
});
