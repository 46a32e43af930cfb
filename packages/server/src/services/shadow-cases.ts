/** What would become of a submission under other rules than its own: pure, so that it runs in a worker. */
import { compile, createSession, type FieldTypes, feeOf, type Program, routeOf, type Session, validate } from '@guichet/core'
import type { Answers, ServiceDefinition } from '@guichet/schemas'

/** A submission as far as rules look at it. */
export interface ShadowCase {
  version: number
  /** When it was sent, in the service's time zone. */
  today: string
  answers: Answers
  documents: Record<string, string[]>
  atDesk: string[]
}

export interface ShadowQuestion {
  /** The definitions that they were sent under, by version. */
  before: Readonly<Record<number, ServiceDefinition>>
  after: ServiceDefinition
  cases: readonly ShadowCase[]
}

/** Paths are those of the definition: nothing of what was answered is in here. */
export interface ShadowOutcome {
  /** What it would be refused for, and was not: `path code`, each once. */
  refusals: string[]
  /** Questions that it would have to answer and was never asked. */
  unasked: string[]
  fee: { before: number; after: number }
  route: { before: string | null; after: string | null }
}

/** Steps of all expressions of one submission together, as on the road in. */
const mostSteps = 1_000_000

/** Null: it is too complex to be told. */
export function shadowOf({ before, after, cases }: ShadowQuestion, types: FieldTypes): (ShadowOutcome | null)[] {
  const compiled = new Map<ServiceDefinition, Program>()
  const programOf = (definition: ServiceDefinition) => {
    const found = compiled.get(definition) ?? compile(definition, types)
    compiled.set(definition, found)
    return found
  }
  const open = (program: Program, { today, answers, documents, atDesk }: ShadowCase) =>
    createSession(program, { today, answers, documents, atDesk, steps: mostSteps })
  return cases.map((one) => {
    const own = before[one.version]
    if (!own) return null
    try {
      const [then, now] = [open(programOf(own), one), open(programOf(after), one)]
      // What it would not pass today under its own rules either says nothing of the new ones.
      const known = new Set(validate(then).map(({ pointer, code }) => `${pathOf(pointer)} ${code}`))
      const refusals = new Set<string>()
      const unasked = new Set<string>()
      for (const { pointer, code } of validate(now)) {
        const path = pathOf(pointer)
        if (known.has(`${path} ${code}`)) continue
        if (code === 'required' && !wasAsked(then, pointer)) unasked.add(path)
        else refusals.add(`${path} ${code}`)
      }
      return {
        refusals: [...refusals],
        unasked: [...unasked],
        fee: { before: feeOf(then).total, after: feeOf(now).total },
        route: { before: routeOf(then)?.to ?? null, after: routeOf(now)?.to ?? null },
      }
    } catch (error) {
      if (error instanceof RangeError) return null
      throw error
    }
  })
}

/** `/members/0/name` is `members.name`: which row it was would say something of somebody. */
const pathOf = (pointer: string) =>
  pointer
    .split('/')
    .slice(1)
    .filter((key) => !/^\d+$/.test(key))
    .join('.')

/** A question with an answer was asked; one without was if it stood there and could be left empty. */
const wasAsked = (session: Session, pointer: string) => session.program.nodes.has(pathOf(pointer))
