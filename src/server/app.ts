import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { errorText, type Language } from '../contract/index.ts';
import { languageOfBrowser, textsIn } from '../texts/index.ts';
import type { Admission, Guest } from './admission.ts';
import { loginPage } from './login-page.ts';
import { loginsPage } from './logins-page.ts';
import { metricsResponse } from './metrics.ts';
import { type Destination, findMount, firstPage } from './mounts.ts';
import type { ServerPorts } from './options.ts';
import { Refusal } from './refusal.ts';
import { isJson, MAX_BODY_BYTES, withBody } from './request-body.ts';
import { json, refused, withCookie } from './responses.ts';

interface Env {
  Bindings: HttpBindings;
}

const MAX_LOGIN_BYTES = 4_000;
const NOBODY = { id: '' };
const NOT_FOUND = new Refusal(404, 'not found');
const JSON_ONLY = new Refusal(415, 'the content type must be application/json');

/** Everything that is asked by plain HTTP. WebSockets: see upgrade.ts. */
export function createApp(ports: ServerPorts, house: { readonly admission: Admission }): Hono<Env> {
  const { mounts, readiness, logins, metrics, log } = ports;
  const app = new Hono<Env>();

  app.get('/healthz', () => json(200, { status: 'ok' }));

  app.get('/readyz', () => {
    const { ready, ...rest } = readiness();
    return json(ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', ...rest });
  });

  app.get('/', (c) => {
    const page = firstPage(mounts);
    if (page !== undefined) return c.redirect(page);
    return c.text(`${textsIn(languageFor(c)).pages.nothingHere}\n`);
  });

  app.post('/login', async (c) => {
    if (!house.admission.needsToken) return refused(NOT_FOUND);
    if (!isJson(c.req.raw)) return refused(JSON_ONLY);
    const request = await withBody(c.req.raw, MAX_LOGIN_BYTES);
    if (request instanceof Refusal) return refused(request);
    const token = tokenIn(await request.json().catch(() => undefined));
    if (token === undefined) return refused(new Refusal(400, 'expected {"token": "..."}'));
    const guest = house.admission.login(token, c.env.incoming);
    return guest instanceof Refusal
      ? refused(guest)
      : withCookie(new Response(null, { status: 204 }), guest.setCookie);
  });

  app.get('/metrics', (c) => {
    const known = house.admission.needsToken ? house.admission.recognise(c.env.incoming) : undefined;
    return known instanceof Refusal ? refused(known) : metricsResponse(metrics);
  });

  app.get('/logins', (c) => {
    const { guest } = admit(c, true);
    const spoken = languageFor(c);
    return guest instanceof Refusal
      ? loginPage(textsIn(spoken))
      : withCookie(loginsPage(logins(), spoken), guest.setCookie);
  });

  app.all('/channels/*', (c) => {
    const destination = findMount(mounts, c.req.path);
    if (destination === undefined) return refused(NOT_FOUND);
    if (destination.rest === undefined) return c.redirect(`${c.req.path}/`, 308);
    return destination.mount.audience === 'public'
      ? servePublic(c, destination)
      : serveVisitor(c, destination);
  });

  app.notFound(() => refused(NOT_FOUND));
  app.onError((error) => {
    log.warn('a request failed', { error: errorText(error) });
    return json(500, { error: 'something went wrong; the log of the gateway says what' });
  });

  function languageFor(c: Context<Env>): Language {
    return languageOfBrowser(c.req.header('accept-language')) ?? ports.language;
  }

  /** Who asks; somebody new is welcome to read where no token is needed. */
  function admit(c: Context<Env>, reads: boolean): { guest: Guest | Refusal; isNew: boolean } {
    const known = house.admission.recognise(c.env.incoming);
    const isNew = known instanceof Refusal && reads && !house.admission.needsToken;
    return { guest: isNew ? house.admission.newcomer() : known, isNew };
  }

  async function servePublic(c: Context<Env>, { mount }: Destination): Promise<Response> {
    const request = await withBody(c.req.raw, MAX_BODY_BYTES);
    return request instanceof Refusal ? refused(request) : mount.fetch(request, NOBODY);
  }

  async function serveVisitor(c: Context<Env>, { mount }: Destination): Promise<Response> {
    const reads = c.req.method === 'GET' || c.req.method === 'HEAD';
    const wantsPage = reads && c.req.header('accept')?.includes('text/html') === true;
    const { guest, isNew } = admit(c, reads);
    if (guest instanceof Refusal) return wantsPage ? loginPage(textsIn(languageFor(c))) : refused(guest);
    if (!reads && !isJson(c.req.raw)) return refused(JSON_ONLY);
    const request = await withBody(c.req.raw, MAX_BODY_BYTES);
    if (request instanceof Refusal) return refused(request);
    const response = await mount.fetch(request, guest.visitor);
    // Each visit to a page makes the cookie last for another year.
    return isNew || wantsPage ? withCookie(response, guest.setCookie) : response;
  }

  return app;
}

function tokenIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('token' in body)) return undefined;
  return typeof body.token === 'string' ? body.token : undefined;
}
