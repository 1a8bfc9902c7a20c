/**
 * What the browser keeps for us beyond this page. Storage can be switched off or full: then what is kept in this page
 * must do, and nothing is returned.
 *
 * @template T
 * @param {(storage: Storage) => T} use
 * @returns {T | undefined}
 */
export function stored(use) {
  try {
    return use(localStorage);
  } catch {
    return undefined;
  }
}
