import { expect, test } from 'vitest';
import { createLogger } from '../../src/telemetry/logger.ts';
import { liveRedactor } from '../../src/telemetry/redact.ts';

test('what it learns is replaced from then on, in a log that is open already; what was a secret remains one', () => {
  const { redact, learn } = liveRedactor();
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const log = createLogger({ level: 'info', format: 'json', redact, destination });
  learn(['the-first-secret']);
  log.info('the-first-secret, the-second-secret');
  learn(['the-second-secret']);
  log.info('the-first-secret, the-second-secret');
  expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
    '[redacted], the-second-secret',
    '[redacted], [redacted]',
  ]);
});
