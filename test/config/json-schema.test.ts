import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { generateSchema } from '../../scripts/generate-schema.ts';
import { configJsonSchema } from '../../src/config/index.ts';
import { page, parrot, pigeon } from './fixture.ts';

const ROOT = join(import.meta.dirname, '../..');

describe('the JSON Schema for editors', () => {
  const schema = configJsonSchema({ channels: { pigeon, page }, agents: { parrot } });
  const validator = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
  const accepts = (yaml: string) => validator.safeParse(parse(yaml)).success;

  it('is up to date (if not: npm run schema)', async () => {
    expect(readFileSync(join(ROOT, 'openclaw.schema.json'), 'utf8')).toBe(await generateSchema());
  });

  it('accepts the configuration that comes with the program', async () => {
    const yaml = readFileSync(join(ROOT, 'openclaw.config.yaml'), 'utf8');
    expect(yaml).toMatch(/^# yaml-language-server: \$schema=\.\/openclaw\.schema\.json\n/);
    const whole = z.fromJSONSchema(JSON.parse(await generateSchema()));
    expect(whole.safeParse(parse(yaml)).error).toBeUndefined();
  });

  it.each([
    'channels: { page: {}, other: { type: pigeon, token: x } }',
    'channels: { pigeon: { token: x, enabled: false, coop: { doors: 2 } } }',
    `gateway: { port: "\${PORT:-1}" }\nlog: { level: "\${LEVEL}" }\nchannels: { pigeon: { token: x, api_root: "\${ROOT}", quiet: "\${Q}" } }`,
    'gateway:\nchannels:\n  pigeon: { token: x, rate_limits: { direct: { burst: 1, per_second: 0.1 } } }',
    'agents: { default: { type: parrot, delay: 1 } }\nturns: { timeout: 10m }',
  ])('accepts %j', (yaml) => {
    expect(accepts(yaml)).toBe(true);
  });

  it.each([
    'chanels: {}',
    'gateway: { port: many }',
    'log: { level: loud }',
    'channels: { page: { token: x } }',
    'channels: { other: { token: x } }',
    'channels: { pigeon: {} }',
    'agents: { default: { type: pigeon } }',
    'agents: { default: {} }',
  ])('refuses %j', (yaml) => {
    expect(accepts(yaml)).toBe(false);
  });

  it('describes every key', () => {
    const missing: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      const { properties } = node as {
        properties?: Record<string, { description?: string; $ref?: string; anyOf?: unknown }>;
      };
      for (const [key, value] of Object.entries(properties ?? {})) {
        if (value.description === undefined && value.anyOf === undefined) missing.push(`${path}.${key}`);
      }
      for (const [key, value] of Object.entries(node)) visit(value, `${path}.${key}`);
    };
    visit(configJsonSchema({ channels: {}, agents: {} }), '');
    expect(missing).toEqual([]);
  });
});
