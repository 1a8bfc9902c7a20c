import type { DeadKind } from '../store/index.ts';

/** The few sentences that the gateway itself says to people. Each says what happened and what they can do. */
export const notices = {
  failed:
    'Sorry, I could not answer this: something failed on my side. The owner can see why. Please try again later.',
  stopped: '_Stopped._',
  interrupted: '_Interrupted by your next message._',
  choose: 'Please choose:',
  welcome: (code: string) =>
    `We do not know each other yet. Your code is \`${code}\`. Once the owner has approved it, please write again.`,
  command: {
    not_admin: 'Only an admin can do this.',
    not_in_groups: 'Please write this to me directly, not in a group.',
    failed: 'This could not be done. Please try again.',
  },
  wholeAnswer: '_This is how it begins; the whole answer is in the file._',
  fileNotSent: (name: string, bytes: number, limit: number | undefined) =>
    `_I made the file ${name} (${megabytes(bytes)}), but ${limit === undefined ? 'files cannot be sent here' : `at most ${megabytes(limit)} can be sent here`}._`,

  /** To the owner; each with how often it happened. */
  owner: {
    heading: '**The gateway needs you:**',
    undelivered: (channel: string, kind: DeadKind) => (count: number) =>
      `${plural(count, 'answer')} on ${channel} could not be delivered (${kind}): \`openclaw-gateway dlq list --channel ${channel}\``,
    failed: (agent: string, error: string) => (count: number) =>
      `The agent ${agent} failed ${plural(count, 'time')}, lastly: ${error}. See \`openclaw-gateway dlq list\``,
    resting: (agent: string) => () =>
      `The agent ${agent} cannot answer anybody; what it is asked waits until it can. The log says why.`,
    unreadable: (channel: string) => (count: number) =>
      `${plural(count, 'event')} of ${channel} could not be read: \`openclaw-gateway dlq list --kind unreadable\``,
    refused: (channel: string, hint: string | undefined) => () =>
      `${channel} is refused by its platform. ${hint ?? 'Look into the log.'}`,
    login: (channel: string) => () =>
      `${channel} waits for you to log in, at /logins of the gateway's address.`,
    disconnected: (channel: string) => () => `${channel} has not been connected for a while; it is tried on.`,
    stranger: (channel: string, name: string, code: string) => () =>
      `${name} wants to talk to you on ${channel}. To let them in, write \`/approve ${code}\``,
    diskLow: () => 'The disk of the gateway is nearly full. No files are fetched until there is room again.',
    storeRecovered: () =>
      'The disk was full or broken for a while. It can be written again, and nothing was lost.',
  },
} as const;

function plural(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
