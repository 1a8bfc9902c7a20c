import { describe, expect, it } from 'vitest';
import { createLockout } from '../../src/server/lockout.ts';
import { boot, cookieOf, json, TOKEN } from './harness.ts';

const PAGE = '/channels/page/';
const asBrowser = { accept: 'text/html' };
const visitorOf = (reply: { body: string }): string => JSON.parse(reply.body).visitor;

describe('without a token', () => {
  it('every browser becomes a visitor of its own, and stays the same', async () => {
    await using gateway = await boot();
    const first = await gateway.ask(PAGE, { headers: asBrowser });
    const cookie = cookieOf(first);
    expect(first.headers['set-cookie']?.[0]).toMatch(
      new RegExp(
        `^openclaw_visitor_${gateway.server.port}=[\\w-]{43}; Max-Age=31536000; Path=/; HttpOnly; SameSite=Lax$`,
      ),
    );
    const again = await gateway.ask(PAGE, { headers: { cookie } });
    expect(visitorOf(again)).toBe(visitorOf(first));
    expect(visitorOf(first)).toMatch(/^web-[\w-]{16}$/);
    expect(cookie).not.toContain(visitorOf(first).slice(4));
    expect(visitorOf(await gateway.ask(PAGE))).not.toBe(visitorOf(first));
  });

  it('a WebSocket needs the cookie of a page', async () => {
    await using gateway = await boot();
    await expect(gateway.socket({ origin: gateway.origin })).rejects.toThrow('401');
    const name = `openclaw_visitor_${gateway.server.port}`;
    await expect(gateway.socket({ origin: gateway.origin, cookie: `${name}=guess` })).rejects.toThrow('401');
  });
});

