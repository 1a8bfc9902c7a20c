import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ChannelHttp } from '../../src/contract/index.ts';

/** Slack signs the moment; what is further from now is old or forged (docs.slack.dev, "Verifying requests from Slack"). */
const WINDOW_S = 300;

/** More signed calls than this in one window are not remembered; Slack sends at most 30,000 events an hour. */
const MAX_REMEMBERED = 10_000;

const MAX_BYTES = 1_000_000;

const JSON_TYPE = 'application/json';
/** What people press comes in the field `payload` of a form, and nothing else does. */
const FORM_TYPE = 'application/x-www-form-urlencoded';

/**
 * Slack's calls. Each is verified over its bytes as they came, and answered with 200 once what it brought is on disk:
 * after anything else, Slack calls again. `isOurs` refuses what is signed, but comes from elsewhere.
 */
export function createWebhook(
  path: string,
  signingSecret: string,
  isOurs: (event: unknown) => boolean,
  take: (event: unknown) => Promise<void>,
): ChannelHttp {
  /** Signatures of what is on disk, oldest first, with the time (epoch seconds) after which they are refused anyway. */
  const done = new Map<string, number>();

  async function fetch(request: Request): Promise<Response> {
    if (new URL(request.url).pathname !== path) return answer(404);
    if (request.method !== 'POST') return answer(405);
    const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
    if (type !== JSON_TYPE && type !== FORM_TYPE) return answer(415);
    if (Number(request.headers.get('content-length') ?? 0) > MAX_BYTES) return answer(413);
    const timestamp = request.headers.get('x-slack-request-timestamp') ?? '';
    const signature = request.headers.get('x-slack-signature') ?? '';
    if (!isNow(timestamp) || !/^v0=[0-9a-f]{64}$/.test(signature)) return answer(401);
    const body = Buffer.from(await request.arrayBuffer());
    if (body.length > MAX_BYTES) return answer(413);
    if (!isSigned(timestamp, body, signature)) return answer(401);
    if (done.has(signature)) return answer(200);
    const event = parsed(type, body.toString('utf8'));
    if (event === undefined || (event.type === 'block_actions') !== (type === FORM_TYPE)) return answer(400);
    if (event.type === 'url_verification') {
      return Response.json({ challenge: String(event.challenge) });
    }
    if (!isOurs(event)) return answer(403);
    try {
      await take(event);
    } catch {
      return answer(500);
    }
    remember(signature, Number(timestamp) + WINDOW_S);
    return answer(200);
  }

  function isSigned(timestamp: string, body: Buffer, signature: string): boolean {
    const expected = createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(body).digest();
    return timingSafeEqual(expected, Buffer.from(signature.slice('v0='.length), 'hex'));
  }

  function remember(signature: string, until: number): void {
    done.set(signature, until);
    const now = Date.now() / 1000;
    for (const [old, expires] of done) {
      if (expires >= now && done.size <= MAX_REMEMBERED) break;
      done.delete(old);
    }
  }

  return { audience: 'public', fetch };
}

function isNow(timestamp: string): boolean {
  return /^\d{9,11}$/.test(timestamp) && Math.abs(Date.now() / 1000 - Number(timestamp)) <= WINDOW_S;
}

function parsed(type: string, body: string): Record<string, unknown> | undefined {
  try {
    const json = type === FORM_TYPE ? new URLSearchParams(body).get('payload') : body;
    const value: unknown = JSON.parse(json ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function answer(status: number): Response {
  return new Response(null, { status });
}
