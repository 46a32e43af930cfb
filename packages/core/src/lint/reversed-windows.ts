/** An opening window that closes before it opens. */
import { error, type LintRule } from './finding.ts'

export const reversedWindows: LintRule = function* ({ definition }) {
  const { opens, closes, lateUntil } = definition.window ?? {}
  // A date alone is the whole day: it closes after any time of it.
  const end = (moment: string) => (moment.length === 10 ? `${moment}T24:00` : moment)
  if (opens && closes && opens > end(closes)) yield error('window.reversed', '/window/closes', { early: opens, late: closes })
  if (closes && lateUntil && end(closes) > end(lateUntil)) yield error('window.reversed', '/window/lateUntil', { early: closes, late: lateUntil })
}
