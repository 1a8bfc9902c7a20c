/**
 * A WebSocket that comes back: after a pause that doubles up to half a minute, and at once when the network or the
 * reader returns. A half-open one, which no event tells of, is noticed by a ping that stays unanswered.
 *
 * @typedef {import('../protocol.ts').FromPage} FromPage
 * @typedef {import('../protocol.ts').ToPage} ToPage
 *
 * @typedef {'connecting' | 'open' | 'waiting' | 'outdated'} Status
 * `outdated`: the gateway does not understand this page; only a reload helps.
 *
 * @typedef {object} Connection
 * @property {(message: FromPage) => void} send Drops what cannot be sent now.
 */

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const PING_EVERY_MS = 25_000;
const ANSWER_WITHIN_MS = 10_000;
const NOT_UNDERSTOOD = 1008;

/**
 * @param {string} url
 * @param {(status: Status) => void} onStatus
 * @param {(message: ToPage) => void} onMessage
 * @returns {Connection}
 */
export function connect(url, onStatus, onMessage) {
  /** @type {WebSocket | undefined} */
  let socket;
  let failures = 0;
  /** @type {number | undefined} */
  let pause;
  /** @type {number | undefined} */
  let pulse;

  function open() {
    clearTimeout(pause);
    pause = undefined;
    onStatus('connecting');
    const opening = new WebSocket(url);
    socket = opening;
    let opened = false;
    opening.onopen = () => {
      opened = true;
      onStatus('open');
      send({ type: 'hello' });
      listen(PING_EVERY_MS);
    };
    opening.onmessage = ({ data }) => {
      failures = 0;
      listen(PING_EVERY_MS);
      onMessage(JSON.parse(data));
    };
    opening.onclose = ({ code }) => {
      if (code === NOT_UNDERSTOOD) stop('outdated');
      else lost(opened);
    };
  }

  /** After `ms` of silence asks whether anybody is there; after more silence believes that nobody is. @param {number} ms */
  function listen(ms) {
    clearTimeout(pulse);
    pulse = setTimeout(() => {
      send({ type: 'ping' });
      pulse = setTimeout(() => lost(true), ANSWER_WITHIN_MS);
    }, ms);
  }

  /** @param {Status} status */
  function stop(status) {
    clearTimeout(pulse);
    if (socket !== undefined) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
      socket = undefined;
    }
    onStatus(status);
  }

  /** @param {boolean} opened */
  function lost(opened) {
    stop('waiting');
    if (!opened) void reloadIfStranger();
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
    failures += 1;
    pause = setTimeout(open, longest * (0.5 + Math.random() / 2));
  }

  function hurry() {
    if (pause !== undefined) open();
    else if (socket?.readyState === WebSocket.OPEN) listen(0);
  }

  /** @param {FromPage} message */
  function send(message) {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  }

  addEventListener('online', hurry);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') hurry();
  });
  open();
  return { send };
}

/** A WebSocket does not say why it was refused. Where a page is refused, too, the token has changed: a reload asks for it. */
async function reloadIfStranger() {
  const response = await fetch(location.pathname, { method: 'HEAD', cache: 'no-store' }).catch(
    () => undefined,
  );
  if (response?.status === 401) location.reload();
}
