/** Limits no answer can keep, because the least is greater than the greatest. */
import type { Json } from '@guichet/schemas'
import { error, type LintRule } from './finding.ts'

const pairs = [
  ['min', 'max'],
  ['minLength', 'maxLength'],
  ['minChoices', 'maxChoices'],
  ['minFiles', 'maxFiles'],
  ['minDays', 'maxDays'],
] as const

/** Numbers, or dates written out; `today` and what is of two kinds is not compared. */
const isOver = (least: Json | undefined, most: Json | undefined) =>
  (typeof least === 'number' && typeof most === 'number' && least > most) ||
  (typeof least === 'string' && typeof most === 'string' && /^\d{4}-/.test(least) && /^\d{4}-/.test(most) && least > most)

export const crossedLimits: LintRule = function* ({ fields }) {
  for (const { field, pointer } of fields) {
    const repeat = typeof field.repeat === 'object' && field.repeat !== null ? (field.repeat as Record<string, Json>) : {}
    for (const [settings, at] of [
      [field as Record<string, Json | undefined>, pointer],
      [repeat as Record<string, Json | undefined>, `${pointer}/repeat`],
    ] as const)
      for (const [least, most] of pairs) {
        if (isOver(settings[least], settings[most]))
          yield error('limits.crossed', `${at}/${least}`, { min: settings[least] ?? null, max: settings[most] ?? null })
      }
  }
}
