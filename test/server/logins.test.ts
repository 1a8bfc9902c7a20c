import { expect, test } from 'vitest';
import { channelId, LANGUAGES } from '../../src/contract/index.ts';
import { textsIn } from '../../src/texts/index.ts';
import { boot, TOKEN } from './harness.ts';

const WAITING = {
  channel: channelId('whatsapp'),
  instruction: { en: 'Scan <this> & wait.', zh: '请扫描 <这个>。' },
  qr: 'secret-qr-text',
  code: 'ABCD-1234',
};

test('what a person has to scan or type is shown to whoever holds the token, and to nobody else', async () => {
  await using it = await boot({ token: TOKEN });
  it.logins = [WAITING];
  const stranger = await it.ask('/logins');
  expect(stranger.status).toBe(401);
  expect(stranger.body).not.toContain('ABCD-1234');
  const page = await it.ask('/logins', { headers: { cookie: await it.cookie(TOKEN) } });
  expect(page.status).toBe(200);
  expect(page.headers['cache-control']).toBe('no-store');
  expect(page.body).toContain('Scan &#60;this&#62; &#38; wait.');
  expect(page.body).toContain('<svg');
  expect(page.body).toContain('ABCD-1234');
  expect(page.body, 'only as a picture').not.toContain('secret-qr-text');
});

test('when nobody is waited for, the page says so', async () => {
  await using it = await boot();
  const page = await it.ask('/logins');
  expect(page.status).toBe(200);
  expect(page.body).toContain('No channel waits for you');
});

test('readiness tells of the login, but not its secrets', async () => {
  await using it = await boot();
  it.logins = [WAITING];
  expect((await it.ask('/readyz')).body).not.toContain('secret');
});

test('the page is in the language of the browser', async () => {
  await using it = await boot();
  it.logins = [WAITING];
  const page = await it.ask('/logins', { headers: { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8' } });
  expect(page.body).toContain('<html lang="zh-Hans">');
  expect(page.body).toContain(textsIn('zh').pages.logInTo('whatsapp'));
  expect(page.body).toContain('请扫描 &#60;这个&#62;。');
  expect(page.body).not.toContain('Scan');
});

test.each(LANGUAGES)('who has to bring the token reads why in their language (%s)', async (language) => {
  await using it = await boot({ token: TOKEN });
  const headers = { accept: 'text/html', 'accept-language': language };
  for (const path of ['/logins', '/channels/page/']) {
    const { body } = await it.ask(path, { headers });
    const { tag, pages } = textsIn(language);
    expect(body).toContain(`<html lang="${tag}">`);
    expect(body).toContain(pages.tokenHeading);
    expect(body).toContain(JSON.stringify(pages.wrongToken));
  }
});

test.each([
  ['/logins', {}],
  ['/logins', { accept: 'text/html', cookie: 'none' }],
  ['/channels/page/', { accept: 'text/html', cookie: 'none' }],
])(
  '%s is only text, whoever it names, under a policy that runs and loads nothing else',
  async (path, headers) => {
    const evil = `"'><img src=x onerror=alert(1)></p><script>alert(2)</script>`;
    await using it = await boot({ token: TOKEN });
    it.logins = [{ channel: channelId(evil), instruction: { en: evil, zh: evil }, qr: evil, code: evil }];
    const { body, headers: answered } = await it.ask(path, {
      headers: { cookie: await it.cookie(TOKEN), ...headers },
    });
    expect(body).toContain('<!doctype html>');
    expect(body).not.toContain('<img');
    expect(body.match(/<script>/g) ?? []).toHaveLength(body.includes('<form>') ? 1 : 0);
    expect(body, 'no style or script within a tag').not.toMatch(/<[a-z][^>]* (?:on\w+|style)=/);
    const policy = String(answered['content-security-policy']);
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy).toMatch(/base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/);
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
  },
);
