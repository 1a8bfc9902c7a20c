import { type AdapterHost, type ChannelAdapter, ChannelError } from '../../src/contract/index.ts';
import { type Api, createApi } from './api.ts';
import { capabilities } from './capabilities.ts';
import { catchUp } from './catch-up.ts';
import { createDoubts } from './doubts.ts';
import { download } from './download.ts';
import { render } from './format.ts';
import { createHttp } from './http.ts';
import { normalize } from './inbound.ts';
import type { FeishuOptions } from './index.ts';
import { createIntake, type Intake } from './intake.ts';
import { send } from './outbound.ts';
import { openSocket } from './socket.ts';
import { createWebhook } from './webhook.ts';

/** The SDK's log lines hold whole requests, with message texts and secrets. What matters in them we see as errors. */
const SILENT = { error() {}, warn() {}, info() {}, debug() {}, trace() {} };

/** What there is between `start` and `stop`. */
interface Session {
  readonly api: Api;
  readonly intake: Intake;
}

export async function createFeishuAdapter(options: FeishuOptions): Promise<ChannelAdapter> {
  const lark = await import('@larksuiteoapi/node-sdk');
  const doubts = createDoubts();
  let life = new AbortController();
  let session: Session | undefined;

  async function connect(host: AdapterHost, signal: AbortSignal): Promise<Session> {
    const api = createApi(lark, options, createHttp(lark, signal), SILENT);
    const intake = createIntake(host, api, await api.bot());
    // What comes now waits until we know what came before.
    await intake.exclusively(async () => {
      if (options.mode === 'webhook') host.serve(createWebhook(options, intake.take, host.log));
      else await openSocket(lark, options, SILENT, intake.take, onLost, signal);
      await catchUp(api, intake, options.app_id, host);
    });
    return { api, intake };

    function onLost(error: ChannelError): void {
      host.onStateChange({ state: 'disconnected', error });
    }
  }

  function connected(): Session {
    if (session === undefined) throw new ChannelError('network', 'not connected', { certain: true });
    return session;
  }

  return {
    capabilities,
    normalize,
    render,

    async start(host) {
      life = new AbortController();
      const own = life;
      try {
        const opened = await connect(host, AbortSignal.any([host.signal, own.signal]));
        own.signal.throwIfAborted();
        session = opened;
      } catch (error) {
        own.abort();
        throw ChannelError.from(error);
      }
    },

    async stop() {
      session = undefined;
      life.abort();
    },

    async send(message, signal) {
      const { api, intake } = connected();
      return doubts.attempt(message.id, () => send(api, message, intake.marks, signal));
    },

    async download(attachment, signal) {
      return download(connected().api, attachment, signal);
    },
  };
}
