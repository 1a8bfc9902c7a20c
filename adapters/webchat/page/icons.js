import { html } from './html.js';

/** @param {string} path */
const icon = (path) => html`
  <svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="2"
    stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d=${path} /></svg>
`;

export const sendIcon = icon('M12 19V5m-6.500 6.500L12 5l6.500 6.500');
export const downIcon = icon('M12 5v14m6.500-6.500L12 19l-6.500-6.500');
export const attachIcon = icon(
  'm20 11-8.500 8.500a5 5 0 0 1-7-7L13 4a3.300 3.300 0 0 1 4.700 4.700l-8.500 8.500a1.700 1.700 0 0 1-2.400-2.400L14.500 7',
);
export const downloadIcon = icon('M12 4v11m-4.500-4.500L12 15l4.500-4.500M5 20h14');
export const fileIcon = icon('M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8zm0 0v5h5');
export const removeIcon = icon('M6 6l12 12M18 6 6 18');
export const stopIcon = html`
  <svg viewBox="0 0 24 24" width="14" height="14" fill="currentColor" aria-hidden="true">
    <rect x="4" y="4" width="16" height="16" rx="3" />
  </svg>
`;
