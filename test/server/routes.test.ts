import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { channelId } from '../../src/contract/index.ts';
import { boot, json, TOKEN } from './harness.ts';

describe('probes', () => {
  it('answers /healthz and /readyz to anyone', async () => {
    await using gateway = await boot({ token: TOKEN });
    expect(await gateway.ask('/healthz')).toMatchObject({ status: 200, body: '{"status":"ok"}' });
    gateway.readiness = { ready: false, channels: { tg: { state: 'disconnected', detail: 'network' } } };
    const reply = await gateway.ask('/readyz');
    expect(reply.status).toBe(503);
    expect(JSON.parse(reply.body)).toEqual({
      status: 'not ready',
      channels: { tg: { state: 'disconnected', detail: 'network' } },
    });
    gateway.readiness = { ready: true, channels: {} };
    expect((await gateway.ask('/readyz')).status).toBe(200);
  });
});

describe('mounts', () => {
  it('leads / to the first page', async () => {
    await using gateway = await boot();
    const reply = await gateway.ask('/');
    expect(reply.status).toBe(302);
    expect(reply.headers.location).toBe('/channels/page/');
    gateway.mounts.delete(channelId('page'));
    expect((await gateway.ask('/')).body).toContain('openclaw-gateway');
  });

  it('hands a request to the channel of its path, and adds the missing slash', async () => {
    await using gateway = await boot();
    await gateway.ask('/channels/page/a/b?c=d');
    expect(gateway.page.seen[0]?.path).toBe('/channels/page/a/b?c=d');
    const reply = await gateway.ask('/channels/page');
    expect(reply.headers.location).toBe('/channels/page/');
  });

  it.each(['/nothing', '/channels/', '/channels/none/', '/channels/__proto__/', '/login'])(
    'answers 404 in JSON to %s',
    async (path) => {
      await using gateway = await boot();
      expect(await gateway.ask(path)).toMatchObject({ status: 404, body: '{"error":"not found"}' });
    },
  );

  it('forgets a mount as soon as it is gone', async () => {
    await using gateway = await boot();
    gateway.mounts.delete(channelId('hook'));
    expect((await gateway.ask('/channels/hook/', json({}))).status).toBe(404);
  });

  it('tells nothing of an error inside a channel', async () => {
    await using gateway = await boot();
    gateway.page.fail = true;
    const reply = await gateway.ask('/channels/page/');
    expect(reply.status).toBe(500);
    expect(reply.body).not.toContain('secret detail');
    expect(gateway.logged.join()).toContain('secret detail');
    gateway.page.fail = false;
    const cookie = await gateway.cookie();
    gateway.page.fail = true;
    const ws = await gateway.socket({ origin: gateway.origin, cookie });
    expect((await once(ws, 'close'))[0]).toBe(1011);
  });

  it('sends the security headers with every answer', async () => {
    await using gateway = await boot();
    for (const path of ['/healthz', '/nothing', '/channels/page/']) {
      const { headers } = await gateway.ask(path);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['cross-origin-opener-policy']).toBe('same-origin');
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    }
  });
});

describe('webhooks', () => {
  it('reach their channel without a token, the body intact', async () => {
    await using gateway = await boot({ token: TOKEN });
    const body = Buffer.from([0, 255, 13, 10, 0xc3, 0x28]);
    const reply = await gateway.ask('/channels/hook/in', { method: 'POST', body });
    expect(reply.status).toBe(200);
    expect(gateway.hook.seen[0]?.body.equals(body)).toBe(true);
    expect(gateway.hook.seen[0]?.visitor).toBe('');
  });

  it('are cut off above a million bytes, announced or not', async () => {
    await using gateway = await boot();
    const body = Buffer.alloc(1_000_001);
    const announced = { method: 'POST', body, headers: { 'content-length': String(body.length) } };
    expect((await gateway.ask('/channels/hook/', announced)).status).toBe(413);
    const chunked = { method: 'POST', body, headers: { 'transfer-encoding': 'chunked' } };
    expect((await gateway.ask('/channels/hook/', chunked)).status).toBe(413);
    expect((await gateway.ask('/channels/hook/', { method: 'POST', body: body.subarray(1) })).status).toBe(
      200,
    );
    expect(gateway.hook.seen).toHaveLength(1);
  });

  it('are refused when compressed', async () => {
    await using gateway = await boot();
    const zipped = { method: 'POST', body: 'x', headers: { 'content-encoding': 'gzip' } };
    expect((await gateway.ask('/channels/hook/', zipped)).status).toBe(415);
  });

  it('have no WebSocket', async () => {
    await using gateway = await boot();
    await expect(gateway.socket({ origin: gateway.origin }, '/channels/hook/ws')).rejects.toThrow('404');
  });
});
