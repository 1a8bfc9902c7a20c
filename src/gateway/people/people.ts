import type {
  AgentId,
  ChannelId,
  ChatId,
  Json,
  Language,
  SenderId,
  SessionId,
  UserId,
} from '../../contract/index.ts';
import {
  type CodePurpose,
  type CodeRow,
  directKey,
  type Identity,
  type Store,
  type Stranger,
  type UserChoices,
} from '../../store/index.ts';
import type { Router } from '../inbound/router.ts';
import type { IdentityResolver, Person } from './identity-resolver.ts';
import { type OneTimeCodes, shownCode } from './one-time-codes.ts';

/** One person, with everything that they write from. */
export interface User {
  readonly id: UserId;
  readonly isAdmin: boolean;
  readonly choices: UserChoices;
  readonly identities: readonly Identity[];
}

/** A stranger who waits to be let in. */
export interface Request extends Omit<Stranger, 'toldAt'> {
  readonly code: string;
  readonly expiresAt: number;
}

/** Why something about people cannot be done. */
export type Refusal =
  | 'wrong_code'
  | 'too_many_guesses'
  | 'own_code'
  | 'already_linked'
  | 'not_linked'
  | 'unknown'
  | 'no_such_agent'
  | 'no_such_channel'
  | 'not_there_yet'
  | 'is_admin'
  | 'no_such_user';

export class PeopleError extends Error {
  override readonly name = 'PeopleError';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal);
    this.refusal = refusal;
  }
}

/** Conversations whose messages go over to another one. */
interface Move {
  readonly from: SessionId;
  readonly to: SessionId;
  /** Only what came in this chat; absent: all of it. */
  readonly chat?: number;
}

/** Who does something: an identity, or the command line. */
export type Actor = Identity | 'cli';

/**
 * Who may talk, and who is who. All of it is written down with who did it, and can be undone. Whatever changes something is to
 * be called within `change`, so that it is written together with the answer to who asked for it. Throws a PeopleError, before
 * anything is changed, when something cannot be done.
 */
export class People {
  readonly #store: Store;
  readonly #codes: OneTimeCodes;
  readonly #identities: IdentityResolver;
  readonly #router: Router;
  readonly #agents: ReadonlySet<AgentId>;
  readonly #moved: (move: Move) => void;
  /** Of the change under way. */
  #moves: Move[] = [];

  constructor(parts: {
    store: Store;
    codes: OneTimeCodes;
    identities: IdentityResolver;
    router: Router;
    agents: ReadonlySet<AgentId>;
    /** Hears, after the commit, which conversations have become others. */
    moved: (move: Move) => void;
  }) {
    this.#store = parts.store;
    this.#codes = parts.codes;
    this.#identities = parts.identities;
    this.#router = parts.router;
    this.#agents = parts.agents;
    this.#moved = parts.moved;
  }

