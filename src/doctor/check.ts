import type { Finding } from '../contract/index.ts';
import type { Scene } from './scene.ts';

/** Does what a cure says, where nobody can lose anything by it. Throws when it cannot. */
export type Mending = () => void | Promise<void>;

/** A finding of the doctor. */
export interface Diagnosis extends Finding {
  /** What it is about, where that is not the check itself: `telegram`, `default`. */
  readonly about?: string;
  readonly fix?: Mending;
}

/**
 * One thing that the doctor looks at. It changes nothing, and works beside a running gateway and without one; what it cannot
 * look at because of something that another check tells, it leaves out. What it throws is told as a problem.
 */
export interface Check {
  readonly name: string;
  run(scene: Scene): readonly Diagnosis[] | Promise<readonly Diagnosis[]>;
}

export const ok = (what: string, about?: string): Diagnosis => ({
  level: 'ok',
  what,
  ...(about !== undefined && { about }),
});
