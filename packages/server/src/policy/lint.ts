/** What is wrong with a policy for the service that it is of: what it names and is not there, and where it is too weak for the data. */
import type { LintFinding } from '@guichet/core/lint/finding'
import type { Policy, ServiceDefinition } from '@guichet/schemas'
import { sayOf } from './explain.ts'
import { presetOf } from './preset.ts'
import type { DataKind, Rule } from './rule.ts'
import { optionsOf } from './settle.ts'

export type PolicyFinding = LintFinding & { detail: string }

/** The kinds of personal data that a definition asks for, in fields at any depth and in documents. */
export function dataKindsOf(definition: ServiceDefinition): ReadonlySet<DataKind> {
  const kinds = new Set<DataKind>()
  const add = (part: { personalData?: DataKind; fields?: unknown }) => {
    if (part.personalData && part.personalData !== 'none') kinds.add(part.personalData)
    for (const field of Array.isArray(part.fields) ? part.fields : []) add(field)
  }
  for (const page of definition.pages) for (const field of page.fields) add(field)
  for (const document of definition.documents ?? []) add(document)
  return kinds
}

/** Every path that a rule may name: fields, computed values, documents. */
function pathsOf(definition: ServiceDefinition): ReadonlySet<string> {
  const paths = new Set<string>()
  const add = (field: { id: string; fields?: unknown; repeat?: unknown }, group: string) => {
    const path = `${group}${field.id}`
    paths.add(path)
    // A group that does not repeat only arranges: its fields belong to what is around it.
    for (const child of Array.isArray(field.fields) ? field.fields : []) add(child, field.repeat ? `${path}.` : group)
  }
  for (const page of definition.pages) for (const field of page.fields) add(field, '')
  for (const { id } of definition.computed ?? []) paths.add(id)
  for (const { id } of definition.documents ?? []) paths.add(`documents.${id}`)
  return paths
}

/** Of a policy that settles, and a definition that lint finds no error in. Errors refuse publishing; warnings are for the author to weigh. */
export function lintPolicy(policy: Policy, definition: ServiceDefinition, rules: readonly Rule[], language: string): PolicyFinding[] {
  const kinds = dataKindsOf(definition)
  const paths = pathsOf(definition)
  const preset = presetOf(policy)
  return rules.flatMap((rule) => {
    const options = optionsOf(policy, rule) as never
    const pointer = `/policy/rules/${rule.name}`
    const unknown = (rule.fields?.(options) ?? []).filter((path) => !paths.has(path))
    const weak = rule.weakness?.(options, kinds, preset) ?? null
    const said = (sentence: Parameters<typeof sayOf>[1]) => sayOf(rule.messages, sentence, language)
    return [
      ...unknown.map((field): PolicyFinding => {
        const params = { field }
        return { code: 'policy.field-unknown', severity: 'error', pointer, params, detail: said({ key: 'policy.field-unknown', params }) }
      }),
      ...(weak ? [{ code: 'policy.weak', severity: 'warning', pointer, params: { ...weak.params }, detail: said(weak) } satisfies PolicyFinding] : []),
    ]
  })
}
