/** Options written out beside a table of options, or an address of some: only one of them is read, and nobody can tell which was meant. */
import { error, type LintRule } from './finding.ts'

export const bothChoices: LintRule = function* ({ fields }) {
  for (const { field, pointer } of fields) {
    const given = ['options', 'optionsFrom', 'optionsAt'].filter((name) => field[name] !== undefined)
    if (given.length > 1) yield error('choices.both', `${pointer}/${given.at(-1)}`, { id: field.id })
  }
}
