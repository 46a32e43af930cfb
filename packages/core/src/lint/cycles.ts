/** Values that depend on themselves, by way of others or directly. One circle at a time: the next shows when it is gone. */
import { findCycle } from '../program.ts'
import { error, type LintRule } from './finding.ts'

export const cycles: LintRule = function* ({ definition, program, fields }) {
  const cycle = findCycle(program)
  if (!cycle) return
  // A field's value and whether it is asked are two vertices; the author knows one field.
  const paths = [...new Set(cycle.map((vertex) => vertex.slice(2)))]
  const first = paths[0] as string
  const computed = (definition.computed ?? []).findIndex(({ id }) => id === first)
  const pointer = fields.find(({ node }) => node?.path === first)?.pointer ?? (computed >= 0 ? `/computed/${computed}` : '')
  yield error('cycle', pointer, { fields: [...paths, first] })
}
