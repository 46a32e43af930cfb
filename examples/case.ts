/** What a case of an example says, and whether what came out is what it says. Cases stand in `<example>/cases.json`. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Answers, Json, ServiceDefinition } from '@guichet/schemas'

export interface Case {
  name: string
  /** Day of the submission, where it is not the file's own. */
  today?: string
  /** What a person typed; money in major units where it is a string. */
  answers?: Answers
  expect?: Expectation
  /** What should happen, where it is no function of the answers alone. */
  note?: string
  /** Of a note: what can be tried. The field's answer is taken, and stored so, or refused as no answer at all. */
  tries?: { field: string; typed: string; stored: string | null }[]
}

export interface Expectation {
  documents?: { id: string; copies: number }[]
  /** Some of the computed values; money in minor units. */
  computed?: Record<string, Json>
  /** Total in minor units. */
  fee?: number
  to?: string
  /** Some of the answers as they are stored. */
  stored?: Answers
  /** Pointers of what is wrong, in the order of the pages. Such a case is refused, and has nothing else. */
  errors?: string[]
}

/** What came out of a case, whichever road it took. */
export interface Outcome {
  errors: string[]
  documents: { id: string; copies: number }[]
  computed: Record<string, Json>
  fee: number
  to: string | undefined
  stored: Answers
}

export interface Example {
  id: string
  definition: ServiceDefinition
  policy: Json
  /** Usual day of submission. */
  today: string
  cases: Case[]
  /** Bodies for the submissions route by file name, the ones to be taken and the ones to be refused. */
  valid: Record<string, Submission>
  invalid: Record<string, Submission>
}

export interface Submission {
  version: number
  language: string
  answers: Answers
  documents?: Record<string, string[]>
  atDesk?: string[]
}

const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'))

/** The examples that are services: the folders with a definition. */
export function readExamples(folder: string = import.meta.dirname): Example[] {
  const has = (path: string, file: string) => readdirSync(path).includes(file)
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && has(join(folder, entry.name), 'definition.json'))
    .map(({ name: id }) => {
      const at = join(folder, id)
      const submissions = (kind: string) =>
        Object.fromEntries(
          readdirSync(join(at, 'submissions'))
            .filter((file) => file.startsWith(`${kind}-`))
            .map((file) => [file, read(join(at, 'submissions', file)) as Submission]),
        )
      return {
        id,
        definition: read(join(at, 'definition.json')) as ServiceDefinition,
        policy: (has(at, 'policy.json') ? read(join(at, 'policy.json')) : {}) as Json,
        ...(read(join(at, 'cases.json')) as { today: string; cases: Case[] }),
        valid: submissions('valid'),
        invalid: submissions('invalid'),
      }
    })
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** Sentences about every difference; none if the outcome is exactly as expected. */
export function differences(expected: Expectation, outcome: Outcome): string[] {
  const found: string[] = []
  const compare = (what: string, wanted: unknown, got: unknown) => {
    if (!same(wanted, got)) found.push(`${what}: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`)
  }
  compare('errors', expected.errors ?? [], outcome.errors)
  if (expected.errors || outcome.errors.length > 0) return found
  if (expected.documents) compare('documents', expected.documents, outcome.documents)
  for (const [id, value] of Object.entries(expected.computed ?? {})) compare(id, value, outcome.computed[id])
  if (expected.fee !== undefined) compare('fee', expected.fee, outcome.fee)
  if (expected.to !== undefined) compare('to', expected.to, outcome.to)
  for (const [id, value] of Object.entries(expected.stored ?? {})) compare(`stored ${id}`, value, outcome.stored[id])
  return found
}
