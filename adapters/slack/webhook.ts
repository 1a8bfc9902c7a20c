import { createHmac } from 'node:crypto';
import {
  bare,
  createLatest,
  isSame,
  isTimely,
  JSON_TYPE,
  parseJson,
  type WebhookCall,
  webhookAt,
} from '../../src/adapter-kit/index.ts';
import type { ChannelHttp } from '../../src/contract/index.ts';
import { COMMAND, commandIn } from './commands.ts';

/** More signed calls than this in five minutes are not remembered; Slack sends at most 30,000 events an hour. */
const MAX_REMEMBERED = 10_000;

/** What people press comes in the field `payload` of a form, a command as its fields; and nothing else comes in a form. */
const FORM_TYPE = 'application/x-www-form-urlencoded';
const IN_FORMS: readonly unknown[] = ['block_actions', COMMAND];

/**
 * Slack's calls. Each is verified over its bytes as they came (docs.slack.dev, "Verifying requests from Slack"), and
 * answered with 200 once what it brought is on disk: after anything else, Slack calls again. `isOurs` refuses what is
 * signed, but comes from elsewhere.
 */
export function createWebhook(
  path: string,
  signingSecret: string,
  isOurs: (event: unknown) => boolean,
  take: (event: unknown) => Promise<void>,
): ChannelHttp {
  /** Signatures of what is on disk. */
  const done = createLatest<true>(MAX_REMEMBERED);
  return webhookAt({ path, types: [JSON_TYPE, FORM_TYPE], mayCall, answer });

  async function answer(call: WebhookCall): Promise<Response> {
    const { headers, type, body } = call;
    const signature = headers.get('x-slack-signature') ?? '';
    if (!isSame(signature, signatureOf(body, timeOf(headers)))) return bare(401);
    if (done.has(signature)) return bare(200);
    const event = eventIn(call);
    if (event === undefined || IN_FORMS.includes(event.type) !== (type === FORM_TYPE)) return bare(400);
    if (event.type === 'url_verification') {
      return Response.json({ challenge: String(event.challenge) });
    }
    if (!isOurs(event)) return bare(403);
    try {
      await take(event);
    } catch {
      return bare(500);
    }
    done.set(signature, true);
    return bare(200);
  }

  function signatureOf(body: Buffer, time: string): string {
    return `v0=${createHmac('sha256', signingSecret).update(`v0:${time}:`).update(body).digest('hex')}`;
  }
}

const timeOf = (headers: Headers) => headers.get('x-slack-request-timestamp') ?? '';

function mayCall(headers: Headers): boolean {
  return isTimely(timeOf(headers)) && headers.has('x-slack-signature');
}

function eventIn({ type, body }: WebhookCall): Record<string, unknown> | undefined {
  const text = body.toString('utf8');
  const form = type === FORM_TYPE ? Object.fromEntries(new URLSearchParams(text)) : undefined;
  if (form?.command !== undefined) return commandIn(form, Date.now());
  const value = parseJson(form === undefined ? text : (form.payload ?? ''));
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}
