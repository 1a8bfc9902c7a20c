/** Markdown, parsed once and split to a limit; a dialect of a platform is a `Style` and a measure. */
export { layout } from './layout.ts';
export { parse } from './parse.ts';
export { plainStyle } from './plain.ts';
export { type Dialect, renderMarkdown } from './render.ts';
export { split } from './split.ts';
export { layoutInlines, type Style } from './style.ts';
export type * from './tree.ts';
