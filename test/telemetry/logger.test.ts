import { describe, expect, it } from 'vitest';
import { createLogger, type LoggerOptions } from '../../src/telemetry/logger.ts';
import { createRedactor } from '../../src/telemetry/redact.ts';

const ESC = '\u001b';

function record(options: Partial<LoggerOptions> & { isTTY?: boolean } = {}) {
  const { isTTY = false, ...rest } = options;
  const lines: string[] = [];
  const log = createLogger({
    level: 'debug',
    format: 'auto',
    redact: createRedactor(['a-secret-token']),
    destination: { write: (line) => lines.push(line), isTTY },
    ...rest,
  });
  return { log, lines };
}

describe('the log', () => {
  it('is JSON where no person looks, one line for each', () => {
    const { log, lines } = record();
    log.info({ channel: 'telegram' }, 'connected');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 30,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      channel: 'telegram',
      msg: 'connected',
    });
  });

  it('is pretty and coloured on a terminal', () => {
    const { log, lines } = record({ isTTY: true });
    log.info({ channel: 'telegram' }, 'connected');
    expect(lines.join('')).toContain(`${ESC}[32mINFO${ESC}[39m`);
    expect(lines.join('')).toContain('connected');
  });

  it('is pretty without colours where that is asked for and nobody could see them', () => {
    const { log, lines } = record({ format: 'pretty' });
    log.info({ channel: 'telegram' }, 'connected');
    expect(lines.join('')).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: connected \{"channel":"telegram"\}\n$/);
  });

  it('is JSON on a terminal, too, where that is asked for', () => {
    const { log, lines } = record({ format: 'json', isTTY: true });
    log.info('connected');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: 'connected' });
  });

  it('leaves out what is less important than its level', () => {
    const { log, lines } = record({ level: 'warn' });
    log.info('no');
    log.warn('yes');
    expect(lines).toHaveLength(1);
  });

  describe.each(['json', 'pretty'] as const)('as %s', (format) => {
    it('holds no secret, wherever it was', () => {
      const { log, lines } = record({ format });
      const error = new Error('refused a-secret-token', { cause: new Error('a-secret-token') });
      log.error({ err: error, deep: { er: ['a-secret-token'] }, 'a-secret-token': 1 }, 'with a-secret-token');
      expect(lines.join('')).toContain('[redacted]');
      expect(lines.join('')).not.toContain('a-secret-token');
    });

    it('cannot be forged by line breaks, nor command the terminal', () => {
      const { log, lines } = record({ format });
      const evil = `x\n[12:00:00] INFO: forged\r${ESC}[31m\u009b31m\u2028\u202e\u0000`;
      log.warn({ reason: evil, [evil]: 1 }, evil);
      log.error({ err: new Error(evil) }, 'failed');
      const text = lines.join('');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e]/);
      expect(text.split('\n').filter((line) => line.startsWith('[12:00:00]'))).toEqual([]);
      expect(text).toContain('\\u001b[31m');
      if (format === 'json') for (const line of lines) expect(JSON.parse(line)).toHaveProperty('msg');
    });
  });

  it('goes to a file as JSON, and without secrets, whatever a terminal gets', () => {
    const kept: string[] = [];
    const { log, lines } = record({ isTTY: true, file: { write: (line) => kept.push(line) } });
    log.info({ reason: `a-secret-token \u009b31m` }, 'connected');
    expect(lines.join('')).toContain(`${ESC}[32mINFO`);
    expect(JSON.parse(kept[0] ?? '')).toMatchObject({
      level: 30,
      reason: '[redacted] \u009b31m',
      msg: 'connected',
    });
    expect(kept[0]).not.toContain('\u009b');
  });

  it('shows the frames of a stack trace one below the other', () => {
    const { log, lines } = record({ format: 'pretty' });
    log.error({ err: new Error('oops') }, 'failed');
    expect(
      lines
        .join('')
        .split('\n')
        .filter((line) => /^\s+at /.test(line)).length,
    ).toBeGreaterThan(1);
  });
});
