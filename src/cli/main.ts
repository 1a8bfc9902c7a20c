#!/usr/bin/env -S node --max-semi-space-size=8
import module from 'node:module';
import { refuseNode } from './node-version.ts';
import { keepYoungHeapSmall } from './young-heap.ts';

/*
 * The command. An outdated Node would die in the middle of loading a native library, without a word that helps: so
 * nothing but this file and the check itself is loaded before the version is known to do.
 */
const refusal = refuseNode(process.versions.node);
if (refusal === undefined) {
  module.enableCompileCache?.();
  keepYoungHeapSmall();
  const { main } = await import('./program.ts');
  await main(process.argv);
} else {
  process.stderr.write(`${refusal}\n`);
  process.exitCode = 1;
}
