/** Options written out beside a table of options: only one of the two is read, and nobody can tell which was meant. */
import { error, type LintRule } from './finding.ts'

export const bothChoices: LintRule = function* ({ fields }) {
  for (const { field, pointer } of fields)
    if (field.options !== undefined && field.optionsFrom !== undefined) yield error('choices.both', `${pointer}/optionsFrom`, { id: field.id })
}
