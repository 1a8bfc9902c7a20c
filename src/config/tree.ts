import type { Path } from './problems.ts';

/** What is known of one value beside the value itself. */
export interface Place {
  /** Offsets into the file: of the value, and of the key (or list item) that it belongs to. */
  readonly at: number;
  readonly keyAt: number;
  /** A scalar as it is written in the file, variables not yet filled in. */
  readonly source?: string;
  /** What an unquoted `${…}` means where a number, `true` or `false` is due. */
  readonly scalar?: unknown;
  /** A variable in it has no value. */
  readonly unresolved?: boolean;
}

/** The configuration as plain values, and where in the file each of them stands. Objects have no prototype. */
export class Tree {
  readonly #places = new Map<string, Place>();
  root: unknown;

  note(path: Path, place: Place): void {
    this.#places.set(keyOf(path), place);
  }

  place(path: Path): Place | undefined {
    return this.#places.get(keyOf(path));
  }

  /** Every scalar as the file has it, with where it stands. */
  *sources(): Generator<{ readonly path: Path; readonly source: string }> {
    for (const [key, { source }] of this.#places) {
      if (source !== undefined) yield { path: JSON.parse(key) as Path, source };
    }
  }

  /** The place of the innermost value around `path` that the file has, be it the one at `path`. */
  nearest(path: Path): Place {
    return this.place(path) ?? (path.length === 0 ? { at: 0, keyAt: 0 } : this.nearest(path.slice(0, -1)));
  }

  /** Whether the value at `path`, or one around it, depends on a variable without a value. */
  isUnresolved(path: Path): boolean {
    return path.some((_, depth) => this.place(path.slice(0, depth + 1))?.unresolved);
  }

  get(path: Path): unknown {
    return valueAt(this.root, path);
  }
}

export type Fields = Record<string, unknown>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (isParent(value) ? value[key] : undefined), root);
}

export function replaceAt(root: unknown, path: Path, value: unknown): void {
  const parent = valueAt(root, path.slice(0, -1));
  const key = path.at(-1);
  if (isParent(parent) && key !== undefined) parent[key] = value;
}

function isParent(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null;
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}
