import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCommands, usageOf } from '../src/commands/index.ts';
import type { ChatCommand, Operations } from '../src/gateway/index.ts';

/** `npm run commands`: writes docs/commands.md from the commands themselves. A test fails while the file is out of date. */
export function generateCommands(): string {
  // Nothing is asked of the gateway until a command runs.
  const all = createCommands({} as Operations, async () => '').filter(({ name }) => name !== 'start');
  return `${HEAD}
## For everybody

${table(all.filter(({ admin }) => !admin))}
${OF_EVERYBODY}
## For admins

${table(all.filter(({ admin }) => admin))}
${OF_ADMINS}`;
}

const HEAD = `# Commands in a chat

<!-- Made by \`npm run commands\` from src/commands; the same texts stand in /help and in the menus of platforms. -->

Write them on any channel, as \`/help\` or \`!help\`; on Slack, which keeps the slash for itself, as \`/openclaw help\` or \`!help\`.
Telegram, Discord and WebChat show them in a menu. They are answered at once, also while an agent is at work, in the language that your app speaks or that you chose. What is not one of them goes to the agent.

Only what you typed is a command: never a forwarded or quoted text, a caption, a file name, the label of a button, an edit, or
anything that an agent says. Who you are is decided by your id on the platform, never by a name. What shows or changes who is who
works in direct chats only.
`;

const OF_EVERYBODY = `
- \`/link\` gives a code that is good once, for ten minutes. Type it to the bot on another channel: from then on you are one person there
  and here, with one conversation in the order of time. \`/unlink\` undoes it, and each side keeps what was said in its own chats.
- \`/continue on slack\` sends the next answers to your chat there, wherever you write, until you write there.
- \`/agent <name>\` chooses for yourself in direct chats, and for everybody in a group; there only an admin can. \`/agent default\`
  takes it back.
- \`/claim <code>\` makes you an admin, with the code that \`openclaw-gateway claim\` shows. \`/start\` is the same as \`/help\`.
- Five wrong codes within an hour, and no further one of yours is looked at; fifty, and none of anybody on that channel.
`;

const OF_ADMINS = `
- In direct chats only; in a group nobody is told more than that.
- Admins can also write \`/link <user> <channel:sender>\` and \`/unlink <channel:sender>\` for others. Both sides are told.
- \`/broadcast\` first shows to how many it would go, and sends it after \`/broadcast yes\`.
- Whoever turns admin commands into a habit may like the terminal: \`openclaw-gateway --help\` lists the same operations.
`;

function table(commands: readonly ChatCommand[]): string {
  const rows = commands.map((command) => {
    const usage = usageOf(command, 'en').replaceAll('|', '\\|');
    return `| \`${usage}\` | ${command.description.en} | ${command.description.zh} |`;
  });
  return ['| command | what it does | 中文 |', '| --- | --- | --- |', ...rows].join('\n');
}

if (import.meta.main) {
  writeFileSync(join(import.meta.dirname, '../docs/commands.md'), generateCommands());
}
