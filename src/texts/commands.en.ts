/** What commands in a chat answer. Each text says what happened and what can be done about it. Markdown. */
export const commandsEn = {
  usage: (usage: string) => `Write it like this: \`${usage}\``,

  help: {
    intro: 'Just write to me, as you would to anybody. I also understand these commands:',
    adminIntro: '**For admins**, in a direct chat with me:',
  },

  whoami: {
    you: (user: string) => `You are the user \`${user}\`.`,
    admin: (user: string) => `You are the user \`${user}\`, and an admin.`,
    from: 'You write to me from:',
    here: 'here',
    inGroup: (identity: string) => `Here you are \`${identity}\`.`,
  },

  status: {
    answering: (agent: string) => `I am here. **${agent}** answers in this chat.`,
    nothingWaits: 'No message of this conversation waits for an answer.',
    waits: (count: number) =>
      `${messages(count)} of this conversation ${isAre(count)} being answered or waiting.`,
    answersGoTo: (where: string) => `Answers go to ${where} until you write there.`,
    channels: (connected: number, all: number) => `Channels: ${connected} of ${all} connected.`,
    open: (came: number, go: number) => `Under way: ${came} in, ${go} out.`,
    dead: (count: number) => `Dead letters: ${count}. See \`/dlq\`.`,
  },

  new: {
    done: 'We begin anew: I have forgotten what was said in this conversation.',
  },

  stop: {
    done: 'Stopped.',
    nothing: 'Nothing is being answered at the moment.',
  },

  retry: {
    done: 'I try your last message again.',
    nothing: 'There is nothing to try again.',
  },

  agent: {
    list: 'These can answer you:',
    current: 'answers now',
    how: 'Choose with `/agent <name>`; `/agent default` takes your choice back.',
    chosen: (agent: string) => `From now on **${agent}** answers here.`,
    back: 'Your choice is taken back: the configuration says who answers here.',
    onlyAdmins: 'In a group, only an admin can choose who answers.',
  },

  link: {
    code: (code: string, minutes: number) =>
      `To be one person on two channels, write this to me on the other one within ${minutes} minutes:\n\n\`/link ${code}\`\n\nWhoever writes it there becomes you here: show it to nobody. It works once.`,
    done: (other: string) =>
      `Linked: here you are now the same person as ${other}, and your two conversations are one, in the order in which they were said. \`/unlink\` undoes it.`,
    told: (other: string) =>
      `You are now the same person as ${other}, and your two conversations are one. If that was not you, write \`/unlink\` here.`,
    confirm: (other: string, code: string) =>
      `This code was given to ${other}. Whoever that is would be you, with all that you may do as an admin. If it is yours, write \`/link ${code} yes\`.`,
    byAdmin: (one: string, user: string) =>
      `Linked: ${one} is now the user \`${user}\`. Their conversations are one.`,
    onlyAdmins: 'Only an admin can link others. To link yourself, write `/link`.',
  },

  unlink: {
    done: 'Unlinked: here you are a person of your own again, with what was said here.',
    told: (identity: string) =>
      `${identity} is no longer the same person as you, and took along what was said there.`,
    byAdmin: (identity: string) => `Unlinked: ${identity} is a person of their own again.`,
    onlyAdmins: 'Only an admin can unlink others. To unlink yourself, write `/unlink`.',
  },

  continue: {
    done: (where: string) => `The next answers go to ${where}, until you write there.`,
    here: 'You are here already: answers come here.',
    where: (channels: string) => `Where shall we go on? Write \`/continue on\` and one of: ${channels}`,
    nowhere: 'I know you only from here. Write `/link` first, to be the same person on another channel.',
  },

  lang: {
    current: 'We speak English. 中文：`/lang zh`. As your app speaks: `/lang auto`.',
    done: 'We speak English from now on.',
    auto: 'From now on I speak as your app does.',
  },

  claim: {
    done: 'Welcome! You are an admin now. `/help` shows what you can do.',
  },

  approve: {
    none: 'Nobody waits to be let in.',
    list: 'These want to talk to me:',
    how: '`/approve <code>` lets somebody in, `/deny <code>` turns them away for good.',
    done: (who: string) => `${who} can write to me now. I told them so.`,
    doneSilently: (who: string) =>
      `${who} can write to me now. I have no chat with them yet in which to tell them so.`,
    told: 'You can write to me now.',
  },

  deny: {
    done: (who: string, identity: string) => `I no longer hear ${who}. \`/approve ${identity}\` undoes it.`,
  },

  users: {
    none: 'Nobody has written yet.',
    heading: 'Users:',
    admin: 'admin',
    denied: 'turned away',
    requests: 'Waiting to be let in:',
    messages,
    more: (user: string) => `More: \`/users after ${user}\``,
    language: (language: string) => `Language: ${language}`,
    agent: (agent: string) => `Chosen agent: ${agent}`,
    answersGoTo: (where: string) => `Answers go to ${where}.`,
  },

  sessions: {
    none: 'No conversation yet.',
    heading: (live: number) =>
      `The latest conversations; ${live} ${live === 1 ? 'is' : 'are'} live at the moment:`,
    user: (user: string) => `user \`${user}\``,
    group: (chat: string) => `group ${chat}`,
    waits: (count: number) => `${messages(count)} under way`,
  },

  channels: {
    heading: 'Channels:',
    none: 'No channel is on.',
    unknown: (channel: string, known: string) => `There is no channel \`${channel}\`. There are: ${known}`,
    restarting: (channel: string) => `${channel} connects anew. \`/channels\` shows how it goes.`,
  },

  dlq: {
    none: 'No dead letters.',
    heading: (count: number) => `${count === 1 ? '1 dead letter' : `${count} dead letters`}, oldest first:`,
    more: (count: number) => `and ${count} more.`,
    how: '`/dlq replay <id>` tries one again, `/dlq discard <id>` puts one away; `all` means all of them.',
    replayed: (count: number) => `${count} to be tried again.`,
    discarded: (count: number) => `${count} put away.`,
  },

  why: {
    nothing: 'Nothing came in this chat before.',
    unknown: (id: string) =>
      `Nothing is known of \`${id}\`. Ids are in the log, and in \`openclaw-gateway messages\`.`,
  },

  broadcast: {
    confirm: (count: number, text: string) =>
      `This would go to ${people(count)}, each in the chat in which they wrote last:\n\n${text}\n\nTo send it, write \`/broadcast yes\` within ten minutes.`,
    done: (count: number) => `Sent to ${people(count)}.`,
    nothing: 'There is nothing to send. Write `/broadcast <text>` first.',
    nobody: 'Nobody has written to me directly yet, so there is nobody to send it to.',
  },

  reload: {
    failed: (problem: string) => `The configuration was not taken; all stays as it was:\n\n${problem}`,
  },

  /** Why something about people cannot be done. */
  refusals: {
    wrong_code: 'This code is wrong, used up or too old. Ask for a new one.',
    too_many_guesses: 'Too many wrong codes. Try again in an hour.',
    own_code: 'This is your own code. Write it to me on the other channel, not here.',
    already_linked: 'They are the same person already.',
    not_linked: 'This is a person of their own already: nothing is linked.',
    unknown: 'I know nobody of this name. Name them as `channel:sender`, as `/users` shows them.',
    no_such_agent: 'There is no such agent. `/agent` lists them.',
    no_such_channel:
      'There is no such channel, or you are not linked there. `/whoami` shows where I know you from.',
    not_there_yet: 'I have no direct chat with you there yet. Write to me there once.',
    no_such_user: 'There is no such user. `/users` lists them.',
    is_admin: 'This is an admin. Take that from them first: `openclaw-gateway users admin remove`.',
  },
};

function messages(count: number): string {
  return count === 1 ? '1 message' : `${count} messages`;
}

function people(count: number): string {
  return count === 1 ? '1 person' : `${count} people`;
}

function isAre(count: number): string {
  return count === 1 ? 'is' : 'are';
}
