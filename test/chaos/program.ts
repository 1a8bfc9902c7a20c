/*
 * A gateway as a process of its own, on Linechat, with an agent that no config can name: `node program.ts FOLDER PORT TOKEN`.
 * It ends as the daemon does: cleanly on SIGTERM, and otherwise only by force.
 */
import { flushCompileCache } from 'node:module';
import { skeleton } from '../../adapters/skeleton/index.ts';
import { serviceManager } from '../../src/cli/sd-notify.ts';
import { channelId } from '../../src/contract/index.ts';
import { Gateway } from '../../src/gateway/index.ts';
import { obedientAgent } from './obedient-agent.ts';

const [folder = '', port = '', token = ''] = process.argv.slice(2);
const manager = serviceManager(process.env);
const unlimited = { burst: 1e6, perSecond: 1e6 };

const gateway = new Gateway({
  dataDir: folder,
  channels: [
    {
      id: channelId('linechat'),
      adapter: await skeleton.create({ host: '127.0.0.1', port: Number(port), token }),
      agent: obedientAgent.id,
      agentFor: new Map(),
      access: {
        dmPolicy: 'open',
        allowFrom: [],
        groupPolicy: 'known',
        groups: new Map(),
        requireMention: true,
        tellStrangers: true,
        answerWithin: Number.POSITIVE_INFINITY,
        noteWithin: Number.POSITIVE_INFINITY,
        loopLimit: Number.POSITIVE_INFINITY,
      },
      whileBusy: 'followup',
      collectFor: 2_000,
      context: { messages: 30, characters: 8_000 },
      onUnknown: 'resend',
      expireAfter: 86_400_000,
      rateLimits: { channel: unlimited, direct: unlimited, group: unlimited },
    },
  ],
  agents: new Map([[obedientAgent.id, obedientAgent]]),
  commands: () => [],
  sessions: { maxLive: 50, idleTimeout: 3_600_000, maxWaiting: 1e6 },
  turns: { maxAttempts: 3, timeout: 1_000, maxMessages: 10 },
  attachments: { maxBytes: 0, maxFiles: 0, types: [] },
  reconnect: { base: 10, cap: 100 },
  retention: { messages: 86_400_000, files: 86_400_000 },
  owner: [],
  proposeLinks: [],
  language: 'en',
  redact: (text) => text,
});
gateway.events.on('internal.error', ({ where, error }) => console.error(where, error));
process.on('SIGTERM', () => {
  manager.close();
  void gateway.stop();
});
await gateway.start();
manager.ready();
flushCompileCache(); // for the next process: this one may be killed
