/** Takes secrets out of a text. Meant for all that leaves the process beside messages: logs, errors, stored reasons. */
export type Redact = (text: string) => string;

const REPLACEMENT = '[redacted]';

/** Anything shorter is found in too many innocent words. */
const SHORTEST_SECRET = 6;

export interface Redactor {
  readonly redact: Redact;
  /** From now on these are replaced as well. What was a secret once remains one. */
  learn(secrets: readonly string[]): void;
}

/** A redactor for a process whose secrets change while it runs. */
export function liveRedactor(): Redactor {
  let known: readonly string[] = [];
  let redact = createRedactor(known);
  return {
    redact: (text) => redact(text),
    learn(secrets) {
      known = [...new Set([...known, ...secrets])];
      redact = createRedactor(known);
    },
  };
}

/**
 * Replaces each of `secrets` in every form in which it could get into a text: as it is, inside JSON, in a URL, in base64.
 * Beside them it replaces what looks like a secret in a URL, known or not: credentials, long tokens in the path, and
 * the values of parameters that are named for one.
 */
export function createRedactor(secrets: readonly string[]): Redact {
  const forms = new Set(secrets.filter((secret) => secret.length >= SHORTEST_SECRET).flatMap(formsOf));
  // The longest first: a secret may begin with another one.
  const alternatives = [...forms].toSorted((a, b) => b.length - a.length).map(escapeForRegExp);
  const known = alternatives.length > 0 ? new RegExp(alternatives.join('|'), 'g') : undefined;

  return (text) => {
    const rest = known === undefined ? text : text.replace(known, REPLACEMENT);
    return rest.includes('/') ? redactUrls(rest) : rest;
  };
}

function formsOf(secret: string): string[] {
  const percent = encodeURIComponent(secret);
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    percent,
    percent.replaceAll(/%../g, (code) => code.toLowerCase()),
    new URLSearchParams({ '': secret }).toString().slice(1),
    ...base64FormsOf(secret),
  ];
}

/** Base64 of a longer text shows a secret inside it in one of three ways, depending on how many bytes stand before it. */
function base64FormsOf(secret: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
    const first = Math.ceil((before * 8) / 6);
    const end = Math.floor((bytes.length * 8) / 6);
    return [bytes.toString('base64').slice(first, end), bytes.toString('base64url').slice(first, end)];
  });
}

function escapeForRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

const CREDENTIALS = /\/\/[^\s/@"'<>\\]+@/g;
const URL_WITH_PATH = /((?:https?|wss?):\/\/[^\s/"'<>\\]+)(\/[^\s"'<>\\]*)/g;
/** As in the paths of Telegram: a number, a colon and the token. */
const NUMBERED_TOKEN = /\/\w*\d:[\w-]{30,}/g;
const PATH_SEGMENT = /(?<=\/)(?:[0-9a-f]{32,}|(?=[\w-]*\d)(?=[\w-]*[A-Z])[\w-]{24,})(?=[/?#]|$)/g;
const SECRET_PARAMETER = /([?&][\w-]*(?:token|key|secret|password|signature)=)[^&#]+/gi;

function redactUrls(text: string): string {
  return text
    .replace(NUMBERED_TOKEN, `/${REPLACEMENT}`)
    .replace(CREDENTIALS, `//${REPLACEMENT}@`)
    .replace(URL_WITH_PATH, (_, origin: string, path: string) => {
      const redacted = path.replace(PATH_SEGMENT, REPLACEMENT).replace(SECRET_PARAMETER, `$1${REPLACEMENT}`);
      return origin + redacted;
    });
}
