import { html } from './html.js';

/** @param {string} path */
const icon = (path) => html`
  <svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="2"
    stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d=${path} /></svg>
`;

export const sendIcon = icon('M12 19V5m-6.500 6.500L12 5l6.500 6.500');
export const downIcon = icon('M12 5v14m6.500-6.500L12 19l-6.500-6.500');
export const stopIcon = html`
  <svg viewBox="0 0 24 24" width="14" height="14" fill="currentColor" aria-hidden="true">
    <rect x="4" y="4" width="16" height="16" rx="3" />
  </svg>
`;
