/** What the gateway itself says to people. Each text says what happened and what they can do about it. */
export const en = {
  /** For `lang`, dates and numbers: a BCP 47 tag. */
  tag: 'en',

  /** In a chat. */
  chat: {
    failed:
      'Sorry, I could not answer this: something failed on my side. The owner can see why. Please try again later.',
    stopped: '_Stopped._',
    interrupted: '_Interrupted by the next message._',
    choose: 'Please choose:',
    /** To a stranger. */
    welcome: (code: string) =>
      `We do not know each other yet. Your code is \`${code}\`. Once the owner has approved it, please write again.`,
    /** Why a command was not run. */
    command: {
      not_admin: 'Only an admin can do this.',
      not_in_groups: 'Please write this to me directly, not in a group.',
      failed: 'This could not be done. Please try again.',
    },
    /**
     * To somebody who seems to be the same person on another channel: where they are given the code, and where they are to write it.
     * With an exclamation mark, because Slack keeps to itself what begins with a slash.
     */
    samePerson: {
      code: (channel: string, code: string, minutes: number) =>
        `It seems that you write to me on ${channel} as well. If so, write this to me there within ${plural(minutes, 'minute')}, and both become one conversation:\n\n\`!link ${code}\`\n\nIf not, show it to nobody: without it, nothing happens.`,
      lookThere: (channel: string, minutes: number) =>
        `It seems that you write to me on ${channel} as well. If so, I have sent you a code there: write it here within ${plural(minutes, 'minute')}, and both become one conversation. If not, there is nothing to do.`,
    },
    wholeAnswer: '_This is how it begins; the whole answer is in the file._',
    filesNotTaken: (name: string, megabytes: string) =>
      `_I made the file ${name} (${megabytes} MB), but files cannot be sent here._`,
    fileTooLarge: (name: string, megabytes: string, limit: string) =>
      `_I made the file ${name} (${megabytes} MB), but at most ${limit} MB can be sent here._`,
    /** After the sign ↻, before a message whose first attempt may have arrived: all channels say the same. */
    sentAgain: 'sent again after an interruption',
    /** After the name of the agent. */
    isThinking: 'is thinking…',
    /** To who presses a button that is no longer there; they would wait for an answer in vain. */
    questionClosed: 'This question is closed. Please write your answer as a message.',
  },

  /** To the owner, in a chat; each with how often it happened. */
  owner: {
    heading: '**The gateway needs you:**',
    undelivered: (count: number, channel: string, why: string) =>
      `${plural(count, 'answer')} on ${channel} could not be delivered (${why}): \`openclaw-gateway dlq list --channel ${channel}\``,
    /** Why it could not: the kinds of dead letters. */
    kinds: {
      refused: 'refused',
      exhausted: 'tried in vain',
      held: 'held for you',
      expired: 'too late',
      failed: 'failed',
      unreadable: 'unreadable',
    },
    failed: (count: number, agent: string, error: string) =>
      `The agent ${agent} failed ${plural(count, 'time')}, lastly: ${error}. See \`openclaw-gateway dlq list\``,
    resting: (agent: string) =>
      `The agent ${agent} cannot answer anybody; what it is asked waits until it can. The log says why.`,
    unreadable: (count: number, channel: string) =>
      `${plural(count, 'event')} of ${channel} could not be read: \`openclaw-gateway dlq list --kind unreadable\``,
    refused: (channel: string, hint: string | undefined) =>
      `${channel} is refused by its platform. ${hint ?? 'Look into the log.'}`,
    login: (channel: string) => `${channel} waits for you to log in, at /logins of the gateway's address.`,
    disconnected: (channel: string) => `${channel} has not been connected for a while; it is tried on.`,
    stranger: (channel: string, name: string, code: string) =>
      `${name} wants to talk to you on ${channel}. To let them in, write \`/approve ${code}\``,
    diskLow: 'The disk of the gateway is nearly full. No files are fetched until there is room again.',
    storeRecovered: 'The disk was full or broken for a while. It can be written again, and nothing was lost.',
  },

  /** The agent that only repeats. */
  echo: {
    introduction: (yaml: string) =>
      `Hello! This gateway works, but no model is connected to it yet, so I only repeat what you say. Send me a picture, an emoji, or "choose tea, coffee" to see what this chat can do.\n\nTo connect one, put these lines into \`openclaw.config.yaml\`, and start the gateway again with the key in its environment:\n\n${yaml}`,
    youSaid: 'You said:',
    andThen: 'And then:',
    andSent: (files: string) => `(and sent: ${files})`,
  },

  /** Below an answer of a model that is not whole. */
  model: {
    length: '*(The answer ends here because the model reached its limit of length.)*',
    'content-filter': "*(The answer ends here because of the provider's content filter.)*",
  },

  /** The gateway's own pages. */
  pages: {
    needsJavaScript: 'This page needs JavaScript.',
    nothingHere: 'This is openclaw-gateway. No channel of it has a page here.',
    tokenTitle: 'Access token needed',
    tokenHeading: 'Access token',
    tokenWhy: (key: string) =>
      `This gateway asks for its token once per browser. Its owner finds it in the config, as ${key}.`,
    token: 'Token',
    continue: 'Continue',
    noAnswer: 'The gateway does not answer. Is it running?',
    wrongToken: 'That is not the token.',
    tooManyTries: (seconds: string) => `Too many wrong tries. Try again in ${seconds} seconds.`,
    pageRefused: (status: string) => `The gateway refused this page (${status}).`,
    loginsTitle: 'Log in to channels',
    noLogins: 'All is well',
    noLoginsMore: 'No channel waits for you to log in. This page looks again every few seconds.',
    logInTo: (channel: string) => `Log in to ${channel}`,
    qrCode: 'QR code to scan',
  },
};

function plural(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
