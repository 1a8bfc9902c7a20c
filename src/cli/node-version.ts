/** The oldest Node that all of our libraries run on; the same as `engines` in package.json. */
const OLDEST = [22, 18] as const;

/** Why this version of Node does not do, and what to do about it; `undefined` when it does. */
export function refuseNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return undefined;
  return (
    `openclaw-gateway needs Node ${OLDEST.join('.')} or newer, and this is Node ${version}. ` +
    'Install Node 24 (https://nodejs.org), or in a clone of the repository use "npm start", which brings its own.'
  );
}