  /** Runs `work` as one transaction; whoever works from memory hears of the changes after the commit. See Store.insist. */
  async change<T>(work: () => T): Promise<T> {
    let moves: Move[] = [];
    const result = await this.#store.insist(() => {
      moves = []; // it may run twice
      this.#moves = moves;
      return work();
    });
    this.#identities.forget();
    this.#router.forget();
    for (const move of moves) this.#moved(move);
    return result;
  }

  find(channel: ChannelId, sender: SenderId): Person | undefined {
    return this.#identities.find(channel, sender);
  }

  user(id: UserId): User | undefined {
    const identities = this.#store.identities.ofUser(id);
    if (identities.length === 0) return undefined;
    const isAdmin = identities.some(({ admin }) => admin);
    return { id, isAdmin, choices: this.#store.users.choicesOf(id), identities };
  }

  /** An identity as commands name it: `channel:sender`. */
  identity(name: string): Identity {
    const { channel, sender } = senderNamed(name);
    const identity = this.#store.identities.get(channel, sender);
    if (identity === undefined) throw new PeopleError('unknown');
    return identity;
  }

  /** Where to tell somebody something: the latest of their direct chats on that channel. */
  directChat({ channel, sender }: { channel: ChannelId; sender: SenderId }): ChatId | undefined {
    return this.#store.chats.directOf(channel, sender).at(-1)?.chat.id;
  }

  /** The chat that the answers of this person go to, if they chose one. */
  answersGoTo({ choices }: Pick<User, 'choices'>): ChannelId | undefined {
    return choices.answerIn === undefined ? undefined : this.#store.chats.get(choices.answerIn)?.channel;
  }

  users(after: UserId | undefined, limit: number): User[] {
    return this.#store.identities.users(after, limit).flatMap((id) => this.user(id) ?? []);
  }

  get hasAdmin(): boolean {
    return this.#store.identities.admins().length > 0;
  }

  /** The direct chats of all admins. */
  adminChats(): { channel: ChannelId; chat: ChatId }[] {
    return this.#store.identities
      .admins()
      .flatMap(({ channel, sender }) =>
        this.#store.chats.directOf(channel, sender).map(({ chat }) => ({ channel, chat: chat.id })),
      );
  }

  /** Strangers with a code that is still good, the latest first. */
  requests(limit: number): Request[] {
    const codes = new Map(
      this.#store.codes
        .open('pair', Date.now())
        .map((row) => [`${row.owner?.channel}\0${row.owner?.sender}`, row]),
    );
    return this.#store.strangers.list(limit).flatMap(({ toldAt: _, ...stranger }) => {
      const code = codes.get(`${stranger.channel}\0${stranger.sender}`);
      if (code === undefined) return [];
      return [{ ...stranger, code: shownCode(code.code), expiresAt: code.expiresAt }];
    });
  }

  /** The code to claim the gateway with: whoever writes it in a chat becomes an admin. */
  claimCode(): { code: string; expiresAt: number } {
    const { code, expiresAt } = this.#codes.codeFor('claim', undefined);
    return { code: shownCode(code), expiresAt };
  }

  /** Whether a stranger who wrote this would become an admin; a wrong code counts as a guess. */
  mayClaim(channel: ChannelId, sender: SenderId, code: string): boolean {
    const found = this.#codes.find('claim', code, { channel, sender });
    return found !== undefined && found !== 'too_many';
  }

  claim(who: Identity, code: string): void {
    this.#codes.use(this.#find('claim', code, who));
    this.#store.identities.setAdmin(who, true);
    this.#letIn(who);
    this.#note(who, 'claim', named(who));
  }

  /** Makes somebody an admin, or takes it back. */
  setAdmin(identity: Identity, isAdmin: boolean, actor: Actor): void {
    this.#store.identities.setAdmin(identity, isAdmin);
    if (isAdmin) this.#letIn(identity);
    this.#note(actor, isAdmin ? 'admin' : 'no_admin', named(identity));
  }

  /** Lets the stranger in who was given this code. Returns who it is, and where to tell them. */
  approve(code: string, actor: Identity): { identity: Identity; chat: ChatId | undefined } {
    const { channel, sender } = this.ownerOf(code, actor);
    return this.approveSender(channel, sender, actor);
  }

  approveSender(
    channel: ChannelId,
    sender: SenderId,
    actor: Actor,
  ): { identity: Identity; chat: ChatId | undefined } {
    const stranger = this.#store.strangers.get(channel, sender);
    const name = stranger?.name;
    const identity = this.#store.identities.of(channel, { id: sender, ...(name !== undefined && { name }) });
    this.#letIn(identity);
    this.#note(actor, 'approve', named(identity));
    if (stranger?.chat !== undefined) {
      const chat = this.#store.chats.refOf(channel, { id: stranger.chat, kind: 'direct' });
      this.#store.chats.belongsTo(chat, sender);
    }
    return { identity, chat: this.directChat(identity) };
  }

  /** Nothing that this sender writes is heard any more, whatever the policy. */
  deny(channel: ChannelId, sender: SenderId, actor: Actor): Identity {
    const name = this.#store.strangers.get(channel, sender)?.name;
    const identity = this.#store.identities.of(channel, { id: sender, ...(name !== undefined && { name }) });
    if (this.user(identity.user)?.isAdmin) throw new PeopleError('is_admin');
    this.#store.identities.setStanding(identity, 'denied');
    this.#store.contacts.remove(identity);
    this.#store.codes.removeOf('pair', identity);
    this.#store.strangers.remove(identity);
    this.#note(actor, 'deny', named(identity));
    return identity;
  }

  /** Whose pairing code this is; a wrong one counts as a guess. */
  ownerOf(code: string, actor: Identity): { channel: ChannelId; sender: SenderId } {
    const { owner } = this.#find('pair', code, actor);
    if (owner === undefined) throw new PeopleError('wrong_code');
    return owner;
  }

  /** A code that makes whoever types it on another channel the same person. */
  linkCode(who: Identity): { code: string; expiresAt: number } {
    const { code, expiresAt } = this.#codes.codeFor('link', { channel: who.channel, sender: who.sender });
    return { code: shownCode(code), expiresAt };
  }

  /** Whose link code this is; a wrong one counts as a guess. */
  offerOf(who: Identity, code: string): Identity {
    const { owner } = this.#find('link', code, who);
    const other = owner && this.#store.identities.get(owner.channel, owner.sender);
    if (other === undefined) throw new PeopleError('wrong_code');
    return other;
  }

  /** Both sides are proven: one was given the code, the other typed it. Returns whom they are linked with. */
  redeemLink(who: Identity, code: string): Identity {
    const other = this.offerOf(who, code);
    if (other.channel === who.channel && other.sender === who.sender) throw new PeopleError('own_code');
    this.link(other, who, who);
    this.#codes.use(this.#find('link', code, who));
    return other;
  }

  /** Makes the user of `other` one with the user of `into`: their conversations with each agent are put together, in order. */
  link(into: Identity, other: Identity, actor: Actor): void {
    const [to, from] = [into.user, other.user];
    if (to === from) throw new PeopleError('already_linked');
    for (const identity of this.#store.identities.ofUser(from)) this.#store.identities.setUser(identity, to);
    for (const { id, agent } of this.#store.sessions.ofUser(from)) {
      this.#move({ from: id, to: this.#store.sessions.sessionOf(directKey(to, agent), agent) });
    }
    const chosen = { ...this.#store.users.choicesOf(from), ...given(this.#store.users.choicesOf(to)) };
    this.#store.users.choose(to, chosen);
    this.#note(actor, 'link', { user: to, with: named(into), other: named(other) });
  }

  /** Makes somebody this user, as an admin says. Returns the identity that they are linked with. */
  linkTo(user: UserId, other: Identity, actor: Actor): Identity {
    const into = this.user(user)?.identities[0];
    if (into === undefined) throw new PeopleError('no_such_user');
    this.link(into, other, actor);
    return into;
  }

  /** Makes an identity a person of its own again, who takes along what was said in its own chats. */
  unlink(identity: Identity, actor: Actor): void {
    const { user } = identity;
    const others = this.#store.identities.ofUser(user).filter((one) => named(one) !== named(identity));
    if (others.length === 0) throw new PeopleError('not_linked');
    for (const other of others) this.#store.apart.put(identity, other);
    const fresh = this.#store.ids.next().toString(36) as UserId;
    this.#store.identities.setUser(identity, fresh);
    const chats = this.#store.chats.directOf(identity.channel, identity.sender);
    for (const { id, agent } of this.#store.sessions.ofUser(user)) {
      const to = this.#store.sessions.sessionOf(directKey(fresh, agent), agent);
      for (const { ref } of chats) this.#move({ from: id, to, chat: ref });
    }
    const { language, agent, answerIn } = this.#store.users.choicesOf(user);
    this.#store.users.choose(fresh, { language, agent });
    if (chats.some(({ ref }) => ref === answerIn)) this.#store.users.choose(user, { answerIn: undefined });
    this.#note(actor, 'unlink', { user, identity: named(identity), now: fresh });
  }

  /** `undefined`: as their app does. */
  speak(user: UserId, language: Language | undefined): void {
    this.#store.users.choose(user, { language });
  }

  /** Who answers this person in direct chats; `undefined`: as the config says. */
  chooseAgent(user: UserId, agent: AgentId | undefined): void {
    if (agent !== undefined && !this.#agents.has(agent)) throw new PeopleError('no_such_agent');
    this.#store.users.choose(user, { agent });
  }

  /** Who answers in a group. */
  chooseAgentOf(chat: number, agent: AgentId | undefined): void {
    if (agent !== undefined && !this.#agents.has(agent)) throw new PeopleError('no_such_agent');
    this.#store.chats.setAgent(chat, agent);
  }

  /** The next answers go to this person's direct chat on another channel, until they write there. */
  continueOn(user: UserId, channel: ChannelId): void {
    const there = this.#store.identities.ofUser(user).filter((identity) => identity.channel === channel);
    if (there.length === 0) throw new PeopleError('no_such_channel');
    const chat = there.flatMap((one) => this.#store.chats.directOf(one.channel, one.sender)).at(-1);
    if (chat === undefined) throw new PeopleError('not_there_yet');
    this.#store.users.choose(user, { answerIn: chat.ref });
  }

  /** They have written where the answers go to: the conversation has arrived. */
  arrived(user: UserId): void {
    this.#store.users.choose(user, { answerIn: undefined });
  }

  #letIn(identity: Identity): void {
    this.#store.identities.setStanding(identity, 'approved');
    this.#store.codes.removeOf('pair', identity);
    this.#store.strangers.remove(identity);
  }

  #find(purpose: CodePurpose, code: string, guesser: Identity): CodeRow {
    const row = this.#codes.find(purpose, code, guesser);
    if (row === 'too_many') throw new PeopleError('too_many_guesses');
    if (row === undefined) throw new PeopleError('wrong_code');
    return row;
  }

  #move(move: Move): void {
    const { from, to, chat } = move;
    this.#store.turns.move(from, to, chat);
    this.#store.inbox.move(from, to, chat);
    this.#moves.push(move);
  }

  #note(actor: Actor, deed: string, detail: Json): void {
    const by = actor === 'cli' ? 'cli' : named(actor);
    this.#store.deeds.note({ at: Date.now(), actor: by, deed, detail });
  }
}

/** What commands name as `channel:sender`. */
export function senderNamed(name: string): { channel: ChannelId; sender: SenderId } {
  const [, channel, sender] = /^([^:]+):(.+)$/s.exec(name) ?? [];
  if (channel === undefined || sender === undefined) throw new PeopleError('unknown');
  return { channel: channel as ChannelId, sender: sender as SenderId };
}

/** As commands name an identity. */
export function named({ channel, sender }: { channel: ChannelId; sender: SenderId }): string {
  return `${channel}:${sender}`;
}

/** Only what was chosen. */
function given(choices: UserChoices): Partial<UserChoices> {
  return Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== undefined));
}
