import type { ErrorCode } from 'yaml';

/** A fault of the YAML itself, in words. They quote nothing of the file: it may be a secret. */
export function yamlWords(code: ErrorCode, line: string): string {
  const words = WORDS[code] ?? 'this is not valid YAML';
  const variableInBrackets = /[[{,].*\$\{/.test(line);
  return variableInBrackets ? `${words}; inside [ ] or { }, a variable needs quotes around it` : words;
}

const WORDS: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: 'a word after * or & is missing (to begin a text with one of these, put it in quotes)',
  BAD_DQ_ESCAPE:
    'a "\\" inside double quotes begins an escape that YAML does not know; use single quotes to mean it literally',
  BAD_INDENT:
    'the indentation is uneven, or a bracket is not closed: keys that belong together must start in the same column',
  BAD_SCALAR_START: 'a text cannot begin with @ or `; put it in quotes',
  BLOCK_AS_IMPLICIT_KEY:
    'a key cannot hold another key on its own line; put the text in quotes, or begin a new line',
  BLOCK_IN_FLOW: 'inside [ ] or { }, keys and items are separated by commas',
  MISSING_CHAR:
    'a character is missing: a closing quote or bracket, a comma, the ":" after a key or the space after it',
  MULTILINE_IMPLICIT_KEY: 'a key must be on one line; is the ":" after it missing?',
  MULTIPLE_DOCS: 'the file must hold a single document; remove the line "---"',
  RESOURCE_EXHAUSTION: 'this is nested too deeply',
  TAB_AS_INDENT: 'a tab cannot indent; use spaces',
  TAG_RESOLVE_FAILED:
    'tags (words that begin with !) mean nothing here; to begin a text with "!", put it in quotes',
  UNEXPECTED_TOKEN: 'this does not belong here',
};
