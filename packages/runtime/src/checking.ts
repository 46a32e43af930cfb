/** All that Continue needs, in one file of its own: it comes while the first answers are typed. */
import './more-styles.ts'

export { sayAppeared } from './appeared.ts'
export { errorSummary } from './error-summary.ts'
export { goOn } from './go-on.ts'
