/**
 * A service that is sealed end to end, as its server sees it: the definition with the clear fields alone. The server checks
 * and reckons with it as with any definition, so nothing it does can depend on what is sealed. Whoever publishes is told
 * where something that the server has to know would need a sealed field.
 */
import type { Expression, Field, Page, ServiceDefinition } from '@guichet/schemas'
import { type FieldNode, type Program, readPaths } from './program.ts'

/** Something that the server works out, and the sealed field that it would need for it. */
export interface SealedNeed {
  /** JSON pointer into the definition. */
  pointer: string
  /** Definition path of the field, or id of the computed value. */
  field: string
}

export interface ClearPartOf {
  definition: ServiceDefinition
  needs: SealedNeed[]
  /** Names that are no fields of this service outside repeated groups. */
  unknown: string[]
  /** Fields for files: those are always sealed. */
  files: string[]
}

/** `clear`: ids of fields outside repeated groups; a repeated group is clear or sealed as a whole. */
export function clearPartOf(program: Program, clear: readonly string[]): ClearPartOf {
  const { definition } = program
  const kept = new Set(clear.filter((id) => program.scope.has(id)))
  const rootOf = (path: string) => path.split('.')[0] as string
  const nodes = [...program.nodes.entries()].filter(([path, node]) => (node.rows || node.children.length === 0) && kept.has(rootOf(path)))

  // Whether a computed value reads clear things alone. One that is being asked about already reads itself, which lint refuses.
  const computed = new Map<string, boolean>()
  const isClear = (path: string): boolean => (program.computed.has(path) && !program.scope.has(path) ? isClearValue(path) : kept.has(rootOf(path)))
  const isClearValue = (id: string): boolean => {
    const known = computed.get(id)
    if (known !== undefined) return known
    computed.set(id, true)
    const found = readPaths(program, program.computed.get(id), null).every(isClear)
    computed.set(id, found)
    return found
  }

  const needs: SealedNeed[] = []
  const sealedIn = (expression: Expression | undefined, group: FieldNode | null = null) => [
    ...new Set(readPaths(program, expression, group).filter((path) => !isClear(path))),
  ]
  const need = (pointer: string, expression: Expression | undefined, group: FieldNode | null = null) => {
    for (const field of sealedIn(expression, group))
      if (!needs.some((other) => other.pointer === pointer && other.field === field)) needs.push({ pointer, field })
  }

  const pagePointer = (page: Page) => `/pages/${definition.pages.indexOf(page)}`
  for (const [, { field, group, page, conditions }] of nodes) {
    const at = `${pagePointer(page)}/fields/${field.id}`
    need(`${pagePointer(page)}/when`, page.when)
    for (const condition of conditions) need(`${at}/when`, condition, group)
    for (const { rule } of field.rules ?? []) need(`${at}/rules`, rule, group)
    if (field.type === 'computed') need(`${at}/value`, field.value as Expression, group)
  }
  definition.documents?.forEach(({ when, copies }, i) => {
    need(`/documents/${i}/when`, when)
    need(`/documents/${i}/copies`, copies)
  })
  definition.fee?.lines.forEach(({ when, amount }, i) => {
    need(`/fee/lines/${i}/when`, when)
    need(`/fee/lines/${i}/amount`, amount)
  })
  definition.routes?.forEach(({ when }, i) => {
    need(`/routes/${i}/when`, when)
  })
  definition.stages?.forEach(({ units, term }, i) => {
    units?.forEach(({ when }, j) => {
      need(`/stages/${i}/units/${j}/when`, when)
    })
    if (term?.after !== undefined) need(`/stages/${i}/term/after`, { var: term.after })
  })

  const fieldsOf = (fields: readonly Field[]): Field[] =>
    fields.flatMap((field) => {
      const inside = field.fields as Field[] | undefined
      if (field.repeat || !inside) return kept.has(field.id) ? [field] : []
      const left = fieldsOf(inside)
      return left.length > 0 ? [{ ...field, fields: left }] : []
    })
  const pages = definition.pages.flatMap((page) => {
    const fields = fieldsOf(page.fields)
    // Checks over sealed fields are made where the answers are open: in the citizen's browser and in officers'.
    const checks = (page.checks ?? []).filter(({ when, rule }) => sealedIn(when).length === 0 && sealedIn(rule).length === 0)
    const isAsked = fields.length > 0 || (checks.length > 0 && sealedIn(page.when).length === 0)
    return isAsked ? [{ ...page, fields, checks }] : []
  })
  return {
    definition: { ...definition, pages, computed: (definition.computed ?? []).filter(({ id }) => isClearValue(id)) } as ServiceDefinition,
    needs,
    unknown: clear.filter((id) => !program.scope.has(id)),
    files: nodes.flatMap(([path, { type }]) => (type.attachments ? [path] : [])),
  }
}
