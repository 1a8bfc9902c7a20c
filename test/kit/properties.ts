import fc from 'fast-check';

/**
 * Properties are checked on the same examples each time, so that what passes once passes everywhere.
 * `SEED=7 npm test` looks at others; what it finds becomes a test of its own.
 */
export const SEED = Number(process.env.SEED ?? 1);
fc.configureGlobal({ seed: SEED });

export { fc };
