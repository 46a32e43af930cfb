/** Every expression, checked for what its place asks of it. */
import { checkExpression } from '../expression-check.ts'
import type { LintRule } from './finding.ts'

export const expressions: LintRule = function* ({ program, expressions: all }) {
  for (const { expression, pointer, group, expects } of all) {
    for (const { code, severity, path, params } of checkExpression(expression, { program, group, expects })) {
      yield { code, severity, pointer: pointer + path, params }
    }
  }
}