describe('with a token', () => {
  it('a page shows the login first, and nothing else is told', async () => {
    await using gateway = await boot({ token: TOKEN });
    const page = await gateway.ask(PAGE, { headers: asBrowser });
    expect(page.status).toBe(401);
    expect(page.body).toContain('<h1>Access token</h1>');
    expect(page.headers['content-security-policy']).toMatch(/script-src 'sha256-/);
    expect(page.headers['set-cookie']).toBeUndefined();
    expect((await gateway.ask(`${PAGE}app.js`)).status).toBe(401);
    expect(gateway.page.seen).toEqual([]);
  });

  it('the token is exchanged for a cookie', async () => {
    await using gateway = await boot({ token: TOKEN });
    const cookie = await gateway.cookie(TOKEN);
    expect(cookie).not.toContain(TOKEN);
    expect((await gateway.ask(PAGE, { headers: { cookie } })).status).toBe(200);
    await gateway.socket({ origin: gateway.origin, cookie });
    expect(gateway.page.sockets).toHaveLength(1);
  });

  it('the token counts in an Authorization header, always as the same visitor', async () => {
    await using gateway = await boot({ token: TOKEN });
    const headers = { authorization: `Bearer ${TOKEN}` };
    const first = await gateway.ask(PAGE, { headers });
    expect(first.status).toBe(200);
    expect(visitorOf(await gateway.ask(PAGE, { headers }))).toBe(visitorOf(first));
    expect(first.headers['set-cookie']).toBeUndefined();
    await gateway.socket(headers);
  });

  it('the token counts nowhere else, and is never logged', async () => {
    await using gateway = await boot({ token: TOKEN });
    const attempts: Record<string, string>[] = [
      { referer: `http://127.0.0.1/?token=${TOKEN}` },
      { authorization: TOKEN },
      { authorization: `Basic ${Buffer.from(`:${TOKEN}`).toString('base64')}` },
      { authorization: `Bearer ${TOKEN}x` },
      { authorization: 'Bearer ' },
      { 'x-token': TOKEN, 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1' },
      { cookie: `openclaw_visitor_${gateway.server.port}=${TOKEN}` },
    ];
    for (const headers of attempts) {
      expect((await gateway.ask(`${PAGE}?token=${TOKEN}`, { headers })).status, JSON.stringify(headers)).toBe(
        401,
      );
    }
    await expect(gateway.socket({}, `/channels/page/ws?token=${TOKEN}`)).rejects.toThrow('401');
    expect(gateway.logged.join()).not.toContain(TOKEN);
  });

  it('what else a login claims is ignored', async () => {
    await using gateway = await boot({ token: TOKEN });
    const claims = { role: 'admin', scopes: ['*'], visitor: 'web-somebody', __proto__: { token: TOKEN } };
    expect((await gateway.ask('/login', json({ ...claims, token: 'wrong' }))).status).toBe(401);
    const proto = { ...json({}), body: `{"__proto__":{"token":"${TOKEN}"}}` };
    expect((await gateway.ask('/login', proto)).status).toBe(400);
    const cookie = cookieOf(await gateway.ask('/login', json({ ...claims, token: TOKEN })));
    expect(visitorOf(await gateway.ask(PAGE, { headers: { cookie } }))).not.toBe('web-somebody');
  });

  it.each([
    ['a form', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' }, 415],
    ['no JSON', { ...json({}), body: '{' }, 400],
    ['a token that is no text', json({ token: [TOKEN] }), 400],
    ['a flood', json({ token: 'x'.repeat(5_000) }), 413],
  ])('a login by %s is refused', async (_, request, status) => {
    await using gateway = await boot({ token: TOKEN });
    expect((await gateway.ask('/login', request)).status).toBe(status);
  });

  it('another token makes every cookie void, and the browser keeps its conversation after a new login', async () => {
    let cookie: string;
    let visitor: string;
    let port: number;
    {
      await using gateway = await boot({ token: TOKEN });
      port = gateway.server.port;
      cookie = await gateway.cookie(TOKEN);
      visitor = visitorOf(await gateway.ask(PAGE, { headers: { cookie } }));
    }
    const rotated = 'rotated-token-0123456789';
    await using gateway = await boot({ token: rotated, port });
    expect((await gateway.ask(PAGE, { headers: { cookie } })).status).toBe(401);
    await expect(gateway.socket({ origin: gateway.origin, cookie })).rejects.toThrow('401');
    const login = await gateway.ask('/login', json({ token: rotated }, { origin: gateway.origin, cookie }));
    const back = await gateway.ask(PAGE, { headers: { cookie: cookieOf(login) } });
    expect(visitorOf(back)).toBe(visitor);
  });
});

describe('brute force', () => {
  it('ends after ten wrong tries, whatever the way and whatever comes along', async () => {
    await using gateway = await boot({ token: TOKEN });
    const cookie = await gateway.cookie(TOKEN);
    await gateway.ask(PAGE, { headers: { cookie } });
    for (let n = 0; n < 4; n += 1) {
      expect((await gateway.ask('/login', json({ token: `wrong-${n}` }))).status).toBe(401);
    }
    for (let n = 0; n < 3; n += 1) {
      // A bogus second credential, and a made-up address, change nothing.
      const headers = { authorization: `Bearer wrong-${n}`, cookie, 'x-forwarded-for': `10.0.0.${n}` };
      expect((await gateway.ask(PAGE, { headers })).status).toBe(401);
    }
    for (let n = 0; n < 3; n += 1) {
      const forged = `openclaw_visitor_${gateway.server.port}=${'a'.repeat(42)}${n}.${'b'.repeat(43)}`;
      expect((await gateway.ask(PAGE, { headers: { cookie: forged } })).status).toBe(401);
    }
    const locked = await gateway.ask('/login', json({ token: TOKEN }));
    expect(locked.status).toBe(429);
    expect(Number(locked.headers['retry-after'])).toBeGreaterThan(50);
    const bearer = { authorization: `Bearer ${TOKEN}` };
    expect((await gateway.ask(PAGE, { headers: bearer })).status).toBe(429);
    // Who was in before stays in.
    expect((await gateway.ask(PAGE, { headers: { cookie } })).status).toBe(200);
  });

  it('is not what an open tab with an outdated cookie does', async () => {
    await using gateway = await boot({ token: TOKEN });
    const cookie = `openclaw_visitor_${gateway.server.port}=${'a'.repeat(43)}.${'b'.repeat(43)}`;
    for (let n = 0; n < 20; n += 1) await gateway.ask(PAGE, { headers: { cookie } });
    expect((await gateway.ask('/login', json({ token: TOKEN }))).status).toBe(204);
  });

  it('is forgiven after a minute, counted per address, and in all', () => {
    let now = 1_000_000;
    const lockout = createLockout(() => now);
    for (let n = 0; n < 10; n += 1) lockout.failed('a');
    expect(lockout.lockedForMs('a')).toBe(60_000);
    expect(lockout.lockedForMs('b')).toBe(0);
    now += 60_000;
    expect(lockout.lockedForMs('a')).toBe(0);
    for (let n = 0; n < 90; n += 1) lockout.failed(`peer ${n}`);
    expect(lockout.lockedForMs('never seen')).toBe(60_000);
  });
});
