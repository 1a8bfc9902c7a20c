const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
const ANSWER_WITHIN_MS = 60_000;

/**
 * Brings a file to the gateway, piece by piece, before the message that names it: a lost connection costs one piece and
 * a pause. Resolves with why the gateway does not get the file, if it does not; rejects when `signal` aborts.
 *
 * @typedef {import('../protocol.ts').FileRefusal | 'unreadable' | 'refused'} FileProblem
 *
 * @param {{ id: string, file: File }} upload
 * @param {number} pieceBytes
 * @param {(sent: number) => void} onProgress
 * @param {AbortSignal} signal
 * @returns {Promise<FileProblem | undefined>}
 */
export async function upload({ id, file }, pieceBytes, onProgress, signal) {
  let sent = 0;
  let failures = 0;
  while (sent < file.size) {
    const data = await base64Of(file.slice(sent, sent + pieceBytes)).catch(() => undefined);
    if (data === undefined) return 'unreadable';
    const told = await post({ id, offset: sent, data }, signal);
    if (told === undefined) {
      await pause(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures));
      failures += 1;
    } else if (told.error !== undefined) {
      return told.error === 'too_large' || told.error === 'too_many' ? told.error : 'refused';
    } else {
      failures = 0;
      sent = told.bytes;
      onProgress(sent);
    }
  }
  return undefined;
}

/**
 * What the gateway says to a piece: how much of the file it has; `undefined` if it says nothing of use.
 *
 * @param {{ id: string, offset: number, data: string }} piece
 * @param {AbortSignal} signal
 * @returns {Promise<{ bytes: number, error?: string } | undefined>}
 */
async function post(piece, signal) {
  try {
    const response = await fetch('upload', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(piece),
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    });
    return response.status < 500 ? await response.json() : undefined;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/** @param {Blob} blob @returns {Promise<string>} */
function base64Of(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^.*,/, ''));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

/** @param {number} ms */
function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
