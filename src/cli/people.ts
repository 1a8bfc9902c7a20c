import { type AskOptions, operate, plain, print, printAll } from './operate.ts';

/** As control-operations.ts shows a user. */
interface ShownUser {
  readonly user: string;
  readonly isAdmin: boolean;
  readonly language?: string;
  readonly agent?: string;
  readonly identities: readonly ShownIdentity[];
}

interface ShownIdentity {
  readonly identity: string;
  readonly name?: string;
  readonly isAdmin: boolean;
  readonly standing?: 'approved' | 'denied';
}

interface ShownRequest {
  readonly channel: string;
  readonly sender: string;
  readonly name?: string;
  readonly code: string;
  readonly messages: number;
}

/** Users that are asked for at once. */
const PAGE = 500;

/** `openclaw-gateway claim`: the code by which whoever has the terminal becomes an admin in a chat. */
export async function claim(options: AskOptions): Promise<void> {
  const made = await operate<{ code: string; expiresAt: number }>({ do: 'claim' }, options);
  const minutes = Math.max(1, Math.round((made.expiresAt - Date.now()) / 60_000));
  const line = ({ code }: typeof made) =>
    `Write this to your bot, in a direct chat, within ${minutes} minutes: /claim ${code}`;
  print(made, line, options);
}

/** `openclaw-gateway users`. */
export async function listUsers(options: AskOptions): Promise<void> {
  printAll(await everybody(options), userLine, 'Nobody has written yet.', options);
  const requests = await operate<readonly ShownRequest[]>({ do: 'users.requests' }, options);
  if (requests.length > 0 && !options.json) process.stdout.write('\nWaiting to be let in:\n');
  for (const request of requests) print(request, requestLine, options);
}

/** `openclaw-gateway users approve`. */
export async function approve(who: string, options: AskOptions): Promise<void> {
  const done = await operate<{ identity: string; isTold: boolean }>({ do: 'users.approve', who }, options);
  const told = ({ isTold }: typeof done) => (isTold ? ', and was told so' : '');
  print(done, (one) => `${plain(one.identity)} can write to the gateway now${told(one)}.`, options);
}

/** `openclaw-gateway users deny`. */
export async function deny(who: string, options: AskOptions): Promise<void> {
  const done = await operate<{ identity: string }>({ do: 'users.deny', who }, options);
  print(done, ({ identity }) => `${plain(identity)} is no longer heard. users approve undoes it.`, options);
}

/** `openclaw-gateway users admin`. */
export async function setAdmin(who: string, isAdmin: boolean, options: AskOptions): Promise<void> {
  const done = await operate<{ identity: string }>({ do: 'users.admin', who, isAdmin }, options);
  print(
    done,
    ({ identity }) => `${plain(identity)} is ${isAdmin ? 'an admin now' : 'no admin any more'}.`,
    options,
  );
}

/** `openclaw-gateway identity list`. */
export async function listIdentities(options: AskOptions): Promise<void> {
  const users = await everybody(options);
  const all = users.flatMap(({ user, identities }) => identities.map((one) => ({ ...one, user })));
  printAll(all, (one) => `${one.user}  ${identityLine(one)}`, 'Nobody has written yet.', options);
}

/** `openclaw-gateway identity show`. */
export async function showIdentity(who: string, options: AskOptions): Promise<void> {
  print(await operate<ShownUser>({ do: 'identity.show', who }, options), userLine, options);
}

/** `openclaw-gateway identity link`. */
export async function link(user: string, who: string, options: AskOptions): Promise<void> {
  const done = await operate<{ identity: string; user: string }>({ do: 'identity.link', user, who }, options);
  const line = (one: typeof done) =>
    `${plain(one.identity)} is the user ${one.user} now. identity unlink undoes it.`;
  print(done, line, options);
}

/** `openclaw-gateway identity unlink`. */
export async function unlink(who: string, options: AskOptions): Promise<void> {
  const done = await operate<{ identity: string; user: string }>({ do: 'identity.unlink', who }, options);
  print(done, (one) => `${plain(one.identity)} is a person of their own again: user ${one.user}.`, options);
}

async function everybody(options: AskOptions): Promise<readonly ShownUser[]> {
  const all: ShownUser[] = [];
  for (;;) {
    const last = all.at(-1);
    const after = last === undefined ? {} : { after: last.user };
    const page = await operate<readonly ShownUser[]>({ do: 'users.list', ...after, limit: PAGE }, options);
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}

function userLine({ user, isAdmin, language, agent, identities }: ShownUser): string {
  const more = [
    isAdmin ? 'admin' : undefined,
    language && `speaks ${language}`,
    agent && `agent ${agent}`,
  ].filter((part) => part !== undefined);
  const who = identities.map(identityLine).join(', ');
  return more.length === 0 ? `${user}  ${who}` : `${user}  ${who}  (${more.join(', ')})`;
}

function identityLine({ identity, name, standing }: ShownIdentity): string {
  const called = name === undefined ? '' : ` "${plain(name)}"`;
  return `${plain(identity)}${called}${standing === 'denied' ? ' (turned away)' : ''}`;
}

function requestLine({ channel, sender, name, code, messages }: ShownRequest): string {
  const called = name === undefined ? '' : ` "${plain(name)}"`;
  return `${code}  ${channel}:${plain(sender)}${called}  ${messages === 1 ? '1 message' : `${messages} messages`}`;
}
