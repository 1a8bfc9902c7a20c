import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** All that a gateway has said and written, by place. What is looked for may stand in it in another form. */
export class Haystack {
  readonly #places = new Map<string, string>();

  add(place: string, text: string): void {
    this.#places.set(place, `${this.#places.get(place) ?? ''}\n${text}`);
  }

  /** The bytes of each file below a folder. */
  addFolder(folder: string): void {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const file = join(folder, name);
      if (statSync(file).isFile()) this.add(relative(folder, file), readFileSync(file, 'latin1'));
    }
  }

  /** Whether this can be read there: a search that finds nothing because it looks at nothing proves nothing. */
  has(place: string, text: string): boolean {
    return this.#places.get(place)?.includes(text) === true;
  }

  /** Where these are, and in which form. */
  find(secrets: readonly string[]): string[] {
    const needles = secrets.flatMap((secret) => formsOf(secret).map((form) => ({ secret, form })));
    return [...this.#places].flatMap(([place, text]) =>
      needles.flatMap(({ secret, form }) => {
        const at = text.indexOf(form);
        return at < 0
          ? []
          : [`${secret} in ${place}: …${text.slice(Math.max(0, at - 60), at + form.length)}…`];
      }),
    );
  }
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // Within a longer text, base64 of the same bytes looks different after one or two bytes more; its ends depend on what is around.
  const shifted = [0, 1, 2].flatMap((before) =>
    (['base64', 'base64url'] as const).map((encoding) =>
      Buffer.concat([Buffer.alloc(before), bytes])
        .toString(encoding)
        .replace(/=+$/, '')
        .slice(before && before + 1, -1),
    ),
  );
  const quoted = JSON.stringify(secret).slice(1, -1);
  return [secret, quoted, encodeURIComponent(secret), bytes.toString('hex'), ...shifted];
}
