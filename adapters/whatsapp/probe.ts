import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { parseJson } from '../../src/adapter-kit/index.ts';
import { ChannelError, type Finding, type ProbeHost } from '../../src/contract/index.ts';
import { FILE } from './auth-store.ts';
import type { WhatsappOptions } from './index.ts';

/** Baileys' own default; by HTTP, it answers that it would rather speak over a WebSocket. */
const SERVER = 'wss://web.whatsapp.com/ws/chat';
const ANSWER_WITHIN_MS = 15_000;

const login = z.object({ account: z.looseObject({}), me: z.object({ id: z.string() }) });

/** Looks for a login in the channel's folder, and for the server. To log in would end the connection of a running gateway. */
export async function probe(options: WhatsappOptions, { dataDir, signal }: ProbeHost): Promise<Finding[]> {
  await reach(options.web_socket_url ?? SERVER, signal);
  const linked = linkedTo(join(dataDir, FILE));
  if (linked !== undefined) return [{ level: 'ok', what: `linked to ${linked}` }];
  return [
    {
      level: 'warning',
      what: 'no phone is linked yet',
      cure: 'Start the gateway: it shows a code in the terminal and on its page /logins, to scan with WhatsApp > Settings > Linked devices.',
    },
  ];
}

async function reach(address: string, signal: AbortSignal): Promise<void> {
  try {
    const url = address.replace(/^ws/, 'http');
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
    await (await fetch(url, { redirect: 'manual', signal: inTime })).body?.cancel();
  } catch (error) {
    const { cause, name } = error as { cause?: { code?: unknown }; name: string };
    throw new ChannelError('network', `no answer from WhatsApp (${String(cause?.code ?? name)})`, {
      hint: 'Check the network of this machine, and web_socket_url if it is set.',
    });
  }
}

/** The phone number that the login in this file belongs to. */
function linkedTo(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const db = new Database(file, { readonly: true });
  try {
    const kept = db.prepare("SELECT value FROM kept WHERE type = 'creds'").pluck().get();
    const { data } = login.safeParse(parseJson(String(kept)));
    return data && `+${data.me.id.split(/[:@]/, 1)[0]}`;
  } finally {
    db.close();
  }
}
