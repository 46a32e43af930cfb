/** Trying a definition out with made-up answers. Not in the index: only builders and tests need it. */
export type { Decision, Outcome } from './paths/decisions.ts'
export { findPaths, type Path, type PathOptions, type Paths, searchPaths } from './paths/find-paths.ts'
export { sampleOf } from './paths/sample.ts'
