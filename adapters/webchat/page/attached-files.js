import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from './html.js';
import { fileIcon, removeIcon } from './icons.js';
import { texts } from './language.js';
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
 * @property {FileProblem} [problem] Why it cannot be sent.
 * @property {AbortController} upload
 *
 * @typedef {import('./upload.js').FileProblem | 'empty'} FileProblem
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
    if (file.size === 0) return { ...one, problem: 'empty' };
    if (file.size > maxFileBytes) return { ...one, problem: 'too_large' };
    upload(one, pieceBytes, (sent) => change(one.id, { sent }), one.upload.signal).then(
      (problem) => problem && change(one.id, { problem }),
      () => {}, // it was taken away
    );
    return one;
  }

  /** @param {FileProblem} problem */
  function inWords(problem) {
    return problem === 'too_large' ? texts.largerThan(sizeText(maxFileBytes)) : texts.fileProblems[problem];
  }

  return {
    list,
    inWords,
    /** In words, what stands in the way of sending; `isBad` if the person has to do something about it. */
    trouble: troubleOf(list, inWords, tooMany && texts.tooManyFiles(`${maxFiles}`)),
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

/** @param {readonly Attached[]} list @param {(problem: FileProblem) => string} inWords @param {string | false} tooMany */
function troubleOf(list, inWords, tooMany) {
  for (const { file, problem } of list) {
    if (problem !== undefined) return texts.fileNotSent(file.name, inWords(problem));
  }
  if (tooMany) return tooMany;
  const uploading = list.filter(({ file, sent }) => sent < file.size).length;
  return uploading === 0 ? '' : texts.uploading(uploading);
}

/**
 * @param {{
 *   list: readonly Attached[],
 *   inWords: (problem: FileProblem) => string,
 *   onRemove: (one: Attached) => void,
 * }} props
 */
export function AttachedFiles({ list, inWords, onRemove }) {
  if (list.length === 0) return null;
  return html`
    <ul class="attached" aria-label=${texts.attached}>
      ${list.map(
        (one) => html`
          <li key=${one.id} class="file ${one.problem === undefined ? '' : 'problem'}">
            ${isPicture(one.file.type) ? html`<${Thumbnail} file=${one.file} />` : fileIcon}
            <span class="file-name"><bdi>${one.file.name}</bdi></span>
            <span class="file-size">${one.problem === undefined ? sizeText(one.file.size) : inWords(one.problem)}</span>
            <button type="button" class="remove" aria-label=${texts.remove(one.file.name)} onClick=${() => onRemove(one)}>
              ${removeIcon}
            </button>
            ${
              one.problem === undefined &&
              one.sent < one.file.size &&
              html`<progress aria-label=${texts.uploadOf(one.file.name)} max=${one.file.size} value=${one.sent}></progress>`
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
