import type { Api } from 'grammy';
import { webhookPath } from '../../src/adapter-kit/index.ts';
import type { ChannelId, Finding, ProbeHost } from '../../src/contract/index.ts';
import { createClient, toSignal } from './client.ts';
import { toChannelError } from './errors.ts';
import type { TelegramOptions } from './index.ts';

/** Proves the token, and looks at how the bot is set up at Telegram. Rejects with a ChannelError. */
export async function probe(options: TelegramOptions, { channel, signal }: ProbeHost): Promise<Finding[]> {
  const { api, close } = createClient(options);
  try {
    const bot = await api.getMe(toSignal(signal)).catch((error: unknown) => {
      throw toChannelError('getMe', error);
    });
    const findings: Finding[] = [{ level: 'ok', what: `the bot is @${bot.username}` }, ...groups(bot)];
    // A Bot API server of one's own may not know webhooks at all.
    const hook = await api.getWebhookInfo(toSignal(signal)).catch(() => undefined);
    if (hook === undefined) return findings;
    if (options.mode === 'webhook') findings.push(...ownWebhook(hook, options.webhook_url, channel));
    else findings.push(...noWebhook(hook));
    return findings;
  } finally {
    close();
  }
}

function groups(bot: Awaited<ReturnType<Api['getMe']>>): Finding[] {
  if (!bot.can_join_groups) {
    const cure = 'If it shall be in groups, send /setjoingroups to @BotFather.';
    return [{ level: 'warning', what: 'the bot cannot be added to groups', cure }];
  }
  const hears = bot.can_read_all_group_messages
    ? 'it sees everything in groups (privacy mode is off)'
    : 'in groups it sees what calls it or answers it (privacy mode is on; /setprivacy at @BotFather)';
  return [{ level: 'ok', what: hears }];
}

type Webhook = Awaited<ReturnType<Api['getWebhookInfo']>>;

function noWebhook({ url }: Webhook): Finding[] {
  if (!url) return [];
  const cure =
    'Starting the gateway takes it away. If it comes back, another program uses the token: stop that, or send /revoke to @BotFather and use the new one.';
  return [
    { level: 'warning', what: `Telegram calls a webhook at ${hostOf(url)}, and answers no polls`, cure },
  ];
}

function ownWebhook({ url, last_error_message }: Webhook, address: string, channel: ChannelId): Finding[] {
  if (url !== address + webhookPath(channel)) {
    const cure =
      'Start the gateway, which sets it. If it changes back, another program uses the token: stop that.';
    return [{ level: 'warning', what: 'Telegram does not call the webhook of this channel', cure }];
  }
  if (last_error_message === undefined) return [{ level: 'ok', what: 'Telegram calls the webhook' }];
  const cure =
    'Look at "When it stops" in docs/channels/telegram.md: the proxy, the certificate, or gateway.allowed_hosts.';
  return [{ level: 'problem', what: `Telegram cannot call the webhook: ${last_error_message}`, cure }];
}

/** The rest of the address may hold a secret of another program's. */
function hostOf(url: string): string {
  return URL.parse(url)?.host ?? 'some address';
}
