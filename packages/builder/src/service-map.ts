/**
 * The pages of a service as a map: what leads past which page, where the documents are asked for, and where submissions
 * go. Pure: the same rows are drawn, and read as a list.
 */
import type { Expression } from '@guichet/schemas'
import type { Definition } from './editor/edit.ts'
import { nameOf } from './editor/part.ts'

export interface MapStep {
  kind: 'page' | 'documents' | 'check' | 'route'
  /** Part that it leads to in the editor. */
  part: string
  /** What it is called; null: the builder's own word. */
  name: string | null
  /** The condition on it; without one everybody comes here. */
  when: Expression | undefined
  /** Place of the condition, for reading its names. */
  pointer: string
  /** Questions on it, groups counted by what is in them. */
  questions: number
  /** Of those, how many have a condition of their own. */
  conditional: number
  /** Ends the way: the first route that fits is taken. */
  isEnd: boolean
}

type Fields = readonly { when?: unknown; fields?: Fields }[]

function count(fields: Fields): { questions: number; conditional: number } {
  let [questions, conditional] = [0, 0]
  for (const field of fields) {
    const inner = Array.isArray(field.fields) ? count(field.fields as Fields) : { questions: 1, conditional: 0 }
    questions += inner.questions
    conditional += inner.conditional + (field.when === undefined ? 0 : 1)
  }
  return { questions, conditional }
}

export function mapOf(definition: Definition): MapStep[] {
  const steps: MapStep[] = definition.pages.map((page, i) => ({
    kind: 'page',
    part: `/pages/${i}`,
    name: nameOf(definition, page),
    when: page.when,
    pointer: `/pages/${i}/when`,
    ...count(page.fields as Fields),
    isEnd: false,
  }))
  const documents = definition.documents ?? []
  if (documents.length > 0) {
    const asked = documents.every(({ when }) => when !== undefined)
    const conditions = documents.map(({ when }) => when).filter((when) => when !== undefined)
    steps.push({
      kind: 'documents',
      part: '/documents',
      name: null,
      // The page is there as soon as one of them is asked for.
      when: asked ? (conditions.length === 1 ? conditions[0] : { or: conditions as Expression[] }) : undefined,
      pointer: '/documents/0/when',
      questions: documents.length,
      conditional: conditions.length,
      isEnd: false,
    })
  }
  steps.push({ kind: 'check', part: '@handling', name: null, when: undefined, pointer: '', questions: 0, conditional: 0, isEnd: false })
  const called = new Map([
    ...Object.entries(definition.agency.units ?? {}).map(([id, label]): [string, string] => [id, nameOf(definition, { id, label } as never)]),
    ...(definition.stages ?? []).map((stage): [string, string] => [stage.id, nameOf(definition, stage as never)]),
  ])
  for (const [i, route] of (definition.routes ?? []).entries())
    steps.push({
      kind: 'route',
      part: '@handling',
      name: called.get(route.to) ?? route.to,
      when: route.when,
      pointer: `/routes/${i}/when`,
      questions: 0,
      conditional: 0,
      isEnd: true,
    })
  return steps
}
