import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { link } from '../test/adapters/whatsapp/harness.ts';
import { Daemon } from '../test/blackbox/daemon.ts';
import { FakeDiscord } from '../test/platforms/discord.ts';
import { FakeFeishu } from '../test/platforms/feishu.ts';
import { FakeBlueBubbles } from '../test/platforms/imessage.ts';
import { FakeSignalCli } from '../test/platforms/signal.ts';
import { FakeSlack } from '../test/platforms/slack.ts';
import { FakeTelegram } from '../test/platforms/telegram.ts';
import { FakeWhatsapp } from '../test/platforms/whatsapp.ts';
import type { Figure } from './run.ts';
import { residentMb } from './start-and-idle.ts';

const ROUNDS = 5;
/** Long enough for the garbage of the start to be collected. */
const IDLE_MS = 10_000;
const CHANNELS = ['discord', 'feishu', 'imessage', 'signal', 'slack', 'telegram', 'webchat', 'whatsapp'];

/** The whole daemon with every channel on, each through its real SDK to a fake platform in this process. */
export async function allChannels(): Promise<Figure[]> {
  const telegram = await new FakeTelegram().listen();
  const slack = await new FakeSlack().listen();
  const discord = await new FakeDiscord().listen();
  const feishu = await new FakeFeishu().listen();
  const signal = await new FakeSignalCli().listen();
  const imessage = await new FakeBlueBubbles().listen();
  const whatsapp = await new FakeWhatsapp().listen();
  const config = `channels:
  webchat: {}
  telegram: { dm_policy: open, token: "${telegram.token}", api_root: "${telegram.url}" }
  slack: { mode: socket, app_token: "${slack.appToken}", bot_token: "${slack.botToken}", api_url: "${slack.apiUrl}" }
  discord: { token: "${discord.token}", api_url: "${discord.apiUrl}" }
  feishu: { app_id: "${feishu.appId}", app_secret: "${feishu.appSecret}", domain: "${feishu.url}" }
  signal: { http_url: "${signal.url}", account: "${signal.account.number}" }
  imessage: { server_url: "${imessage.url}", password: "${imessage.password}" }
  whatsapp: { web_socket_url: "${whatsapp.url}" }
`;
  const folder = mkdtempSync(join(tmpdir(), 'openclaw-bench-'));
  const account = join(folder, 'data/channels/whatsapp');
  mkdirSync(account, { recursive: true, mode: 0o700 });
  await link(whatsapp, account);
  const starts: number[] = [];
  const connections: number[] = [];
  let memory: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const began = performance.now();
    await using daemon = await Daemon.start(config, { folder, env: { ...whatsapp.env } });
    const ready = performance.now() - began;
    for (const name of CHANNELS) await daemon.until(({ msg }) => msg === `${name} is connected`, name);
    starts.push(ready);
    connections.push(performance.now() - began);
    if (round < ROUNDS) continue;
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    memory = [daemon.pid, ...childrenOf(daemon.pid)].map(residentMb);
  }
  for (const fake of [telegram, slack, discord, feishu, signal, imessage, whatsapp]) await fake.stop();
  rmSync(folder, { recursive: true });
  const [own = 0, ...children] = memory.map(Math.round);
  return [
    {
      what: `start to ready, all eight channels on, best of ${ROUNDS}`,
      value: `${Math.round(Math.min(...starts))} ms`,
      beside: `until all are connected: ${Math.round(Math.min(...connections))} ms`,
      ratio: '',
    },
    {
      what: 'idle memory (RSS), all eight channels on',
      value: `${Math.round(memory.reduce((sum, mb) => sum + mb))} MB`,
      beside: `the daemon ${own} MB, its children ${children.join(' and ')} MB`,
      ratio: '',
    },
  ];
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
}
