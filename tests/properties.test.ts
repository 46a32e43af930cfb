import {
  compile,
  computedValues,
  createSession,
  feeOf,
  localise,
  places,
  requiredDocuments,
  routeOf,
  type Session,
  submissionSchema,
  validate,
} from '@guichet/core'
import { fieldTypes } from '@guichet/fields/field-types'
import type { Answers, Json } from '@guichet/schemas'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Gen, pick, randomAnswers, randomDefinition, typed } from './random-service.ts'

const today = '2026-01-05'
const ajv = () => {
  const instance = new Ajv2020({ strict: false, allErrors: true })
  ;(addFormats as unknown as (ajv: Ajv2020) => void)(instance)
  return instance
}

/** Everything a session says. */
const says = (session: Session) => ({
  stored: session.stored(),
  documents: requiredDocuments(session).map(({ document, copies, maxFiles }) => [document.id, copies, maxFiles]),
  computed: computedValues(session),
  fee: feeOf(session),
  route: routeOf(session)?.to,
})
const problems = (session: Session) => validate(session).map(({ pointer, code }) => `${pointer} ${code}`)

/** Paths of all inputs, rows entered. */
function inputPaths(answers: Answers, at = ''): [string, Json][] {
  return Object.entries(answers).flatMap(([id, value]): [string, Json][] =>
    Array.isArray(value) && value.some((item) => typeof item === 'object' && item !== null && !Array.isArray(item))
      ? value.flatMap((row, i) => inputPaths(row as Answers, `${at}${id}/${i}/`))
      : [[at + id, value]],
  )
}
const shuffle = <T>(g: Gen, items: T[]): T[] => {
  const rest = [...items]
  return items.map(() => rest.splice(g(fc.integer, { min: 0, max: rest.length - 1 }), 1)[0] as T)
}

const runs = { numRuns: Number(process.env.PROPERTY_RUNS ?? 300) }

describe('for random services and answers', () => {
  it('the order of edits never matters, and what was typed in between leaves no trace', () => {
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const program = compile(randomDefinition(g), fieldTypes)
        const answers = randomAnswers(g, program.definition)
        const fresh = createSession(program, { today, answers })
        const edited = createSession(program, { today })
        for (const [id, value] of Object.entries(answers)) if (Array.isArray(value)) for (const _ of value) if (program.scope.get(id)?.rows) edited.addRow(id)
        for (const [path] of shuffle(g, inputPaths(answers)).slice(0, 4)) {
          edited.set(path, pick(g, typed))
          says(edited)
          problems(edited)
        }
        for (const [path, value] of shuffle(g, inputPaths(answers))) edited.set(path, value)
        for (const [id, value] of Object.entries(answers)) if (program.scope.get(id)?.rows) edited.set(id, value)
        expect(says(edited)).toEqual(says(fresh))
        expect(problems(edited)).toEqual(problems(fresh))
      }),
      runs,
    )
  })

  it('set() names every path whose value or relevance changed', () => {
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const program = compile(randomDefinition(g), fieldTypes)
        const session = createSession(program, { today, answers: randomAnswers(g, program.definition) })
        const look = () =>
          new Map(
            [...program.nodes.values()]
              .filter((node) => !node.group)
              .map((node) => [node.path, JSON.stringify([session.isRelevant(node), session.value(node)])]),
          )
        const before = look()
        const paths = inputPaths(session.inputs)
        if (paths.length === 0) return
        const touched = session.set((pick(g, paths) as [string, Json])[0], pick(g, typed))
        for (const [path, state] of look()) if (state !== before.get(path)) expect([...touched]).toContain(path)
      }),
      runs,
    )
  })

  it('browser (one language, typed inputs) and server (all languages, what was sent) agree', () => {
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const definition = randomDefinition(g)
        const browser = createSession(compile(localise(definition, 'el'), fieldTypes), { today, answers: randomAnswers(g, definition) })
        const sent = JSON.parse(JSON.stringify(browser.stored())) as Answers
        const server = createSession(compile(definition, fieldTypes), { today, answers: sent })
        // An input that is no value of its type is never sent: only the browser can tell the person about it.
        const unparsed = [...browser.program.pages.values()].some((nodes) =>
          [...places(browser, nodes)].some(({ node, at }) => !node.rows && browser.finding(node, at)),
        )
        if (unparsed) return
        expect(says(server)).toEqual(says(browser))
        expect(problems(server)).toEqual(problems(browser))
      }),
      runs,
    )
  })

  it('what core accepts, Ajv accepts; and no hidden answer is in it', () => {
    let accepted = 0
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const program = compile(randomDefinition(g), fieldTypes)
        const session = createSession(program, { today, answers: randomAnswers(g, program.definition, 97) })
        if (validate(session).length > 0) return
        accepted++
        const check = ajv().compile(submissionSchema(program))
        const stored = session.stored()
        expect(check(stored) ? [] : check.errors).toEqual([])
        for (const [id, node] of program.scope) if (!session.isRelevant(node)) expect(stored).not.toHaveProperty(id)
      }),
      runs,
    )
    // A property that never reaches its point proves nothing.
    expect(accepted).toBeGreaterThan(runs.numRuns / 10)
  }, 60_000)

  it('nothing a person sends makes it throw', () => {
    fc.assert(
      fc.property(fc.gen(), fc.dictionary(fc.constantFrom('f0', 'f1', 'f2', 'f3', '__proto__', 'constructor'), fc.jsonValue()), (g, junk) => {
        const program = compile(randomDefinition(g), fieldTypes)
        const session = createSession(program, { today, answers: junk as Answers })
        says(session)
        problems(session)
      }),
      runs,
    )
  })
})
