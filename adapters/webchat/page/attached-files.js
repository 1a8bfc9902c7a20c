import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from './html.js';
import { fileIcon, removeIcon } from './icons.js';
import { isPicture, sizeText } from './line-files.js';
import { newId } from './new-id.js';
import { upload } from './upload.js';

/**
 * The files that will go with the next message. Each is uploaded as soon as it is attached.
 *
 * @typedef {object} Attached
 * @property {string} id
 * @property {File} file
 * @property {number} sent How many bytes of it the gateway has.
 * @property {string} [problem] Why it cannot be sent, for the person.
 * @property {AbortController} upload
 *
 * @typedef {{ maxFiles: number, maxFileBytes: number, pieceBytes: number }} Limits
 */

/** @param {Limits} limits */
export function useAttachedFiles({ maxFiles, maxFileBytes, pieceBytes }) {
  const [list, setList] = useState(/** @type {Attached[]} */ ([]));
  const [tooMany, setTooMany] = useState(false);

  /** @param {string} id @param {Partial<Attached>} news */
  function change(id, news) {
    setList((before) => before.map((one) => (one.id === id ? { ...one, ...news } : one)));
  }

  /** @param {File} file @returns {Attached} */
  function begin(file) {
    const one = { id: newId(), file, sent: 0, upload: new AbortController() };
    if (file.size === 0) return { ...one, problem: 'It is empty.' };
    if (file.size > maxFileBytes) return { ...one, problem: `It is larger than ${sizeText(maxFileBytes)}.` };
    upload(one, pieceBytes, (sent) => change(one.id, { sent }), one.upload.signal).catch((error) =>
      change(one.id, { problem: error.message }),
    );
    return one;
  }

  return {
    list,
    /** In words, what stands in the way of sending; `isBad` if the person has to do something about it. */
    trouble: troubleOf(list, tooMany && `At most ${maxFiles} files go with one message.`),
    isBad: list.some(({ problem }) => problem !== undefined),
    isReady: list.every(({ file, sent, problem }) => sent === file.size && problem === undefined),
    /** @param {Iterable<File>} files */
    add(files) {
      const all = [...files];
      const free = maxFiles - list.length;
      setTooMany(all.length > free);
      const begun = all.slice(0, free).map(begin);
      setList((before) => [...before, ...begun]);
    },
    /** @param {Attached} one */
    remove(one) {
      one.upload.abort();
      setTooMany(false);
      setList((before) => before.filter(({ id }) => id !== one.id));
    },
    clear() {
      setTooMany(false);
      setList([]);
    },
  };
}

/** @param {readonly Attached[]} list @param {string | false} tooMany */
function troubleOf(list, tooMany) {
  const bad = list.find(({ problem }) => problem !== undefined);
  if (bad !== undefined) return `${bad.file.name} cannot be sent. ${bad.problem}`;
  if (tooMany) return tooMany;
  const uploading = list.filter(({ file, sent }) => sent < file.size).length;
  if (uploading === 0) return '';
  return uploading === 1 ? 'Uploading a file…' : `Uploading ${uploading} files…`;
}

/** @param {{ list: readonly Attached[], onRemove: (one: Attached) => void }} props */
export function AttachedFiles({ list, onRemove }) {
  if (list.length === 0) return null;
  return html`
    <ul class="attached" aria-label="Attached files">
      ${list.map(
        (one) => html`
          <li key=${one.id} class="file ${one.problem === undefined ? '' : 'problem'}">
            ${isPicture(one.file.type) ? html`<${Thumbnail} file=${one.file} />` : fileIcon}
            <span class="file-name"><bdi>${one.file.name}</bdi></span>
            <span class="file-size">${one.problem ?? sizeText(one.file.size)}</span>
            <button type="button" class="remove" aria-label="Remove ${one.file.name}" onClick=${() => onRemove(one)}>
              ${removeIcon}
            </button>
            ${
              one.problem === undefined &&
              one.sent < one.file.size &&
              html`<progress aria-label="Upload of ${one.file.name}" max=${one.file.size} value=${one.sent}></progress>`
            }
          </li>
        `,
      )}
    </ul>
  `;
}

/** Painted, because the page loads no picture but those of the gateway. @param {{ file: File }} props */
function Thumbnail({ file }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  useEffect(() => {
    createImageBitmap(file).then(
      (picture) => {
        const side = Math.min(picture.width, picture.height);
        const [x, y] = [(picture.width - side) / 2, (picture.height - side) / 2];
        canvas.current?.getContext('2d')?.drawImage(picture, x, y, side, side, 0, 0, 80, 80);
        picture.close();
      },
      () => {}, // it only claims to be a picture
    );
  }, []);
  return html`<canvas ref=${canvas} width="80" height="80" aria-hidden="true"></canvas>`;
}
