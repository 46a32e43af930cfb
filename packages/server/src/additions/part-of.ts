/**
 * The small form that a citizen fills in when they are asked: the fields and documents that were asked for, taken out of the
 * version that they filled in. Whoever holds only the code must read nothing back, so no earlier answer is in it, and what
 * depends on one is worked out here: of a condition over earlier answers alone only the result is left; one that mixes
 * earlier answers with those that are being given is left out, and asked on the server, which has them all.
 */
import { type FieldNode, type Program, pickText, readPaths, type Session } from '@guichet/core'
import type { Expression, Field, RequiredDocument, ServiceDefinition } from '@guichet/schemas'
import { say } from '../messages.ts'
import type { Ask } from './asked.ts'

export interface Part {
  /** Paths of the fields that may be answered: those that were asked for, and those that follow from them alone. */
  fields: ReadonlySet<string>
  documents: ReadonlySet<string>
  /** Fields whose earlier answers are to be given again. */
  proof: readonly string[]
  definition: ServiceDefinition
}

/** Ids of its pages. */
export const proofPage = 'known'
export const askedPage = 'asked'

type Kept = { is: 'constant'; holds: boolean } | { is: 'own' } | { is: 'mixed' }

/** Reads of an expression at a place: only of what is being given, only of what was given before, or of both. */
function judge(program: Program, session: Session, expression: Expression, group: FieldNode | null, own: (path: string) => boolean): Kept {
  const paths = readPaths(program, expression, group)
  // What is computed follows from answers that may be earlier ones.
  const given = paths.filter((path) => program.nodes.has(path) && own(path))
  if (paths.length > 0 && given.length === paths.length) return { is: 'own' }
  return given.length > 0 || group !== null ? { is: 'mixed' } : { is: 'constant', holds: session.evaluate(expression) === true }
}

/** Fields outside repeated groups whose conditions need nothing but what is asked for: they come and go with it. */
function withFollowers(program: Program, asked: readonly string[], may: ReadonlySet<string>): Set<string> {
  const fields = new Set(asked)
  const candidates = [...program.nodes.values()].filter((node) => node.group === null && may.has(node.path))
  for (let before = -1; before < fields.size; ) {
    before = fields.size
    for (const node of candidates) {
      const paths = conditionsOf(node).flatMap((condition) => readPaths(program, condition, null))
      if (paths.length > 0 && paths.every((path) => fields.has(path))) fields.add(node.path)
    }
  }
  return fields
}

const conditionsOf = ({ conditions, page }: FieldNode): Expression[] => [...conditions, ...(page.when === undefined ? [] : [page.when])]

/**
 * @param session With the answers as they are.
 * @param may What officers may ask for (online.ts).
 */
