import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { boot, json, TOKEN } from './harness.ts';

describe('the Host header', () => {
  it.each(['evil.example', '127.0.0.1.evil.example', 'localhost.evil', 'evil@127.0.0.1', 'localhost.'])(
    'may not be %s',
    async (host) => {
      await using gateway = await boot();
      const reply = await gateway.ask('/healthz', { headers: { host } });
      expect([400, 403]).toContain(reply.status);
      const withPort = `${host}:${gateway.server.port}`;
      expect([400, 403]).toContain((await gateway.ask('/healthz', { headers: { host: withPort } })).status);
    },
  );

  it.each(['localhost', 'LOCALHOST:1', '[::1]:8080', '10.0.0.7', 'chat.example.org'])(
    'may be %s',
    async (host) => {
      await using gateway = await boot({ allowedHosts: ['chat.example.org'] });
      expect((await gateway.ask('/healthz', { headers: { host } })).status).toBe(200);
    },
  );

  it('may not be given twice, nor in the request line', async () => {
    await using gateway = await boot();
    const twice = await gateway.raw(
      'GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
    );
    expect(String((await once(twice, 'data'))[0])).toMatch(/^HTTP\/1.1 40[03]/);
    const absolute = await gateway.raw(
      'GET http://evil.example/healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    );
    expect(String((await once(absolute, 'data'))[0])).toMatch(/^HTTP\/1.1 400/);
  });

  it('of a stranger is refused before a WebSocket opens', async () => {
    await using gateway = await boot();
    const cookie = await gateway.cookie();
    const headers = { host: 'evil.example', origin: 'http://evil.example', cookie };
    await expect(gateway.socket(headers)).rejects.toThrow('403');
    expect(gateway.page.sockets).toEqual([]);
  });
});

describe('the Origin header', () => {
  const evil = (port: number) => [
    'http://evil.example',
    'null',
    'http://127.evil.com',
    'http://localhost.evil',
    `http://localhost:${port}`,
    `http://127.0.0.1:${port + 1}`,
    `http://127.0.0.1:${port}/`,
    `http://evil@127.0.0.1:${port}`,
    `file://127.0.0.1:${port}`,
  ];

  it('of another site keeps a WebSocket shut', async () => {
    await using gateway = await boot();
    const cookie = await gateway.cookie();
    for (const origin of evil(gateway.server.port)) {
      await expect(gateway.socket({ origin, cookie }), origin).rejects.toThrow('403');
    }
    await expect(gateway.socket({ cookie }), 'no origin, but a cookie').rejects.toThrow('403');
    expect(gateway.page.sockets).toEqual([]);
    await gateway.socket({ origin: gateway.origin, cookie });
    expect(gateway.page.sockets).toHaveLength(1);
  });

  it('of another site keeps a POST out', async () => {
    await using gateway = await boot();
    const cookie = await gateway.cookie();
    for (const origin of evil(gateway.server.port)) {
      expect((await gateway.ask('/channels/page/', json({}, { origin, cookie }))).status, origin).toBe(403);
    }
    expect((await gateway.ask('/channels/page/', json({}, { cookie }))).status).toBe(403);
    expect((await gateway.ask('/channels/page/', json({}, { origin: gateway.origin, cookie }))).status).toBe(
      200,
    );
  });

  it('may be https behind a proxy that ends TLS', async () => {
    await using gateway = await boot({ token: TOKEN, allowedHosts: ['chat.example.org'] });
    const headers = { host: 'chat.example.org', origin: 'https://chat.example.org' };
    expect((await gateway.ask('/login', json({ token: TOKEN }, headers))).status).toBe(204);
  });

  it('is not the only guard: forms and plain text are refused', async () => {
    await using gateway = await boot();
    const cookie = await gateway.cookie();
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      const headers = { origin: gateway.origin, cookie, 'content-type': type };
      const reply = await gateway.ask('/channels/page/', { method: 'POST', headers, body: '{}' });
      expect(reply.status, type).toBe(415);
    }
  });
});
