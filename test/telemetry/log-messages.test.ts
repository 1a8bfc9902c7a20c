import { expect, test } from 'vitest';
import type { GatewayEvents } from '../../src/gateway/index.ts';
import { EventBus } from '../../src/gateway/index.ts';
import { logEvents } from '../../src/telemetry/log-events.ts';
import { createLogger } from '../../src/telemetry/logger.ts';

type Ended = GatewayEvents['turn.ended'];

function watch(level: 'debug' | 'info' = 'info') {
  const events = new EventBus();
  const lines: { level: number; msg: string; [field: string]: unknown }[] = [];
  const destination = { write: (line: string) => lines.push(JSON.parse(line)) };
  logEvents(events, createLogger({ level, format: 'json', redact: (text) => text, destination }));
  return {
    lines,
    ended: (more: Partial<Ended> = {}) =>
      events.emit('turn.ended', {
        ...{ turn: 't1', session: 's1', agent: 'default', channel: 'work', sender: '7' },
        ...{ outcome: 'committed', messages: 1, out: 1, ms: 5, cameAt: Date.now() - 1_400 },
        ...more,
      } as Ended),
    sent: (id: string) =>
      events.emit('outbound.sent', { id, channel: 'work', chat: '42', chatRef: 1, attempt: 1 } as never),
    dead: (id: string) =>
      events.emit('outbound.dead', {
        id,
        channel: 'work',
        chat: '42',
        chatRef: 1,
        kind: 'refused',
        reason: 'no',
      } as never),
    messages: () => lines.map(({ msg }) => msg),
  };
}

test('an answer is told of once, when its last part is delivered', () => {
  const { lines, ended, sent, messages } = watch();
  ended({ out: 3 });
  sent('t1-0');
  sent('t1-1');
  expect(lines).toEqual([]);
  sent('t1-2');
  expect(messages()).toEqual([expect.stringMatching(/^answered 7 on work in 1\.[45] s, delivered$/)]);
  expect(lines[0]).toMatchObject({
    turn: 't1',
    session: 's1',
    agent: 'default',
    channel: 'work',
    sender: '7',
    ms: 5,
  });
});

test('an answer without words is told of at once, and one that was stopped as such', () => {
  const { ended, sent, messages } = watch();
  ended({ out: 0, cameAt: Date.now() });
  ended({ turn: 't2' as never, outcome: 'cancelled', cameAt: Date.now() });
  sent('t2-0');
  expect(messages()).toEqual([
    expect.stringMatching(/^answered 7 on work in \d+ ms, without words$/),
    expect.stringMatching(/^stopped while answering 7 on work in \d+ ms, delivered$/),
  ]);
});

test('an answer that could not be delivered is never called delivered', () => {
  const { ended, sent, dead, messages } = watch();
  ended({ out: 2 });
  dead('t1-0');
  sent('t1-1');
  expect(messages()).toEqual(['message given up', 'delivered on work']);
});

test('what an earlier process answered, and what nobody asked for, is told of, too', () => {
  const { sent, lines } = watch();
  sent('t9-0');
  expect(lines).toMatchObject([{ level: 30, msg: 'delivered on work', id: 't9-0', chat: '42' }]);
});

test('each step is told at debug', () => {
  const { ended, sent, messages } = watch('debug');
  ended();
  sent('t1-0');
  expect(messages().slice(0, 2)).toEqual(['turn ended', 'message sent']);
});
