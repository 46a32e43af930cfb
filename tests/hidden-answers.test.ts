/**
 * Whatever is sent, only what core calls stored is stored: an answer that the conditions hide never reaches the disk,
 * although the sender put it into the body.
 */
import { compile, createSession, submissionSchema, validate } from '@guichet/core'
import { fieldTypes } from '@guichet/fields/field-types'
import type { Answers, Json } from '@guichet/schemas'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Refused } from '../packages/server/src/problem.ts'
import { createWorld, plainPolicy } from '../packages/server/src/testing/world.ts'
import { type PlainField, randomAnswers, randomDefinition } from './random-service.ts'

const today = '2026-01-05'

/** Replaces every text that may be anything by one that can be looked for. */
function marked(answers: Answers, fields: readonly PlainField[], mark: (path: string) => string, at = ''): Answers {
  const of = (list: readonly PlainField[]): PlainField[] => list.flatMap((field) => (field.fields && !field.repeat ? of(field.fields) : [field]))
  return Object.fromEntries(
    of(fields).flatMap((field): [string, Json][] => {
      const answer = answers[field.id]
      if (answer === undefined) return []
      const path = `${at}${field.id}`
      if (field.repeat && Array.isArray(answer)) return [[field.id, answer.map((row, i) => marked(row as Answers, field.fields ?? [], mark, `${path}/${i}/`))]]
      return [[field.id, field.type === 'textarea' ? mark(path) : answer]]
    }),
  )
}

it('a hidden answer that was sent all the same never reaches the store, for random services', async () => {
  const world = await createWorld()
  let attempts = 0
  let taken = 0
  let hidden = 0
  try {
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (g) => {
        const serial = ++attempts
        const id = `random-${serial}`
        const definition = { ...randomDefinition(g), id }
        const fields = definition.pages.flatMap((page) => page.fields as unknown as PlainField[])
        const marks = new Map<string, string>()
        const mark = (path: string) => {
          const text = `canary${serial}${path.replaceAll('/', 'x')}end`
          marks.set(path, text)
          return text
        }
        const answers = marked(randomAnswers(g, definition, 100), fields, mark)
        const session = createSession(compile(definition, fieldTypes), { today, answers })
        if (validate(session).length > 0) return
        try {
          await world.offer(definition, plainPolicy)
        } catch (error) {
          // What the checks refuse, such as a question that can never be asked, nobody can publish.
          if (error instanceof Refused && error.code === 'findings') return
          throw error
        }
        const response = await world.send({ version: 1, language: 'en', answers }, { service: `city/${id}`, client: `203.0.113.${taken % 250}` })
        expect(response.status).toBe(201)
        taken++
        const agency = world.adapters.store.agency((await world.adapters.store.findAgency('city')) as never)
        const record = (await agency.submissions()).find(({ service }) => service === id)
        const stored = JSON.parse(new TextDecoder().decode(record?.answers)) as Json
        expect(stored).toEqual(session.stored())
        const text = JSON.stringify(stored)
        const secrets = [...marks.values()].filter((secret) => !text.includes(secret))
        if (secrets.length === 0) return
        hidden++
        const disk = world.disk()
        for (const secret of secrets) expect(disk.includes(secret), `${secret} on disk`).toBe(false)
      }),
      { numRuns: 150 },
    )
  } finally {
    await world.close()
  }
  expect(taken).toBeGreaterThan(20)
  expect(hidden).toBeGreaterThan(3)
}, 120_000)

it('the second wall: Ajv would refuse stored answers with anything in them that the service never asks for', () => {
  const definition = {
    format: 1,
    id: 'x',
    languages: ['en'],
    title: { en: 'X' },
    agency: { name: { en: 'A' } },
    locale: { timeZone: 'UTC', calendar: 'gregory', currency: 'EUR', decimals: 2 },
    pages: [{ id: 'p', title: { en: 'P' }, fields: [{ id: 'a', type: 'text', label: { en: 'A' } }] }],
  } as never
  const ajv = new Ajv2020({ strict: false })
  ;(addFormats as unknown as (ajv: Ajv2020) => void)(ajv)
  const check = ajv.compile(submissionSchema(compile(definition, fieldTypes)))
  expect(check({ a: 'x' })).toBe(true)
  expect(check({ a: 'x', b: 'hidden' })).toBe(false)
})
