/** A time zone nobody knows: `today` could not be told. */
import { error, type LintRule } from './finding.ts'

export const unknownTimeZones: LintRule = function* ({ definition }) {
  const { timeZone } = definition.locale
  try {
    new Intl.DateTimeFormat('en', { timeZone })
  } catch {
    yield error('timeZone.unknown', '/locale/timeZone', { name: timeZone })
  }
}
