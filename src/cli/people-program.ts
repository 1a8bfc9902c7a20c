import type { Command } from 'commander';
import { JSON_FLAG } from './json-flag.ts';
import type { AskOptions } from './operate.ts';

/** What asks the running gateway about people and the hub: the same as commands in a chat. */
export function addPeopleCommands(program: Command, config: () => { config: string }): void {
  const group = (name: string, description: string) =>
    program.command(name).description(description).helpCommand(false);
  const add = (parent: Command, name: string, description: string, isDefault = false) =>
    parent
      .command(name, { isDefault })
      .description(description)
      .option(...JSON_FLAG);
  const all = (options: object): AskOptions => ({ ...config(), ...options });
  const people = () => import('./people.ts');
  const hub = () => import('./hub.ts');

  add(program, 'claim', 'show the one-time code by which you become an admin in a chat').action(
    async (options: object) => (await people()).claim(all(options)),
  );

  const users = group('users', 'who talks to the gateway, and who wants to');
  add(users, 'list', 'list them, with those who wait to be let in', true).action(async (options: object) =>
    (await people()).listUsers(all(options)),
  );
  add(users, 'approve', 'let somebody in')
    .argument('<who>', 'their code, or channel:sender')
    .action(async (who: string, options: object) => (await people()).approve(who, all(options)));
  add(users, 'deny', 'turn somebody away for good')
    .argument('<who>', 'their code, or channel:sender')
    .action(async (who: string, options: object) => (await people()).deny(who, all(options)));
  const admin = users.command('admin').description('who may give admin commands').helpCommand(false);
  for (const [verb, isAdmin] of [
    ['add', true],
    ['remove', false],
  ] as const) {
    add(admin, verb, isAdmin ? 'make somebody an admin' : 'take that back')
      .argument('<who>', 'channel:sender')
      .action(async (who: string, options: object) => (await people()).setAdmin(who, isAdmin, all(options)));
  }

  const identity = group('identity', 'which senders are the same person');
  add(identity, 'list', 'list all senders, each with its user', true).action(async (options: object) =>
    (await people()).listIdentities(all(options)),
  );
  add(identity, 'show', 'show the person behind a sender')
    .argument('<who>', 'channel:sender')
    .action(async (who: string, options: object) => (await people()).showIdentity(who, all(options)));
  add(identity, 'link', 'make a sender and a user the same person; their conversations become one')
    .argument('<user>', 'as users list shows it')
    .argument('<who>', 'channel:sender')
    .action(async (user: string, who: string, options: object) =>
      (await people()).link(user, who, all(options)),
    );
  add(identity, 'unlink', 'make a sender a person of their own again')
    .argument('<who>', 'channel:sender')
    .action(async (who: string, options: object) => (await people()).unlink(who, all(options)));

  add(program, 'sessions', 'list the latest conversations').action(async (options: object) =>
    (await hub()).sessions(all(options)),
  );
  const channels = group('channels', 'how each channel is');
  add(channels, 'list', 'list them', true).action(async (options: object) =>
    (await hub()).channels(all(options)),
  );
  add(channels, 'restart', 'connect a channel anew, also one that its platform had refused')
    .argument('<channel>', 'its key in the configuration')
    .action(async (channel: string, options: object) => (await hub()).restart(channel, all(options)));
  add(program, 'agents', 'list who can answer').action(async (options: object) =>
    (await hub()).agents(all(options)),
  );
  add(program, 'broadcast', 'say something to everybody, in the chat in which they wrote last')
    .argument('<text...>', 'Markdown')
    .option('--yes', 'send it; otherwise only say to how many it would go')
    .action(async (words: string[], options: { yes?: boolean }) =>
      (await hub()).broadcast(words.join(' '), { ...all(options), yes: options.yes === true }),
    );
}
