import { setFlagsFromString } from 'node:v8';

/*
 * To start makes a lot of garbage, once. V8 answers by growing the young heap, and never gives that back: measured, an idle
 * daemon was 12 MB larger for it. So the young heap stays small (MB) until the start is over, and may then grow with the load.
 */

export function keepYoungHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--max-semi-space-size=2');
}

/** V8's own settings for 64 bits. */
export function letYoungHeapGrow(): void {
  setFlagsFromString('--semi-space-growth-factor=2');
  setFlagsFromString('--max-semi-space-size=16');
}