export function partOf(session: Session, ask: Ask, may: { fields: readonly string[]; documents: readonly string[] }, proof: readonly string[]): Part {
  const { program } = session
  const { definition } = program
  const allowed = new Set(may.fields)
  const fields = withFollowers(
    program,
    ask.fields.filter((path) => allowed.has(path)),
    allowed,
  )
  const asked = new Set(ask.fields)
  const own = (path: string) => fields.has(path.split('.')[0] as string) || fields.has(path)

  const rulesOf = (node: FieldNode) => (node.field.rules ?? []).filter(({ rule }) => judge(program, session, rule, node.group, own).is === 'own')
  const agreesWith = (node: FieldNode) => {
    const name = node.field.agreesWith as string | undefined
    return name !== undefined && (node.group?.rows?.has(name) || own(name)) ? { agreesWith: name } : {}
  }
  /** A field as it is asked for; inside a repeated group, all of it that the citizen answers. */
  const inside = (node: FieldNode): Field => {
    const { when, rules: _rules, agreesWith: _agrees, ...field } = node.field as Field & { when?: Expression; agreesWith?: string }
    const keeps = when !== undefined && judge(program, session, when, node.group, own).is === 'own'
    const rules = rulesOf(node)
    return {
      ...field,
      ...(keeps ? { when } : {}),
      ...(rules.length > 0 ? { rules } : {}),
      ...agreesWith(node),
      ...(node.children.length > 0 ? { fields: node.children.filter(({ type, children }) => type.answers !== false || children.length > 0).map(inside) } : {}),
    } as Field
  }
  const top = (node: FieldNode): Field[] => {
    const judged = conditionsOf(node).map((condition) => ({ condition, ...judge(program, session, condition, null, own) }))
    // What is not asked of this citizen at all cannot be asked again.
    if (judged.some((one) => one.is === 'constant' && !one.holds)) return []
    const left = judged.filter(({ is }) => is === 'own').map(({ condition }) => condition)
    const { when: _when, optional, ...field } = inside(node) as Field & { when?: Expression }
    const when = left.length === 1 ? left[0] : ({ and: left } as Expression)
    return [
      {
        ...field,
        // What an officer asks for by name is needed.
        ...(optional && !asked.has(node.path) ? { optional } : {}),
        ...(left.length > 0 ? { when } : {}),
      } as Field,
    ]
  }

  const nodes = [...program.nodes.values()]
  const shown = nodes.filter(({ path, group }) => group === null && fields.has(path)).flatMap((node) => top(node))
  const wanted = new Set(ask.documents.filter((id) => may.documents.includes(id)))
  const documents = (definition.documents ?? []).filter(({ id }) => wanted.has(id)).map((document) => documentOf(session, document))
  const checks = definition.pages.flatMap((page) =>
    (page.checks ?? []).filter(({ rule, when }) => [rule, when].every((one) => one === undefined || judge(program, session, one, null, own).is === 'own')),
  )
  const text = (key: string) => Object.fromEntries(definition.languages.map((language) => [language, say(language, key)]))
  const known = proof.flatMap((path) => {
    const field = program.scope.get(path)?.field as (Field & { when?: Expression }) | undefined
    if (!field) return []
    const { when: _when, rules: _rules, agreesWith: _agrees, optional: _optional, ...rest } = field as Field & { agreesWith?: string; when?: Expression }
    return [rest as Field]
  })
  const pages = [
    ...(known.length > 0 ? [{ id: proofPage, title: text('addition.known'), intro: text('addition.known.why'), fields: known }] : []),
    ...(shown.length > 0 ? [{ id: askedPage, title: text('addition.asked'), fields: shown, checks }] : []),
  ]
  const { format, id, languages, title, agency, locale, tables } = definition
  return {
    fields: new Set(shown.map((field) => field.id)),
    documents: new Set(documents.map((document) => document.id)),
    proof: known.map((field) => field.id),
    definition: { format, id, languages, title, agency, locale, ...(tables ? { tables } : {}), pages, documents } as ServiceDefinition,
  }
}

/** A document that was asked for is needed, whatever asked for it at first; how many files, the answers said. */
function documentOf(session: Session, document: RequiredDocument): RequiredDocument {
  const { when: _when, optional: _optional, copies: _copies, ...rest } = document
  const copies = copiesOf(session, document)
  return { ...rest, copies, maxFiles: Math.max(copies, document.maxFiles ?? 1) } as RequiredDocument
}

export function copiesOf(session: Session, { copies }: RequiredDocument): number {
  const wanted = copies === undefined ? 1 : session.evaluate(copies)
  return typeof wanted === 'number' && wanted > 1 ? Math.min(50, Math.ceil(wanted)) : 1
}

/** What is asked for, in words: labels of fields and documents. */
export const labelsOf = ({ definition }: Part, order: readonly string[]): string[] =>
  [...(definition.pages.find(({ id }) => id === askedPage)?.fields ?? []), ...(definition.documents ?? [])]
    .filter(({ when }) => when === undefined)
    .map(({ label, id }) => pickText(label, order).text || String(id))
