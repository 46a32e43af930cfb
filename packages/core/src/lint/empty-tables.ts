/** A table without rows: whatever is looked up in it is absent. */
import { error, type LintRule, step } from './finding.ts'

export const emptyTables: LintRule = function* ({ definition }) {
  for (const [name, table] of Object.entries(definition.tables ?? {}))
    if (Object.keys(table).length === 0) yield error('table.empty', step('/tables', name), { name })
}
