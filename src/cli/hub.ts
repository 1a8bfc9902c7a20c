import { type AskOptions, operate, plain, print, printAll } from './operate.ts';
import { moment, shortened } from './words.ts';

/** Conversations that are listed. */
const SESSIONS = 50;

interface ShownSession {
  readonly session: string;
  readonly agent: string;
  readonly user?: string;
  readonly channel?: string;
  readonly group?: string;
  readonly lastAt: number;
  readonly waiting: number;
}

interface ShownChannel {
  readonly channel: string;
  readonly state: string;
  readonly detail?: string;
}

/** `openclaw-gateway sessions`: what is talked about of late. */
export async function sessions(options: AskOptions): Promise<void> {
  const all = await operate<readonly ShownSession[]>({ do: 'sessions', limit: SESSIONS }, options);
  printAll(all, sessionLine, 'No conversation yet.', options);
}

/** `openclaw-gateway channels`. */
export async function channels(options: AskOptions): Promise<void> {
  const all = await operate<readonly ShownChannel[]>({ do: 'channels' }, options);
  printAll(all, channelLine, 'No channel is on.', options);
}

/** `openclaw-gateway channels restart`. */
export async function restart(channel: string, options: AskOptions): Promise<void> {
  const done = await operate<{ channel: string }>({ do: 'channels.restart', channel }, options);
  print(done, (one) => `${one.channel} connects anew. channels shows how it goes.`, options);
}

/** `openclaw-gateway agents`. */
export async function agents(options: AskOptions): Promise<void> {
  const all = await operate<readonly string[]>({ do: 'agents' }, options);
  printAll(
    all.map((agent) => ({ agent })),
    ({ agent }) => agent,
    'There are no agents.',
    options,
  );
}

/** `openclaw-gateway broadcast`: without `yes` it only says to how many it would go. */
export async function broadcast(text: string, options: AskOptions & { yes: boolean }): Promise<void> {
  const people = (count: number) => (count === 1 ? '1 person' : `${count} people`);
  if (!options.yes) {
    const would = await operate<{ count: number }>({ do: 'broadcast.count' }, options);
    print(would, ({ count }) => `This would go to ${people(count)}. To send it, say so with --yes.`, options);
    return;
  }
  const done = await operate<{ count: number }>({ do: 'broadcast', text }, options);
  print(done, ({ count }) => `Sent to ${people(count)}.`, options);
}

function sessionLine({ session, agent, user, channel, group, lastAt, waiting }: ShownSession): string {
  const whose = user === undefined ? `group ${channel}:${plain(group)}` : `user ${user}`;
  const open = waiting === 0 ? '' : `  ${waiting} under way`;
  return `${moment(lastAt)}  ${session}  ${whose}  ${agent}${open}`;
}

function channelLine({ channel, state, detail }: ShownChannel): string {
  return detail === undefined ? `${channel}  ${state}` : `${channel}  ${state}: ${shortened(detail, 300)}`;
}
