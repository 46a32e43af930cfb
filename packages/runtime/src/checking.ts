/** All that Continue needs, in one file of its own: it comes while the first answers are typed. */
export { errorSummary, focusSummary } from './error-summary.ts'
export { nextStep, problemsAt } from './going-on.ts'
export { shown } from './shown-problem.ts'
