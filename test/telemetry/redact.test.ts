import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/telemetry/redact.ts';
import { fc } from '../kit/properties.ts';

const TOKEN = '123:test"tok/en+1 ü';

describe('a redactor', () => {
  const redact = createRedactor([TOKEN, 'second-secret', 'second-secret-and-longer']);

  it.each([
    ['as it is', TOKEN],
    ['in JSON', JSON.stringify({ TOKEN })],
    ['in a URL', encodeURIComponent(TOKEN)],
    ['in a URL, small letters', encodeURIComponent(TOKEN).toLowerCase()],
    ['in a form', new URLSearchParams({ a: TOKEN }).toString()],
    ['in base64', Buffer.from(TOKEN).toString('base64')],
    ['in URL-safe base64', Buffer.from(TOKEN).toString('base64url')],
    ['in basic authentication', Buffer.from(`user:${TOKEN}`).toString('base64')],
    ['in longer base64', Buffer.from(`me:${TOKEN} and more`).toString('base64')],
  ])('takes a secret out %s', (_, text) => {
    const redacted = redact(`before ${text} after`);
    expect(redacted).toMatch(/^before .*\[redacted\].* after$/);
    expect(redacted).not.toContain('tok');
    expect(redacted).not.toContain(Buffer.from(TOKEN).toString('base64').slice(8, 16));
  });

  it('leaves nothing of the longer secret that begins with another', () => {
    expect(redact('second-secret-and-longer, second-secret')).toBe('[redacted], [redacted]');
  });

  it('finds secrets wherever they stand, in any bytes around', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string({ minLength: 6 }), (before, after, secret) => {
        fc.pre(!'[redacted]'.includes(secret) && !(before + after).includes(secret));
        const own = createRedactor([secret]);
        expect(own(`${before} ${secret} ${after}`)).toContain('[redacted]');
        const bytes = Buffer.from(`${before}${secret}${after}`).toString('base64');
        expect(own(bytes)).toContain('[redacted]');
      }),
    );
  });

  it('takes out what looks like a secret in a URL, known or not', () => {
    const unknown = createRedactor([]);
    const numbered = `/bot987654:${'Ab1-'.repeat(9)}/getMe`;
    expect(unknown(`GET ${numbered} failed`)).toBe('GET /[redacted]/getMe failed');
    expect(unknown('redis://user:pass@host/0')).toBe('redis://[redacted]@host/0');
    expect(unknown('https://hooks.example/services/T012/B345/aB3dE5fG7hI9jK1lM3nO5pQ7')).toBe(
      'https://hooks.example/services/T012/B345/[redacted]',
    );
    expect(unknown('https://a.example/x?page=2&access_token=abc&key=def#top')).toBe(
      'https://a.example/x?page=2&access_token=[redacted]&key=[redacted]#top',
    );
  });

  it.each([
    'ready at http://127.0.0.1:18790/channels/webchat/',
    'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash-preview:streamGenerateContent',
    '/var/lib/openclaw-gateway/data/openclaw.sqlite',
    'a < b // no url @ all',
  ])('leaves alone what is none: %s', (text) => {
    expect(createRedactor(['12345'])(text)).toBe(text);
  });
});
