import { createLives, type Life, webhookPath } from '../../src/adapter-kit/index.ts';
import { type AdapterHost, type ChannelAdapter, ChannelError } from '../../src/contract/index.ts';
import { createApi } from './api.ts';
import { capabilities } from './capabilities.ts';
import { createCardKit } from './cardkit.ts';
import { catchUp } from './catch-up.ts';
import { createChoices } from './choices.ts';
import { createClient, SILENT } from './client.ts';
import type { Attempt } from './deliver.ts';
import { download } from './download.ts';
import { render } from './format.ts';
import { createHttp } from './http.ts';
import { normalize } from './inbound.ts';
import type { FeishuOptions } from './index.ts';
import { createIntake, type Intake } from './intake.ts';
import { send } from './outbound.ts';
import { createPreviews } from './previews.ts';
import { react } from './reactions.ts';
import { openSocket } from './socket.ts';
import { showWork } from './typing.ts';
import { createWebhook } from './webhook.ts';

/** What there is between `start` and `stop`. */
interface Session extends Pick<Attempt, 'api' | 'cards'> {
  readonly intake: Intake;
}

export async function createFeishuAdapter(options: FeishuOptions): Promise<ChannelAdapter> {
  const lark = await import('./lark.ts');
  const previews = createPreviews();
  const choices = createChoices();
  const lives = createLives<Session>('Feishu');

  async function connect(host: AdapterHost, { signal, lost }: Life<Session>): Promise<Session> {
    const client = createClient(lark, options, createHttp(lark, signal), SILENT);
    const api = createApi(client);
    const intake = createIntake(host, api, await api.bot());
    // What comes now waits until we know what came before.
    await intake.begin(async () => {
      if (options.mode === 'webhook')
        host.serve(createWebhook(webhookPath(host.channel), options, take, host.log));
      else await openSocket(lark, options, SILENT, take, lost, signal);
      await catchUp(api, intake, options.app_id, host);
    });
    return { api, cards: createCardKit(client), intake };

    async function take(event: unknown): Promise<object | undefined> {
      await intake.take(event);
      return choices.answerTo(event);
    }
  }

  function attempt(signal: AbortSignal): Attempt {
    const { api, cards, intake } = lives.connected();
    return { api, cards, marks: intake.marks, signal };
  }

  return {
    capabilities,
    normalize,
    render,

    async start(host) {
      const life = lives.begin(host);
      try {
        life.connect(await connect(host, life));
      } catch (error) {
        life.end();
        throw ChannelError.from(error);
      }
    },

    async stop() {
      lives.end();
    },

    async send(message, signal) {
      return send(attempt(signal), message, lives.sentAgain(message), previews, choices);
    },

    async stream(preview, signal) {
      await previews.show(attempt(signal), preview);
    },

    async react(_chat, message, emoji, signal) {
      await react(lives.connected().api, message, emoji, signal);
    },

    startTyping(_chat, _turn, until, message) {
      showWork(() => lives.connected().api, message, until).catch(() => {});
    },

    async download(attachment, signal) {
      return download(lives.connected().api, attachment, signal);
    },

    async contactOf(sender, signal) {
      const email = await lives.connected().api.emailOf(sender, signal);
      return email ? { email: email.toLowerCase() } : {};
    },
  };
}
