import { useState } from 'preact/hooks';
import { html } from './html.js';
import { downloadIcon, fileIcon } from './icons.js';
import { locale, texts } from './language.js';

/**
 * @typedef {import('../protocol.ts').ShownFile} ShownFile
 * @typedef {import('./conversation.js').ShownLine} ShownLine
 */

/** The files of a line: pictures to look at, the agent's others to download. @param {{ line: ShownLine }} props */
export function LineFiles({ line }) {
  if (line.files === undefined || line.files.length === 0) return null;
  return html`
    <ul class="files" aria-label=${texts.files}>
      ${line.files.map((file, place) => {
        const address = `files/${line.id}/${place}`;
        const isThere = line.state === 'sent';
        return html`<li key=${place}>${
          isThere && isPicture(file.mime)
            ? html`<${Picture} file=${file} address=${address} />`
            : html`<${File} file=${file} address=${isThere && line.from === 'agent' ? address : undefined} />`
        }</li>`;
      })}
    </ul>
  `;
}

/** @param {{ file: ShownFile, address: string }} props */
function Picture({ file, address }) {
  const [isGone, setGone] = useState(false);
  if (isGone) return html`<${File} file=${file} />`;
  return html`
    <a class="picture" href=${address} target="_blank" rel="noopener noreferrer">
      <img src=${address} alt=${file.name} onError=${() => setGone(true)} />
    </a>
  `;
}

/** @param {{ file: ShownFile, address?: string }} props */
function File({ file, address }) {
  const size = file.bytes === undefined ? '' : sizeText(file.bytes);
  const inside = html`
    ${fileIcon}
    <span class="file-name"><bdi>${file.name}</bdi></span>
    <span class="file-size">${size}</span>
  `;
  if (address === undefined) return html`<span class="file">${inside}</span>`;
  return html`<a class="file" href=${address} download=${file.name}>${inside}${downloadIcon}</a>`;
}

/** Others are not shown, whatever they are: the gateway hands them out as downloads only. @param {string} [mime] */
export function isPicture(mime = '') {
  return /^image\/(png|jpeg|gif|webp)$/.test(mime);
}

/** @param {number} bytes */
export function sizeText(bytes) {
  const [value, unit] = bytes < 1e6 ? [Math.ceil(bytes / 1e3), 'kilobyte'] : [bytes / 1e6, 'megabyte'];
  return new Intl.NumberFormat(locale(), { style: 'unit', unit, maximumFractionDigits: 1 }).format(value);
}
