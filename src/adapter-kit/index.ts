/**
 * What several adapters need and no platform decides: each file is one small thing. An adapter takes from here what it
 * can use as it is, and writes what is different by itself.
 */
export * from './batch.ts';
export * from './download.ts';
export * from './emoji.ts';
export * from './errors.ts';
export * from './json.ts';
export * from './latest.ts';
export * from './lives.ts';
export * from './one-at-a-time.ts';
export * from './outgoing-file.ts';
export * from './persistently.ts';
export * from './sent-again.ts';
export * from './server-of-ours.ts';
export * from './typing.ts';
export * from './waiting.ts';
export * from './webhook.ts';
