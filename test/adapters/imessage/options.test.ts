import { expect, it } from 'vitest';
import { imessage } from '../../../adapters/imessage/index.ts';

it('has defaults for all but the password', () => {
  expect(imessage.options.parse({ password: 'test' })).toEqual({
    server_url: 'http://127.0.0.1:1234',
    password: 'test',
    poll_interval: 2000,
  });
});

it.each([
  ['500ms', 500],
  ['1m', 60_000],
  ['2', 2000],
  [0.5, 500],
])('reads the interval %j', (poll_interval, ms) => {
  expect(imessage.options.parse({ password: 'test', poll_interval }).poll_interval).toBe(ms);
});

it.each([
  [{}],
  [{ password: '' }],
  [{ password: 'test', poll_interval: 'often' }],
  [{ password: 'test', poll_interval: 0 }],
  [{ password: 'test', poll_interval: '2h' }],
  [{ password: 'test', server_url: 'mac.local:1234' }],
  [{ password: 'test', server_url: 'http://user:pass@mac.local' }],
  [{ password: 'test', pasword: 'test' }],
])('refuses %j', (options) => {
  expect(imessage.options.safeParse(options).success).toBe(false);
});
