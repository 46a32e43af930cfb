/** Tables whose rows or totals cannot be what their settings say, and columns that no cell has room for. */
import { nearest } from '../nearest.ts'
import { error, type LintRule, suggesting } from './finding.ts'

export const tableRows: LintRule = function* ({ fields }) {
  for (const { field, node, pointer } of fields) {
    const repeat = field.repeat as { as?: string; each?: string; totals?: string[]; min?: number; max?: number } | undefined
    if (!node?.rows || !repeat || typeof repeat !== 'object') continue
    const at = `${pointer}/repeat`
    const names = [...node.rows.keys()]
    const columnNamed = (name: string) => node.rows?.get(name)
    const { each, totals = [] } = repeat
    if (each !== undefined) {
      const name = columnNamed(each)
      if (!name) yield error('reference.field', `${at}/each`, suggesting({ name: each }, nearest(each, names)))
      else if (name.type.kind(name.field as never) !== 'choice' || !(name.field.options || name.field.optionsFrom))
        yield error('table.noOptions', `${at}/each`, { name: each })
      else if (name.field.when !== undefined || name.field.optional || name.conditions.length > 0)
        yield error('table.nameMayLack', `${at}/each`, { name: each })
      for (const limit of ['min', 'max'] as const) if (repeat[limit] !== undefined) yield error('table.countFixed', `${at}/${limit}`, { name: each })
    }
    for (const [i, name] of totals.entries()) {
      const column = columnNamed(name)
      if (!column) yield error('reference.field', `${at}/totals/${i}`, suggesting({ name }, nearest(name, names)))
      else if (!['number', 'money'].includes(column.type.kind(column.field as never))) yield error('table.noTotal', `${at}/totals/${i}`, { name })
    }
    if (repeat.as !== 'table') continue
    for (const child of node.children) if (child.children.length > 0) yield error('table.group', `${at}/as`, { name: child.field.id })
  }
}
