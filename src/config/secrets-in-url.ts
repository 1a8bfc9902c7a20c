/** What a URL lets in with: its password, and both words as they are sent (RFC 7617). Nothing of what is no URL. */
export function passwordsInUrl(text: string): string[] {
  const url = URL.parse(text.trim());
  if (url === null || url.password === '') return [];
  const [user, password] = [url.username, url.password].map(decoded) as [string, string];
  return [url.password, password, `${user}:${password}`];
}

/** Beside that, what stands in the path and the parameters of a URL that came from outside as a whole. */
export function secretsInUrl(text: string): string[] {
  const url = URL.parse(text.trim());
  if (url === null) return [];
  const parts = [...url.pathname.split('/'), ...url.searchParams.values()];
  return [...passwordsInUrl(text), ...parts.filter((part) => part.length >= SHORTEST_PART).map(decoded)];
}

/** Shorter ones are the words of an API, such as `chat` and `completions`. */
const SHORTEST_PART = 12;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
