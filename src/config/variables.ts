import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where the values of `${…}` come from. */
export interface VariableSource {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that relative paths of `${file:…}` start from, and that `${credential:…}` are in a folder of. */
  readonly folder: string;
}

export interface Interpolated {
  readonly text: string;
  /** Whether the whole text was one `${…}` and nothing else. */
  readonly whole: boolean;
  /** What came from the environment or from a file. */
  readonly outside: readonly string[];
  /** The names of the credentials in it. */
  readonly credentials: readonly string[];
  /** Why a variable has no value; empty when all of them have one. */
  readonly problems: readonly string[];
}

/** Where credentials are while nobody hands them over; beside the configuration. */
export const CREDENTIALS = 'credentials';

const VARIABLE = /\$\$\{|\$\{([^}]*)\}|\$\{/g;
const NAME = /^([A-Za-z_]\w*)(?::-(.*))?$/s;
/** It becomes the name of a file, and stands in a unit of systemd. */
const CREDENTIAL = /^[A-Za-z0-9_][\w.-]*$/;

/**
 * Puts values in for `${NAME}`, `${NAME:-default}` (also used when the variable is empty), `${file:path}` and
 * `${credential:name}` (both without their last line break). `$${` stands for a plain `${`.
 */
export function interpolate(text: string, source: VariableSource): Interpolated {
  const outside: string[] = [];
  const credentials: string[] = [];
  const problems: string[] = [];
  const result = text.replaceAll(VARIABLE, (found, inner: string | undefined) => {
    if (found === '$${') return '${';
    const value =
      inner === undefined
        ? { problem: `a "}" is missing after "\${" (where you mean "\${" itself, write "$\${")` }
        : resolved(inner, source, credentials);
    if ('problem' in value) {
      problems.push(value.problem);
      return '';
    }
    if (value.outside) outside.push(value.text);
    return value.text;
  });
  return { text: result, whole: /^\$\{[^}]*\}$/.test(text), outside, credentials, problems };
}

type Value = { readonly text: string; readonly outside: boolean } | { readonly problem: string };

function resolved(inner: string, source: VariableSource, credentials: string[]): Value {
  if (inner.startsWith('file:')) return fileContent(inner.slice('file:'.length), source.folder);
  if (inner.startsWith('credential:')) {
    const name = inner.slice('credential:'.length);
    if (!CREDENTIAL.test(name)) {
      return {
        problem: `the name of a credential is made of letters, digits, "_", "-" and ".", not ${name}`,
      };
    }
    credentials.push(name);
    return credential(name, source);
  }
  const [, name, fallback] = NAME.exec(inner) ?? [];
  if (name === undefined) {
    const allowed = `\${NAME}, \${NAME:-default}, \${file:path} and \${credential:name}`;
    return { problem: `cannot read \${${inner}}; allowed are ${allowed}` };
  }
  const value = source.env[name];
  if (value !== undefined && (value !== '' || fallback === undefined)) return { text: value, outside: true };
  if (fallback !== undefined) return { text: fallback, outside: false };
  return { problem: `the environment variable ${name} is not set; set it, or write \${${name}:-default}` };
}

/** systemd hands credentials over in a folder that only this process can read (LoadCredential=). */
function credential(name: string, { env, folder }: VariableSource): Value {
  const handedOver = env.CREDENTIALS_DIRECTORY;
  const isThere = handedOver !== undefined && existsSync(join(handedOver, name));
  return fileContent(isThere ? name : join(CREDENTIALS, name), isThere ? handedOver : folder);
}

function fileContent(path: string, folder: string): Value {
  try {
    return { text: readFileSync(resolve(folder, path), 'utf8').replace(/\r?\n$/, ''), outside: true };
  } catch (error) {
    return { problem: `the file ${resolve(folder, path)} cannot be read: ${reasonOf(error)}` };
  }
}

/** Why a file cannot be read, in words. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return REASONS[code] ?? code;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'access is denied',
  EPERM: 'access is denied',
  ELOOP: 'its links go round in a circle',
};
