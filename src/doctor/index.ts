/** The doctor: looks at everything that a gateway needs, says what is wrong and what to do, and mends what is safe to mend. */
export { type Check, type Diagnosis, type Mending, ok } from './check.ts';
export { type Examined, examine } from './examine.ts';
export { askedAgent, askedChannel } from './probing.ts';
export { type SceneOptions, setScene } from './scene.ts';
