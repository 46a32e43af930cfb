/** What is wrong with a session, in the order of the pages. The same code in the browser and on the server. */
import type { Expression, Json } from '@guichet/schemas'
import { namedRows, standAsNamed } from './named-rows.ts'
import { places } from './places.ts'
import type { Problem } from './problem.ts'
import { type FieldNode, readPaths } from './program.ts'
import { requiredDocuments } from './required-documents.ts'
import type { Session } from './session.ts'

const pointer = (at: string, id: string) => `/${at}${id}`

interface RepeatLimits {
  min?: number
  max?: number
}

const problemAt = ({ field }: FieldNode, at: string, code: string, params?: Record<string, Json>, message?: Record<string, string>): Problem => ({
  pointer: pointer(at, field.id),
  code,
  ...(params ? { params } : {}),
  ...(message ? { message } : {}),
})

/** The field's own problem, without its rules: at most one, the first. */
export function ownProblem(session: Session, node: FieldNode, at: string): Problem | null {
  const { field, type } = node
  if (type.answers === false || (node.children.length > 0 && !node.rows)) return null
  const value = session.value(node, at)
  if (node.rows) {
    const { min = 0, max } = field.repeat as RepeatLimits
    const named = namedRows(node, session.context)
    if (named) return standAsNamed(value, named) ? null : problemAt(node, at, 'group.named')
    const count = Array.isArray(value) ? value.length : 0
    if (count < min) return problemAt(node, at, 'group.tooFew', { count: min })
    return max !== undefined && count > max ? problemAt(node, at, 'group.tooMany', { count: max }) : null
  }
  const unparsed = session.finding(node, at)
  if (unparsed) return problemAt(node, at, `${field.type}.${unparsed.code}`, unparsed.params, unparsed.message)
  if (value === null) return field.optional ? null : problemAt(node, at, 'required')
  const finding = type.check?.(value, field as never, session.context)
  if (finding) return problemAt(node, at, `${field.type}.${finding.code}`, finding.params, finding.message)
  if (field.unique && node.group && isTaken(session, node, at, value)) return problemAt(node, at, 'unique')
  if (field.agreesWith && !agrees(session, node, at, value)) return problemAt(node, at, 'disagrees')
  return null
}

/** Whether an earlier row has the same answer. */
function isTaken(session: Session, node: FieldNode, at: string, value: Json): boolean {
  const [, before, index] = /^(.*?)(\d+)\/$/.exec(at) ?? []
  for (let i = 0; i < Number(index); i++) if (session.value(node, `${before}${i}/`) === value) return true
  return false
}

/** Compares an identifier with a birth date or gender in the same scope; agrees as long as either says nothing. */
function agrees(session: Session, node: FieldNode, at: string, value: Json): boolean {
  const other = (node.group ? node.group.rows : session.program.scope)?.get(node.field.agreesWith as string)
  if (!other) return true
  const otherValue = session.value(other, at)
  if (otherValue === null) return true
  const [holder, held, claim] = node.type.facts ? [node, value, otherValue] : [other, otherValue, value]
  const claimant = holder === node ? other : node
  const facts = holder.type.facts?.(held, holder.field as never)
  if (!facts || typeof claim !== 'string') return true
  return claimant.type.kind(claimant.field as never) === 'date' ? (facts.birth?.(claim) ?? true) : !facts.gender || facts.gender === claim
}

/**
 * Problems of one page, or of the whole session, its documents included.
 * A rule must be exactly `true`; it is not asked about an optional field left empty, nor where it cannot be known
 * because something it reads has a problem of its own.
 */
export function validate(session: Session, only?: string): Problem[] {
  const { program } = session
  const problems: Problem[] = []
  const faulty = new Set<string>()
  const rules: (() => void)[] = []
  const mustHold = (expression: Expression, group: FieldNode | null, at: string, report: () => Problem) => {
    const holds = session.evaluate(expression, group, at)
    if (holds === true || (holds === null && readPaths(program, expression, group).some((path) => faulty.has(path)))) return
    problems.push(report())
  }

  for (const page of program.definition.pages) {
    if (only !== undefined && page.id !== only) continue
    const nodes = program.pages.get(page.id) ?? []
    for (const { node, at } of places(session, nodes)) {
      const own = ownProblem(session, node, at)
      if (own) {
        problems.push(own)
        faulty.add(node.path)
        continue
      }
      const given = node.rows || session.value(node, at) !== null
      for (const { rule, message } of given ? (node.field.rules ?? []) : [])
        rules.push(() => {
          const place = pointer(at, node.field.id)
          if (!problems.some((problem) => problem.pointer === place)) mustHold(rule, node.group, at, () => ({ pointer: place, code: 'rule', message }))
        })
    }
    const shown = page.when === undefined || session.evaluate(page.when) === true
    for (const check of shown ? (page.checks ?? []) : [])
      rules.push(() => {
        if (check.when === undefined || session.evaluate(check.when) === true)
          mustHold(check.rule, null, '', () => ({ pointer: pointer('', check.id), code: 'rule', message: check.message }))
      })
  }
  for (const rule of rules) rule()
  if (problems.length > 1) sortByPlace(session, problems, only)
  if (only === undefined) problems.push(...documentProblems(session))
  return problems
}

/** Rules were asked last; their problems go where their fields stand. */
function sortByPlace(session: Session, problems: Problem[], only?: string) {
  const order = new Map<string, number>()
  for (const page of session.program.definition.pages) {
    if (only !== undefined && page.id !== only) continue
    for (const { node, at } of places(session, session.program.pages.get(page.id) ?? [])) order.set(pointer(at, node.field.id), order.size)
    for (const check of page.checks ?? []) order.set(pointer('', check.id), order.size)
  }
  problems.sort((a, b) => (order.get(a.pointer) ?? 0) - (order.get(b.pointer) ?? 0))
}

/** Required documents that were not given, or given too often. */
export function documentProblems(session: Session): Problem[] {
  return requiredDocuments(session).flatMap(({ document, copies, maxFiles }): Problem[] => {
    const given = session.documents[document.id]?.length ?? 0
    const atDesk = document.atDesk && session.atDesk.includes(document.id)
    if (given > maxFiles) return [{ pointer: `/documents/${document.id}`, code: 'document.tooMany', params: { count: maxFiles } }]
    if (given >= copies || document.optional || atDesk) return []
    return [{ pointer: `/documents/${document.id}`, code: 'document.missing', params: { count: copies - given } }]
  })
}
