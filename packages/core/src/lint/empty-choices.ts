/** A question with nothing to choose from. */
import { error, type LintRule } from './finding.ts'

export const emptyChoices: LintRule = function* ({ definition, fields }) {
  for (const { field, node, pointer } of fields) {
    const choices = node?.type.choices?.(field as never, { tables: (definition.tables ?? {}) as never })
    // A table that is missing or empty has a finding of its own.
    if (choices?.length === 0 && !field.optionsFrom && !field.optionsAt) yield error('choices.none', pointer, { id: field.id })
  }
}
