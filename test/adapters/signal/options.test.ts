import { expect, it } from 'vitest';
import { signal } from '../../../adapters/signal/index.ts';

it('has a default for the address', () => {
  expect(signal.options.parse({ account: '+15550100' })).toEqual({
    http_url: 'http://127.0.0.1:8080',
    account: '+15550100',
  });
});

it('takes an account id', () => {
  expect(signal.options.safeParse({ account: 'b0b0b0b0-0000-4000-8000-000000000001' }).success).toBe(true);
});

it.each([
  [{}],
  [{ account: '015550100' }],
  [{ account: 15550100 }],
  [{ account: '+15550100', http_url: 'localhost:8080' }],
  [{ account: '+15550100', http_url: 'http://user:pass@localhost:8080' }],
  [{ account: '+15550100', http_url: 'file:///etc' }],
  [{ account: '+15550100', httpUrl: 'http://127.0.0.1:8080' }],
])('refuses %j', (options) => {
  expect(signal.options.safeParse(options).success).toBe(false);
});
