/** Makes answers for the search for paths, and changes them. */
import type { Answers, Json } from '@guichet/schemas'
import { asNamed, namedRows, standAsNamed } from '../named-rows.ts'
import { places } from '../places.ts'
import type { FieldNode, Program } from '../program.ts'
import { createSession, type Session } from '../session.ts'
import { ownProblem } from '../validate.ts'
import { besideOf, interestingOf } from './interesting.ts'
import type { Random } from './random.ts'
import { type SampleContext, sampleOf, sampleWordIn } from './sample.ts'
import { settle } from './settle-answer.ts'

/** Rounds in which required answers are put in: each may reveal further fields. */
const rounds = 12
const mostRows = 4

/**
 * @returns `complete`: a session with what is required put in; `put`: answers with one field's nth value; `change`: with
 * one to four fields' values; `valuesOf`: the values worth trying; `unanswered`: paths of fields that none was found for.
 */
export function answerMaker(program: Program, today: string) {
  const beside = besideOf(program)
  const context: SampleContext = { ...createSession(program, { today }).context, sampleWord: sampleWordIn(program.definition.languages) }
  const samples = new Map<string, Json | undefined>()
  const values = new Map<string, readonly Json[]>()
  const unanswered = new Set<string>()

  const sample = (node: FieldNode): Json | undefined => {
    if (!samples.has(node.path)) samples.set(node.path, sampleOf(node, context))
    return samples.get(node.path)
  }
  const limits = ({ field }: FieldNode) => (field as { repeat?: { min?: number; max?: number } }).repeat ?? {}
  /** For a repeated group: numbers of rows. */
  const valuesOf = (path: string): readonly Json[] => {
    let known = values.get(path)
    const node = program.nodes.get(path)
    if (known || !node) return known ?? []
    // How many rows a table has is not for the answers to say, nor what they are called.
    if (namedRows(node, context) || (node.group && namedRows(node.group, context)?.name === node)) known = []
    else if (node.rows) {
      const { min = 0, max = mostRows } = limits(node)
      const counts = [
        min,
        1,
        2,
        ...[...(beside.get(path) ?? [])].flatMap((count) => (typeof count === 'number' ? [count - 1, count, count + 1] : [])),
        Math.min(max, mostRows),
      ]
      known = [...new Set(counts)].filter((count) => Number.isInteger(count) && count >= min && count <= Math.min(max, 12)).sort((a, b) => a - b)
    } else known = interestingOf(node, beside, context)
    values.set(path, known)
    return known
  }

  /** Puts in what is required and not there, until nothing more is asked. */
  const complete = (given: Answers): Session => {
    const session = createSession(program, { today, answers: given })
    for (let round = 0; round < rounds; round++) {
      let changed = false
      for (const nodes of program.pages.values())
        for (const { node, at } of places(session, nodes)) {
          const instance = at + node.field.id
          if (node.rows) {
            const rows = session.input(instance)
            const named = namedRows(node, context)
            if (named) {
              if (standAsNamed(rows, named)) continue
              session.set(instance, asNamed(rows, named))
              changed = true
              continue
            }
            const { min = 0 } = limits(node)
            for (let count = Array.isArray(rows) ? rows.length : 0; count < min; count++) {
              session.addRow(instance)
              changed = true
            }
            continue
          }
          if (node.children.length > 0 || node.type.answers === false || node.field.type === 'computed') continue
          if (session.value(node, at) === null) {
            if (node.field.optional) continue
            const made = sample(node) ?? valuesOf(node.path).find((value) => value !== null)
            if (made === undefined) unanswered.add(node.path)
            else {
              session.set(instance, made)
              changed = true
            }
            continue
          }
          if (!ownProblem(session, node, at)) continue
          // Two rows with one answer, or a number that says another birth than the one beside it.
          if (!settle(session, node, at, context)) continue
          changed = true
        }
      if (!changed) break
    }
    return session
  }

  /** Gives a field its nth value; in rows in one of them or, as often, in all, and in a row that is added if there is none. */
  const put = (answers: Answers, path: string, index: number, random: Random): Answers => {
    const list = valuesOf(path)
    const value = list[index % Math.max(1, list.length)]
    if (value === undefined) return answers
    const session = createSession(program, { today, answers })
    const ids = path.split('.')
    const everywhere = random() < 0.5
    const enter = (at: string, depth: number): void => {
      const instance = at + ids[depth]
      if (!program.nodes.get(ids.slice(0, depth + 1).join('.'))?.rows) {
        session.set(instance, value)
        return
      }
      const count = () => {
        const rows = session.input(instance)
        return Array.isArray(rows) ? rows.length : 0
      }
      if (depth === ids.length - 1) {
        while (count() < (value as number)) session.addRow(instance)
        while (count() > (value as number)) session.removeRow(instance, count() - 1)
        return
      }
      if (count() === 0) session.addRow(instance)
      if (!everywhere) enter(`${instance}/${random.whole(0, count() - 1)}/`, depth + 1)
      else for (let i = 0; i < count(); i++) enter(`${instance}/${i}/`, depth + 1)
    }
    enter('', 0)
    return session.inputs as Answers
  }

  /** Gives one to four of the fields another value. */
  const change = (answers: Answers, factors: readonly string[], random: Random): Answers => {
    let next = answers
    if (factors.length === 0) return next
    for (let count = random.whole(1, Math.min(4, factors.length)); count > 0; count--) {
      const factor = random.of(factors)
      next = put(next, factor, random.whole(0, Math.max(0, valuesOf(factor).length - 1)), random)
    }
    return next
  }

  return { complete, put, change, valuesOf, unanswered }
}
