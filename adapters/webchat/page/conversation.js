/**
 * What the page shows, and how each piece of news changes it. Pure: every change makes a new conversation,
 * and a line that did not change stays the same object.
 *
 * @typedef {import('../protocol.ts').ToPage} ToPage
 * @typedef {import('../protocol.ts').Line} Line
 * @typedef {import('../protocol.ts').Refusal} Refusal
 * @typedef {import('./unsent.js').Unsent} Unsent
 *
 * @typedef {object} LineState
 * @property {'sent' | 'sending' | 'refused'} state `sending` until the gateway has it on disk.
 * @property {Refusal} [problem] Why it is not sent.
 * @typedef {Line & LineState} ShownLine
 *
 * @typedef {object} Conversation
 * @property {boolean} loaded Whether the gateway has told what was said before.
 * @property {readonly ShownLine[]} lines Oldest first; what is not sent yet comes last.
 * @property {string | null} working The turn that is running.
 * @property {{ turn: string, text: string } | null} preview An answer that is not complete.
 *
 * @typedef {{ type: 'submitted', message: Unsent } | ToPage} News
 */

/** @type {Conversation} */
export const emptyConversation = { loaded: false, lines: [], working: null, preview: null };

/**
 * @param {Conversation} conversation
 * @param {News} news
 * @returns {Conversation}
 */
export function heard(conversation, news) {
  const { lines, working, preview } = conversation;
  switch (news.type) {
    case 'welcome':
      return {
        loaded: true,
        lines: merged(lines, news.lines),
        working: news.live?.turn ?? null,
        preview: news.live?.text ? news.live : null,
      };
    case 'line':
      return {
        ...conversation,
        lines: withLine(lines, news.line),
        preview: news.line.turn !== undefined && news.line.turn === preview?.turn ? null : preview,
      };
    case 'submitted': {
      if (lines.some(({ id }) => id === news.message.id)) return conversation;
      return { ...conversation, lines: [...lines, { ...news.message, from: 'person', state: 'sending' }] };
    }
    case 'ack':
      return { ...conversation, lines: settled(lines, news.id, { state: 'sent' }) };
    case 'nack': {
      const state = news.retryAfterMs === undefined ? 'refused' : 'sending';
      return { ...conversation, lines: settled(lines, news.id, { state, problem: news.reason }) };
    }
    case 'working':
      return { ...conversation, working: news.turn, preview: preview?.turn === news.turn ? preview : null };
    case 'idle':
      return working === news.turn ? { ...conversation, working: null } : conversation;
    case 'reaction':
      return { ...conversation, lines: changed(lines, news.line, { reaction: news.emoji }) };
    case 'stream': {
      const known = preview?.turn === news.turn ? preview.text : '';
      if (news.offset > known.length) return conversation;
      const text = known.slice(0, news.offset) + news.text;
      return { ...conversation, preview: { turn: news.turn, text } };
    }
    default:
      return conversation;
  }
}

/**
 * Whether this line has buttons, and the person has said nothing since.
 *
 * @param {readonly ShownLine[]} lines
 * @param {string} id
 */
export function stillAsks(lines, id) {
  const said = lines.findLastIndex(({ from, state }) => from === 'person' && state !== 'refused');
  return lines.findIndex((line) => line.id === id && line.choices !== undefined) > said;
}

/**
 * @param {readonly ShownLine[]} lines
 * @param {readonly Line[]} history
 * @returns {ShownLine[]}
 */
function merged(lines, history) {
  const known = new Map(lines.map((line) => [line.id, line]));
  const told = new Set(history.map(({ id }) => id));
  const others = lines.filter(({ id }) => !told.has(id));
  return [
    ...others.filter(({ state }) => state === 'sent'),
    ...history.map((line) => {
      const before = known.get(line.id);
      return before?.state === 'sent' && before.reaction === line.reaction ? before : sent(line);
    }),
    ...others.filter(({ state }) => state !== 'sent'),
  ];
}

/**
 * @param {readonly ShownLine[]} lines
 * @param {Line} line
 * @returns {readonly ShownLine[]}
 */
function withLine(lines, line) {
  if (lines.some(({ id }) => id === line.id)) return settled(lines, line.id, { state: 'sent' });
  const end = lines.findIndex(({ state }) => state === 'sending');
  return end === -1 ? [...lines, sent(line)] : lines.toSpliced(end, 0, sent(line));
}

/**
 * @param {readonly ShownLine[]} lines
 * @param {string} id
 * @param {LineState} state
 * @returns {readonly ShownLine[]}
 */
function settled(lines, id, state) {
  return lines.map((line) => {
    if (line.id !== id || line.state === 'sent') return line;
    const { problem: _, ...rest } = line;
    return { ...rest, ...state };
  });
}

/**
 * @param {readonly ShownLine[]} lines
 * @param {string} id
 * @param {Partial<Line>} news
 * @returns {readonly ShownLine[]}
 */
function changed(lines, id, news) {
  return lines.map((line) => (line.id === id ? { ...line, ...news } : line));
}

/** @param {Line} line @returns {ShownLine} */
function sent(line) {
  return { ...line, state: 'sent' };
}
