import {
  errorText,
  type InboundId,
  type InboundMessage,
  type Language,
  type SessionId,
  type TurnId,
} from '../../contract/index.ts';
import { COMMAND, type Store } from '../../store/index.ts';
import { textsIn } from '../../texts/index.ts';
import type { Channel } from '../channels/channel.ts';
import type { EventBus } from '../events.ts';
import type { Announcement, Announcer } from '../outbound/announcer.ts';
import { compose } from '../outbound/composer.ts';
import type { Lanes } from '../outbound/lanes.ts';
import { insertOutgoing, type NewOutgoing, newOutgoing } from '../outbound/outbox.ts';
import type { IdentityResolver, Person } from '../people/identity-resolver.ts';
import type { Languages } from '../people/languages.ts';
import type { People } from '../people/people.ts';
import {
  type ChatCommand,
  type CommandAnswer,
  type CommandCall,
  type CommandReply,
  commandIn,
} from './commands.ts';

/** A command that is on disk. */
export interface GivenCommand {
  readonly id: InboundId;
  readonly channel: Channel;
  /** The chat's row. */
  readonly chatRef: number;
  readonly session: SessionId;
  readonly message: InboundMessage;
}

/**
 * Runs the commands that people give in chats: at once, beside the turns, those of one chat one after the other. What a command
 * changes, its end in the ledger and its answer are one transaction; after a crash before that it runs again.
 */
export class CommandRunner {
  readonly #store: Store;
  readonly #people: People;
  readonly #identities: IdentityResolver;
  readonly #lanes: Lanes;
  readonly #announcer: Announcer;
  readonly #events: EventBus;
  readonly #commands: ReadonlyMap<string, ChatCommand>;
  readonly #languages: Languages;
  readonly #redact: (text: string) => string;
  /** The last command of each chat that is not through. */
  readonly #underWay = new Map<number, Promise<void>>();

  constructor(parts: {
    store: Store;
    people: People;
    identities: IdentityResolver;
    lanes: Lanes;
    announcer: Announcer;
    events: EventBus;
    commands: readonly ChatCommand[];
    languages: Languages;
    redact: (text: string) => string;
  }) {
    this.#store = parts.store;
    this.#people = parts.people;
    this.#identities = parts.identities;
    this.#lanes = parts.lanes;
    this.#announcer = parts.announcer;
    this.#events = parts.events;
    this.#commands = new Map(parts.commands.map((command) => [command.name, command]));
    this.#languages = parts.languages;
    this.#redact = parts.redact;
  }

  /** The command that a message gives, if it gives one. */
  find(message: InboundMessage): { command: ChatCommand; rest: string } | undefined {
    const given = commandIn(message);
    const command = given && this.#commands.get(given.name);
    return given && command && { command, rest: given.rest };
  }

  /** Takes a command that is on disk as running. */
  run(given: GivenCommand): void {
    const before = this.#underWay.get(given.chatRef) ?? Promise.resolve();
    const running = before
      .then(() => this.#runToEnd(given))
      // The store closes: the next process runs it.
      .catch((error: unknown) => this.#events.emit('internal.error', { where: 'command', error }))
      .finally(() => {
        if (this.#underWay.get(given.chatRef) === running) this.#underWay.delete(given.chatRef);
      });
    this.#underWay.set(given.chatRef, running);
  }

  /** Resolves when those under way are through. */
  async stop(): Promise<void> {
    await Promise.all(this.#underWay.values());
  }

  async #runToEnd(given: GivenCommand): Promise<void> {
    const { id, channel, message } = given;
    const found = this.find(message);
    const person = await this.#personOf(given);
    const call: CommandCall = {
      words: found?.rest.split(/\s+/).filter((word) => word !== '') ?? [],
      rest: found?.rest ?? '',
      person,
      language: this.#languages.languageOf(channel.options.id, message.sender),
      channel: channel.options.id,
      chatRef: given.chatRef,
      session: given.session,
      message,
    };
    const name = found?.command.name ?? 'unknown';
    let outgoing: NewOutgoing[] = [];
    let told: Announcement[] = [];
    try {
      const answer = found === undefined ? '' : await this.#answer(found.command, call);
      const write = () => {
        const { text, tell } = replyOf(answer);
        outgoing = this.#end(given, name, text, call.language);
        told = tell.map((one) => this.#announcer.write(one.channel, one.chat, one.text));
      };
      // Only a function changes people: other answers leave what is remembered of everybody as it is.
      await (typeof answer === 'function' ? this.#people.change(write) : this.#store.insist(write));
    } catch (error) {
      this.#events.emit('internal.error', { where: `command ${name}`, error });
      const why = person.isAdmin ? `\n\n${this.#redact(errorText(error))}` : '';
      const said = `${textsIn(call.language).chat.command.failed}${why}`;
      await this.#store.insist(() => {
        outgoing = this.#end(given, `${name}: failed`, said, call.language);
      });
    }
    this.#lanes.add(outgoing, channel);
    for (const one of told) this.#announcer.send(one);
    this.#events.emit('command.ended', {
      id,
      channel: channel.options.id,
      sender: message.sender.id,
      command: name,
    });
  }

  /** Who may is decided here, from the identity alone, whatever is said around it. */
  #answer(command: ChatCommand, call: CommandCall): CommandAnswer | Promise<CommandAnswer> {
    const { not_admin, not_in_groups } = textsIn(call.language).chat.command;
    if (command.admin && !call.person.isAdmin) return not_admin;
    const isForOne = command.admin || command.direct === true;
    if (isForOne && call.message.chat.kind === 'group') return not_in_groups;
    return command.run(call);
  }

  async #personOf({ channel, message }: GivenCommand): Promise<Person> {
    const known = this.#identities.find(channel.options.id, message.sender.id);
    return (
      known ?? (await this.#store.insist(() => this.#identities.resolve(channel.options.id, message.sender)))
    );
  }

  /** Within a write. */
  #end(
    { id, channel, chatRef, message }: GivenCommand,
    name: string,
    text: string,
    language: Language,
  ): NewOutgoing[] {
    const now = Date.now();
    const turn = id as string as TurnId;
    this.#store.inbox.end(id, 'answered', `${COMMAND} /${name}`, turn, now);
    const answer = { text, files: [], choices: [], reaction: undefined, previewed: false };
    const { adapter, options } = channel;
    const contents = compose(
      answer,
      { turn, message, words: textsIn(language).chat },
      adapter.capabilities,
      (markdown) => adapter.render(markdown),
    );
    const expiresAt = now + options.expireAfter;
    return contents.map((content, index) => {
      const { chat } = message;
      const one = newOutgoing(index, {
        chatRef,
        chat,
        content,
        expiresAt,
        previewLost: false,
        sending: false,
      });
      insertOutgoing(this.#store, one);
      return one;
    });
  }
}

function replyOf(answer: CommandAnswer): CommandReply {
  const given = typeof answer === 'function' ? answer() : answer;
  return typeof given === 'string' ? { text: given, tell: [] } : given;
}
