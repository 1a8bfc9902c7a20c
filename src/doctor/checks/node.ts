import { type Check, ok } from '../check.ts';

/** The Node that runs us: one that is kept up for years. What is too old does not get as far as here. */
export const node: Check = {
  name: 'node',
  run({ node: { version, lts } }) {
    if (lts !== undefined) return [ok(`Node ${version} (${lts})`)];
    const cure = 'Install Node 24 (https://nodejs.org); in a clone, `npm start` brings its own.';
    return [
      { level: 'warning', what: `Node ${version} is no long-term version: its mending ends early`, cure },
    ];
  },
};
