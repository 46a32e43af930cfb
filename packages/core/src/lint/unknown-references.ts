/** Names of fields, documents, units, stages, tables, look-ups and appointment books that do not exist. */
import { nearest } from '../nearest.ts'
import type { FieldNode } from '../program.ts'
import { error, type LintFinding, type LintRule, step, suggesting, warning } from './finding.ts'

const outcomes = ['auto_approve', 'auto_reject', 'auto_confirm']

export const unknownReferences: LintRule = function* ({ definition, program, fields }) {
  function* oneOf(name: string | undefined, known: Iterable<string>, code: string, pointer: string): Iterable<LintFinding> {
    const names = [...known]
    if (typeof name === 'string' && !names.includes(name)) yield error(code, pointer, suggesting({ name }, nearest(name, names)))
  }
  const ids = (list: readonly { id: string }[] | undefined) => (list ?? []).map(({ id }) => id)
  const units = Object.keys(definition.agency.units ?? {})
  const documents = ids(definition.documents)
  const stages = ids(definition.stages)
  const slots = ids(definition.slots)
  const tables = Object.keys(definition.tables ?? {})
  const names = [...program.scope.keys()]
  const isDate = (node: FieldNode | undefined) => !node || ['date', 'unknown'].includes(node.type.kind(node.field as never))

  function* dateField(name: string | undefined, pointer: string): Iterable<LintFinding> {
    yield* oneOf(name, names, 'reference.field', pointer)
    if (name !== undefined && !isDate(program.scope.get(name))) yield error('reference.notDate', pointer, { name })
  }
  function* column(table: string | undefined, name: string | undefined, pointer: string): Iterable<LintFinding> {
    const rows = table !== undefined && Object.hasOwn(definition.tables ?? {}, table) ? Object.values(definition.tables?.[table] ?? {}) : []
    if (rows.length > 0) yield* oneOf(name, new Set(rows.flatMap((row) => Object.keys(row))), 'reference.column', pointer)
  }

  for (const [i, name] of (definition.guide?.questions ?? []).entries()) yield* oneOf(name, names, 'reference.field', `/guide/questions/${i}`)
  for (const [i, page] of definition.pages.entries())
    for (const [j, check] of (page.checks ?? []).entries()) yield* oneOf(check.field, names, 'reference.field', `/pages/${i}/checks/${j}/field`)

  for (const { field, node, pointer } of fields) {
    const scope = node?.group?.rows?.keys() ?? names
    yield* oneOf(field.agreesWith, scope, 'reference.field', `${pointer}/agreesWith`)
    yield* oneOf(field.from, ['session', ...ids(definition.lookups), ...names, ...(node?.group?.rows?.keys() ?? [])], 'reference.source', `${pointer}/from`)
    if (typeof field.slots === 'string') yield* oneOf(field.slots, slots, 'reference.slots', `${pointer}/slots`)
    const from = field.optionsFrom as { table?: string; label?: string } | undefined
    if (from && typeof from === 'object') {
      yield* oneOf(from.table, tables, 'reference.table', `${pointer}/optionsFrom/table`)
      yield* column(from.table, from.label, `${pointer}/optionsFrom/label`)
      if (typeof field.price === 'string') yield* column(from.table, field.price, `${pointer}/price`)
    }
  }
  for (const [i, document] of (definition.documents ?? []).entries()) yield* dateField(document.expiresAfter, `/documents/${i}/expiresAfter`)
  yield* oneOf(definition.payout?.to, names, 'reference.field', '/payout/to')
  for (const [i, route] of (definition.routes ?? []).entries())
    yield* oneOf(route.to, [...stages, ...units, ...outcomes], 'reference.target', `/routes/${i}/to`)
  for (const [i, stage] of (definition.stages ?? []).entries()) {
    const at = `/stages/${i}`
    yield* oneOf(stage.unit, units, 'reference.unit', `${at}/unit`)
    for (const [j, { unit }] of (stage.units ?? []).entries()) yield* oneOf(unit, units, 'reference.unit', `${at}/units/${j}/unit`)
    yield* oneOf(stage.slot, slots, 'reference.slots', `${at}/slot`)
    yield* dateField(stage.term?.after, `${at}/term/after`)
  }
  for (const [i, output] of (definition.outputs ?? []).entries()) {
    yield* dateField(output.validFrom, `/outputs/${i}/validFrom`)
    yield* dateField(output.validTo, `/outputs/${i}/validTo`)
  }
  for (const [i, lookup] of (definition.lookups ?? []).entries()) {
    const at = `/lookups/${i}`
    for (const [parameter, name] of Object.entries(lookup.input)) yield* oneOf(name, names, 'reference.field', step(`${at}/input`, parameter))
    for (const path of Object.keys(lookup.output)) yield* oneOf(path, program.nodes.keys(), 'reference.field', step(`${at}/output`, path))
    for (const name of Object.keys(lookup.sets ?? {})) yield* oneOf(name, names, 'reference.field', step(`${at}/sets`, name))
    yield* oneOf(lookup.document, documents, 'reference.document', `${at}/document`)
  }
  // A wallet may hold more than this service asks for; naming it here changes nothing.
  for (const [i, name] of (definition.wallet ?? []).entries())
    if (!documents.includes(name)) yield warning('reference.document', `/wallet/${i}`, suggesting({ name }, nearest(name, documents)))
  const { capacity } = definition
  yield* oneOf(capacity?.table, tables, 'reference.table', '/capacity/table')
  yield* column(capacity?.table, capacity?.places, '/capacity/places')
  yield* column(capacity?.table, capacity?.taken, '/capacity/taken')
}
