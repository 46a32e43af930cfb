/** What a type itself says of its settings, where their shape is right. */
import { error, type LintRule } from './finding.ts'

export const ownFaults: LintRule = function* ({ fields }) {
  for (const { field, node, pointer } of fields)
    for (const { code, property } of node?.type.faults?.(field as never) ?? []) yield error(code, `${pointer}/${property}`, { value: field[property] ?? null })
}
