/**
 * What somebody sees of a case. The one place where answers are left out: the case as it is opened, both exports and what
 * deliveries are told go through it. A field that the version does not know is shown to nobody.
 */

import { type FieldNode, type Program, readPaths } from '@guichet/core'
import type { Answers, Expression, Json } from '@guichet/schemas'
import { sealedTarget } from '@guichet/sealing/envelope'
import type { KeptOutcome } from '../intake/seal.ts'

type Sees = (path: string) => boolean
type Row = Record<string, Json>

/** The answers that are theirs to see. */
export const revealedAnswers = ({ scope }: Program, answers: Answers, sees: Sees): Answers => revealedRow(scope, answers as Row, sees) as Answers

function revealedRow(nodes: ReadonlyMap<string, FieldNode>, row: Row, sees: Sees): Row {
  const shown: Row = {}
  for (const [id, value] of Object.entries(row)) {
    const node = nodes.get(id)
    if (!node) continue
    if (!node.rows) {
      if (sees(node.path)) shown[id] = value
      continue
    }
    const { rows } = node
    // Rows are there for whoever sees something in them; what is no list of rows has no fields that could be seen.
    if (Array.isArray(value) && someIn(node, sees)) shown[id] = value.map((one) => (isRow(one) ? revealedRow(rows, one, sees) : {}))
  }
  return shown
}

const isRow = (value: Json): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)
const someIn = ({ path, rows }: FieldNode, sees: Sees): boolean =>
  sees(path) || [...(rows ?? new Map<string, FieldNode>()).values()].some((child) => someIn(child, sees))

/** The outcome without what follows from an answer that is not theirs to see. */
export function revealedOutcome<Kept extends Omit<KeptOutcome, 'sealed'>>(program: Program, outcome: Kept, sees: Sees): Kept {
  const { fee } = program.definition
  const expressions = (fee?.lines ?? []).flatMap(({ amount, when }) => [amount, when])
  const shown = expressions.every((expression) => seesAllReadBy(program, expression, sees))
  return {
    ...outcome,
    computed: Object.fromEntries(Object.entries(outcome.computed).filter(([id]) => seesComputed(program, id, sees))),
    fee: shown ? outcome.fee : { lines: [], total: 0 },
    documents: outcome.documents.filter(({ id }) => seesDocument(program, id, sees)),
    atDesk: outcome.atDesk.filter((id) => seesDocument(program, id, sees)),
    ...(outcome.proved ? { proved: outcome.proved.filter((pointer) => sees(pathOf(pointer))) } : {}),
  }
}

/** `/members/0/email` is an answer to `members.email`. */
const pathOf = (pointer: string) =>
  pointer
    .slice(1)
    .replace(/\/\d+(?=\/)/g, '')
    .replaceAll('/', '.')

/** Whether a file is theirs to see: that of a document, or of a file field. */
export const seesTarget = (program: Program, target: string, sees: Sees): boolean =>
  // Which field a sealed file is of, nobody here knows: it goes to those from whom nothing is hidden.
  target === sealedTarget
    ? hiddenPaths(program, sees).length === 0
    : program.definition.documents?.some(({ id }) => id === target)
      ? seesDocument(program, target, sees)
      : program.nodes.has(target) && sees(target)

const seesDocument = ({ definition }: Program, id: string, sees: Sees) =>
  definition.documents?.some((document) => document.id === id) === true && sees(`documents.${id}`)

/** A computed value says something of what it is computed from. */
export function seesComputed(program: Program, id: string, sees: Sees, above: ReadonlySet<string> = new Set()): boolean {
  const expression = program.computed.get(id)
  // Values that need each other are none: lint refuses them, and nobody is shown one.
  if (expression === undefined || above.has(id) || !sees(id)) return false
  return seesAllReadBy(program, expression, sees, new Set([...above, id]))
}

function seesAllReadBy(program: Program, expression: Expression | undefined, sees: Sees, above: ReadonlySet<string> = new Set()): boolean {
  return readPaths(program, expression, null).every((path) => {
    if (program.computed.has(path)) return seesComputed(program, path, sees, above)
    const node = program.nodes.get(path)
    // A list is read with all that stands in its rows.
    return node !== undefined && seesWhole(node, sees)
  })
}

const seesWhole = ({ path, rows }: FieldNode, sees: Sees): boolean =>
  sees(path) && [...(rows ?? new Map<string, FieldNode>()).values()].every((child) => seesWhole(child, sees))

/** Paths of the version that they do not see, so that a page can say that something is there. */
export const hiddenPaths = (program: Program, sees: Sees): string[] => [
  ...[...program.nodes.values()]
    .filter(({ path, rows, field, type }) => rows === null && !isArranging(field) && type.answers !== false && !sees(path))
    .map(({ path }) => path),
  ...[...program.computed.keys()].filter((id) => !seesComputed(program, id, sees)),
  ...(program.definition.documents ?? []).filter(({ id }) => !sees(`documents.${id}`)).map(({ id }) => `documents.${id}`),
]

const isArranging = (field: object) => 'fields' in field
