/** What the page says. */
export const en = {
  tag: 'en',
  /** On the switch to the other language, in that language. */
  otherLanguage: '中文',

  connecting: 'Connecting…',
  open: 'Connected',
  waiting: 'No connection – trying again',
  outdated: 'The gateway has changed – please reload this page',

  /** @param {string} title */
  sayHello: (title) => `Say hello to ${title}`,
  howTo: 'Write a message below, and the agent behind this page answers here.',
  nothingGetsLost:
    'You can close the page at any time: nothing gets lost, and answers wait for you in this browser.',
  messages: 'Messages',
  conversation: 'Conversation',
  jump: 'Jump to latest',
  you: 'You',
  agent: 'Agent',
  agentReacts: 'The agent reacts:',
  chooseAnswer: 'Choose an answer',
  files: 'Files',
  working: 'Agent is working…',
  commands: 'Commands',
  stop: 'Stop',
  copy: 'Copy',
  copied: 'Copied',
  copyByHand: 'Press Ctrl+C',
  /** Above code of which nobody said what it is. */
  code: 'text',

  sending: 'Sending…',
  offline: 'Not sent yet – will be sent when the connection is back',
  /** @param {string} problem */
  tryingAgain: (problem) => `Not sent yet – trying again. ${problem}`,
  /** @param {string} problem */
  notSent: (problem) => `Not sent. ${problem}`,
  /** Why a message is not taken: see `Refusal` in protocol.ts. */
  refusals: {
    empty: 'The message is empty.',
    too_long: 'The message is too long.',
    file_gone: 'A file is no longer here. Attach it again.',
    not_stored: 'The gateway cannot store messages right now.',
  },

  write: 'Write a message',
  message: 'Message',
  send: 'Send',
  /** @param {string} length @param {string} limit */
  characters: (length, limit) => `${length} of ${limit} characters`,
  /** @param {string} characters */
  tooLong: (characters) => `Too long: ${characters}. Shorten it, or send it in parts.`,

  attach: 'Attach files',
  attached: 'Attached files',
  drop: 'Drop files to attach them',
  /** @param {string} name */
  remove: (name) => `Remove ${name}`,
  /** @param {string} name */
  uploadOf: (name) => `Upload of ${name}`,
  /** @param {number} count */
  uploading: (count) => (count === 1 ? 'Uploading a file…' : `Uploading ${count} files…`),
  /** @param {string} most */
  tooManyFiles: (most) => `At most ${most} files go with one message.`,
  /** @param {string} name @param {string} problem */
  fileNotSent: (name, problem) => `${name} cannot be sent. ${problem}`,
  /** @param {string} limit */
  largerThan: (limit) => `It is larger than ${limit}.`,
  /** Why a file is not taken. */
  fileProblems: {
    empty: 'It is empty.',
    unreadable: 'It cannot be read.',
    too_many: 'There are too many files of yours here; try again later.',
    refused: 'The gateway does not take it.',
  },
};

/** @typedef {typeof en} Texts */
