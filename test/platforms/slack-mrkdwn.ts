/** What people see of a text in Slack's mrkdwn, and whom it calls. */
export interface Shown {
  readonly text: string;
  /** Mentions that notify somebody: `@U…`, `!channel`, `!here`, `!everyone`, `!subteam^S…`. */
  readonly calls: readonly string[];
}

/** Without a letter or a digit on its outer side, a mark next to something that is no blank opens or closes. */
const MARKS: readonly RegExp[] = ['*', '_', '~', '`'].map(
  (mark) =>
    new RegExp(
      `(?<![\\p{L}\\p{N}])[${mark}](?![\\s\u200b])([^\\n]+?)(?<![\\s\u200b])[${mark}](?![\\p{L}\\p{N}])`,
      'gu',
    ),
);

export function showMrkdwn(mrkdwn: string): Shown {
  const calls: string[] = [];
  const text = mrkdwn
    .split('```')
    .map((part, index) =>
      unescapeEntities(index % 2 === 1 ? tokens(part.replace(/^\n|\n$/g, '')) : prose(part)),
    )
    .join('');
  return { text: text.replaceAll('\u200b', ''), calls };

  function prose(part: string): string {
    const quotes = part.replace(/^> ?/gm, '');
    return MARKS.reduce((shown, mark) => shown.replace(mark, '$1'), tokens(quotes));
  }

  /** Slack reads tokens in code, too. */
  function tokens(part: string): string {
    return part.replace(/<([^<>|]+)(?:\|([^<>]*))?>/g, (_all, target: string, label: string | undefined) => {
      if (/^[@!]/.test(target) && !target.startsWith('!date')) calls.push(target.replace(/^@/, '@'));
      return label ?? target;
    });
  }
}

function unescapeEntities(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
