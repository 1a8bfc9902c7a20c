import { describe, expect, it } from 'vitest';
import { StartError } from '../../src/contract/index.ts';
import { boot, TOKEN } from './harness.ts';

async function failure(options: Parameters<typeof boot>[0]): Promise<StartError> {
  const outcome = await boot(options).catch((error: unknown) => error);
  if (!(outcome instanceof StartError)) throw new Error('it started, or failed in another way');
  return outcome;
}

describe('starting the server', () => {
  it.each(['0.0.0.0', '::', '192.168.1.5', 'gateway.example'])('refuses %s without a token', async (host) => {
    const error = await failure({ host });
    expect(error.message).toContain(host);
    expect(error.hint).toContain('openssl rand -hex 32');
    expect(error.exitCode).toBe(78);
  });

  it('listens on any address with a token', async () => {
    await using gateway = await boot({ host: '0.0.0.0', token: TOKEN });
    expect(gateway.server.url).toBe(`http://127.0.0.1:${gateway.server.port}/`);
    expect((await gateway.ask('/healthz')).status).toBe(200);
  });

  it('refuses a token that can be guessed, without telling it', async () => {
    const error = await failure({ token: 'short' });
    expect(error.message).toContain('16 characters');
    expect(`${error.message}${error.hint}`).not.toContain('short"');
  });

  it('says that the port is taken, and what to do', async () => {
    await using first = await boot();
    const error = await failure({ port: first.server.port });
    expect(error.message).toBe(`Port ${first.server.port} on 127.0.0.1 is taken.`);
    expect(error.hint).toContain('gateway.port');
    expect(error.exitCode).toBe(78);
  });

  it('says that an address is not of this machine', async () => {
    const error = await failure({ host: '192.0.2.1', token: TOKEN });
    expect(error.message).toBe('192.0.2.1 is not an address of this machine.');
  });

  it('closes while a WebSocket is open, and frees the port', async () => {
    const gateway = await boot();
    const ws = await gateway.socket({ origin: gateway.origin, cookie: await gateway.cookie() });
    const code = new Promise((resolve) => ws.once('close', resolve));
    await gateway.server.close();
    expect(await code).toBe(1001);
    await using again = await boot({ port: gateway.server.port });
    expect((await again.ask('/healthz')).status).toBe(200);
  });
});
