/*
 * What people write reaches us as mrkdwn, in which mentions and links are tokens in angle brackets and `& < >` are
 * escaped (docs.slack.dev, "Formatting message text").
 */

const TOKEN = /<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>/g;

/** The text as it was typed, without the mention of us that only served to call us. */
export function asTyped(mrkdwn: string, bot: string | undefined): string {
  return unescaped(withoutCall(mrkdwn, bot).replace(TOKEN, readable));
}

export function mentions(mrkdwn: string, bot: string): boolean {
  return mrkdwn.includes(`<@${bot}>`) || mrkdwn.includes(`<@${bot}|`);
}

function withoutCall(mrkdwn: string, bot: string | undefined): string {
  if (bot === undefined || !mentions(mrkdwn, bot)) return mrkdwn;
  const first = new RegExp(`^\\s*<@${bot}(\\|[^>]*)?>[\\s,:]*`);
  const last = new RegExp(`\\s*<@${bot}(\\|[^>]*)?>\\s*$`);
  return first.test(mrkdwn) ? mrkdwn.replace(first, '') : mrkdwn.replace(last, '');
}

function readable(_token: string, sign: string, id: string, label: string | undefined): string {
  switch (sign) {
    case '@':
    case '#':
      return sign + (label || id);
    case '!':
      return label ?? `@${id}`;
    default:
      return link(id, label);
  }
}

function link(url: string, label: string | undefined): string {
  if (label === undefined || label === url) return url;
  const typed = url.replace(/^(https?:\/\/|mailto:|tel:)/, '').replace(/\/$/, '');
  return typed === label ? label : `[${label}](${url})`;
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
