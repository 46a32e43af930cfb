/**
 * Files asked for in rows: they multiply. More than the 50 that any policy takes with one submission cannot be sent, however
 * much is uploaded before.
 */
import type { FieldNode } from '../program.ts'
import { type LintRule, type PlacedField, warning } from './finding.ts'

/** As many as the presets of the rule about uploads take with one submission. */
export const filesAtMost = 50

export const manyFiles: LintRule = function* ({ fields }) {
  for (const placed of fields) {
    const { field, node, pointer } = placed
    if (!node?.group || !node.type.attachments || field.optional) continue
    const rows = rowsAround(node.group)
    const each = filesOf(placed)
    if (rows * each > filesAtMost)
      yield warning(Number.isFinite(rows) ? 'files.tooMany' : 'files.unlimited', pointer, { id: field.id, group: node.group.field.id, count: filesAtMost })
  }
}

const number = (value: unknown, otherwise: number) => (typeof value === 'number' ? value : otherwise)

const filesOf = ({ field }: PlacedField) => number(field.maxFiles, number(field.minFiles, 1))

/** The most rows that there can be, over groups within groups. */
function rowsAround(group: FieldNode): number {
  let rows = 1
  for (let at: FieldNode | null = group; at; at = at.group) rows *= number((at.field.repeat as { max?: number } | undefined)?.max, Number.POSITIVE_INFINITY)
  return rows
}
