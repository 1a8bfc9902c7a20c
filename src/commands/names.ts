import { type Identity, named } from '../gateway/index.ts';

/** Somebody else, as a command shows them: a name is theirs to choose, so it is only beside what they are known by. */
export function shown({ name, ...identity }: Pick<Identity, 'channel' | 'sender' | 'name'>): string {
  const plain = (name ?? '')
    .replace(/[^\p{L}\p{N} .'-]/gu, '')
    .slice(0, 40)
    .trim();
  return plain === '' ? code(named(identity)) : `${code(named(identity))} (${plain})`;
}

/** As Markdown that shows exactly this text, whoever wrote it. */
export function code(text: string): string {
  return `\`${text.replaceAll('`', "'").replaceAll(/\s+/g, ' ')}\``;
}
