import { isDeepStrictEqual } from 'node:util';
import type { REST } from '@discordjs/rest';
import type { MenuCommand } from '../../src/contract/index.ts';
import { toChannelError } from './errors.ts';
import * as wire from './wire.ts';

/** https://discord.com/developers/docs/interactions/application-commands */
const CHAT_INPUT = 1;
const STRING = 3;
const IN_SERVERS = 0;
const WITH_THE_BOT = 1;

/** https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-interaction-callback-type */
const ANSWER_LATER = 5;

/** To be seen only by who gave the command. */
const EPHEMERAL = 1 << 6;

/** Makes these the application's commands, in servers and direct chats alike, unless they are already. */
export async function setMenu(
  rest: REST,
  commands: readonly MenuCommand[],
  signal: AbortSignal,
): Promise<void> {
  const until = { signal: AbortSignal.any([signal]) };
  const wanted = commands.map(toPlatform);
  try {
    const { id } = wire.application.parse(await rest.get('/applications/@me', until));
    const path = `/applications/${id}/commands` as const;
    const query = new URLSearchParams({ with_localizations: 'true' });
    const there = wire.menu.safeParse(await rest.get(path, { ...until, query })).data;
    if (isDeepStrictEqual(there && byName(there), byName(wanted))) return;
    await rest.put(path, { ...until, body: wanted });
  } catch (error) {
    throw toChannelError(error);
  }
}

function toPlatform({ name, description, words }: MenuCommand): wire.MenuEntry {
  return {
    type: CHAT_INPUT,
    name,
    description: description.en,
    description_localizations: { 'zh-CN': description.zh },
    options: words === undefined ? [] : [option(words)],
    contexts: [IN_SERVERS, WITH_THE_BOT],
  };
}

/** Its name is one word of at most 32 letters, and a description has at most 100. */
function option(words: string): wire.MenuEntry['options'][number] {
  const parts = words.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['words'];
  return { type: STRING, name: parts.join('-').slice(0, 32), description: words.slice(0, 100) };
}

function byName(entries: readonly wire.MenuEntry[]): wire.MenuEntry[] {
  return entries.toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/**
 * Ends the sign of waiting for whoever has chosen a command: the answer comes as a message. Discord knows no answer that says
 * nothing; so it is told that one follows, which only that person sees, and then that there is none. Best effort: after 3 seconds
 * Discord takes none, and has told the person of a failure.
 */
export async function settle(rest: REST, interaction: unknown, signal: AbortSignal): Promise<void> {
  const { data: chosen } = wire.chosen.safeParse(interaction);
  if (chosen === undefined) return;
  const until = { signal: AbortSignal.any([signal]) };
  const token = encodeURIComponent(chosen.token);
  const body = { type: ANSWER_LATER, data: { flags: EPHEMERAL } };
  await rest
    .post(`/interactions/${chosen.id}/${token}/callback`, { ...until, body })
    .then(() => rest.delete(`/webhooks/${chosen.application_id}/${token}/messages/@original`, until))
    .catch(() => {});
}
