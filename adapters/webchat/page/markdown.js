import DOMPurify from 'dompurify';
import { Marked } from 'marked';
import { texts } from './language.js';

/**
 * Markdown of an agent, as nodes that can do no harm whatever the agent was talked into: HTML in it is shown as
 * text, images become links (loading one would tell its host who reads), and only web and mail links lead anywhere.
 */

const marked = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    html: ({ text }) => (/^<br ?\/?>$/i.test(text) ? '<br>' : escaped(text)),
    image: ({ href, text }) => `<a href="${escaped(href)}">${escaped(text || href)}</a>`,
    checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
    heading({ tokens, depth }) {
      // The page's own heading is the first.
      const level = Math.min(depth + 1, 6);
      return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>`;
    },
  },
});

const ALLOWED = {
  ALLOWED_TAGS:
    'p br hr strong em del code pre blockquote ul ol li a h2 h3 h4 h5 h6 table thead tbody tr th td'.split(
      ' ',
    ),
  ALLOWED_ATTR: ['href', 'start', 'align', 'class'],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:)/i,
};

/**
 * @param {string} text
 * @returns {DocumentFragment}
 */
export function renderMarkdown(text) {
  const html = marked.parse(text, { async: false });
  const fragment = DOMPurify.sanitize(html, { ...ALLOWED, RETURN_DOM_FRAGMENT: true });
  for (const link of fragment.querySelectorAll('a')) {
    link.target = '_blank';
    link.rel = 'noopener noreferrer';
  }
  for (const table of fragment.querySelectorAll('table')) wrap(table, 'wide');
  for (const code of fragment.querySelectorAll('pre > code')) addHead(code);
  return fragment;
}

/** Puts the language and a Copy button above a block of code. @param {Element} code */
function addHead(code) {
  const block = wrap(/** @type {Element} */ (code.parentElement), 'code');
  const head = document.createElement('div');
  head.className = 'code-head';
  const language = document.createElement('span');
  language.textContent = /^language-(.+)$/.exec(code.className)?.[1] ?? texts.code;
  const copy = document.createElement('button');
  copy.type = 'button';
  copy.textContent = texts.copy;
  copy.addEventListener('click', () => {
    void copyText(code).then((done) => {
      copy.textContent = done ? texts.copied : texts.copyByHand;
      setTimeout(() => {
        copy.textContent = texts.copy;
      }, 2000);
    });
  });
  head.append(language, copy);
  block.prepend(head);
}

/** Without https there is no clipboard for pages; then the code is selected, ready to be copied by hand. @param {Element} code */
async function copyText(code) {
  try {
    await navigator.clipboard.writeText((code.textContent ?? '').replace(/\n$/, ''));
    return true;
  } catch {
    getSelection()?.selectAllChildren(code);
    return false;
  }
}

/** @param {Element} element @param {string} className */
function wrap(element, className) {
  const wrapper = document.createElement('div');
  wrapper.className = className;
  element.replaceWith(wrapper);
  wrapper.append(element);
  return wrapper;
}

/** @param {string} text */
function escaped(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
