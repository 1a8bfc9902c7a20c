import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { boot, json } from './harness.ts';

async function closeCode(ws: WebSocket): Promise<number> {
  return (await once(ws, 'close'))[0];
}

describe('WebSockets', () => {
  it('carry text both ways', async () => {
    await using gateway = await boot();
    const ws = await gateway.socket({ origin: gateway.origin, cookie: await gateway.cookie() });
    ws.send('hello');
    expect(String((await once(ws, 'message'))[0])).toBe('echo hello');
  });

  it('end over a frame that is too large, without reading it', async () => {
    await using gateway = await boot();
    const headers = { origin: gateway.origin, cookie: await gateway.cookie() };
    const ws = await gateway.socket(headers);
    ws.send('x'.repeat(256 * 1024 + 1));
    expect(await closeCode(ws)).toBe(1009);
    expect(gateway.page.seen.length).toBe(1);
  });

  it('end over binary frames', async () => {
    await using gateway = await boot();
    const ws = await gateway.socket({ origin: gateway.origin, cookie: await gateway.cookie() });
    ws.send(Buffer.from('x'));
    expect(await closeCode(ws)).toBe(1003);
  });

  it('end over a flood of pings', async () => {
    await using gateway = await boot();
    const ws = await gateway.socket({ origin: gateway.origin, cookie: await gateway.cookie() });
    const closed = closeCode(ws);
    for (let n = 0; n < 2_100; n += 1) ws.ping();
    expect(await closed).toBe(1013);
  });

  it('end when the client never reads', async () => {
    await using gateway = await boot();
    const ws = await gateway.socket({ origin: gateway.origin, cookie: await gateway.cookie() });
    ws.pause();
    const peer = gateway.page.sockets[0]?.socket;
    const gone = new Promise<void>((resolve) => peer?.onClose(resolve));
    let closed = false;
    void gone.then(() => {
      closed = true;
    });
    const megabyte = 'x'.repeat(1_000_000);
    let sent = 0;
    for (; !closed && sent < 64; sent += 1) {
      peer?.send(megabyte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await gone;
    expect(sent).toBeLessThan(64);
    expect((await gateway.ask('/healthz')).status).toBe(200);
  });

  it('are twenty for one browser, and others still get theirs', async () => {
    await using gateway = await boot();
    const headers = { origin: gateway.origin, cookie: await gateway.cookie() };
    const open = await Promise.all(Array.from({ length: 20 }, () => gateway.socket(headers)));
    await expect(gateway.socket(headers)).rejects.toThrow('429');
    await gateway.socket({ origin: gateway.origin, cookie: await gateway.cookie() });
    open[0]?.close();
    await new Promise<void>((resolve) => gateway.page.sockets[0]?.socket.onClose(resolve));
    await gateway.socket(headers);
  });

  it('drop what is sent after their end', async () => {
    await using gateway = await boot();
    const ws = await gateway.socket({ origin: gateway.origin, cookie: await gateway.cookie() });
    const peer = gateway.page.sockets[0]?.socket;
    const gone = new Promise<void>((resolve) => peer?.onClose(resolve));
    ws.terminate();
    await gone;
    expect(() => peer?.send('late')).not.toThrow();
  });
});

describe('slow clients', () => {
  it('that only connect are bounded, and who speaks is served', async () => {
    await using gateway = await boot();
    const silent = await Promise.all(
      Array.from({ length: 600 }, () => gateway.raw('GET /healthz HTTP/1.1\r\n')),
    );
    expect((await gateway.ask('/healthz')).status).toBe(200);
    const first = silent[0];
    if (first !== undefined && !first.closed) await once(first, 'close');
  });

  it('that never finish a body do not hold up others', async () => {
    await using gateway = await boot();
    await gateway.raw(
      'POST /channels/hook/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf of',
    );
    expect((await gateway.ask('/channels/hook/', json({}))).status).toBe(200);
    expect(gateway.hook.seen).toHaveLength(1);
  });
});
