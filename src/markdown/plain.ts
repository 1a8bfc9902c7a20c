import type { Style } from './style.ts';

/** No markup at all: for channels without any, and for when a platform refuses ours. */
export const plainStyle: Style = {
  text: (value) => value,
  strong: (inner) => inner,
  emphasis: (inner) => inner,
  strike: (inner) => inner,
  inlineCode: (value) => value,
  link: (inner, url) => (saysWhereItLeads(inner, url) ? inner : `${inner} (${url})`),
  heading: (inner) => inner,
  codeBlock: (value) => value,
  quote: (inner) => inner.replace(/^/gm, '> '),
  rule: '———',
};

function saysWhereItLeads(inner: string, url: string): boolean {
  return ['', 'http://', 'mailto:'].some((scheme) => url === scheme + inner);
}
