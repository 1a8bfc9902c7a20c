import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLives } from '../../src/adapter-kit/index.ts';
import { ChannelError } from '../../src/contract/index.ts';
import { TestHost } from '../kit/adapter-host.ts';

let host: TestHost;
beforeEach(() => {
  host = new TestHost();
});
afterEach(() => host[Symbol.dispose]());

const away = { kind: 'network', certain: true, message: 'not connected to Platform' };
const NEVER = new AbortController().signal;

test('while it lives there is something to work with', () => {
  const lives = createLives<string>('Platform');
  expect(() => lives.connected()).toThrow(expect.objectContaining(away));
  expect(() => lives.during(NEVER)).toThrow(expect.objectContaining(away));
  expect(lives.signal.aborted).toBe(true);

  const life = lives.begin(host);
  expect(() => lives.connected()).toThrow(expect.objectContaining(away));
  life.connect('session');
  expect(lives.connected()).toBe('session');
  const work = lives.during(NEVER);
  expect([life.signal.aborted, lives.signal.aborted, work.aborted]).toEqual([false, false, false]);

  expect(lives.end()).toBe('session');
  expect([life.signal.aborted, lives.signal.aborted, work.aborted]).toEqual([true, true, true]);
  expect(lives.session).toBeUndefined();
  expect(lives.end()).toBeUndefined();
});

test('the gateway ends it, too', () => {
  const lives = createLives<string>('Platform');
  const { signal } = lives.begin(host);
  host.stop();
  expect(signal.aborted).toBe(true);
  expect(() => lives.during(NEVER)).toThrow(expect.objectContaining(away));
});

test('what is lost is told while it lives', () => {
  const lives = createLives<string>('Platform');
  const life = lives.begin(host);
  const error = new ChannelError('network', 'cut');
  life.lost(error);
  lives.end();
  life.lost(new Error('closed'));
  expect(host.states).toEqual([{ state: 'disconnected', error }]);
});

test('a start that comes to its end too late changes nothing in the next life', () => {
  const lives = createLives<string>('Platform');
  const first = lives.begin(host);
  lives.end();
  const second = lives.begin(host);
  expect(() => first.connect('old')).toThrow('stopped while starting');
  first.end();
  expect(second.signal.aborted).toBe(false);
  second.connect('new');
  expect(lives.connected()).toBe('new');
});
