import { compile, createSession, type FieldTypes, submissionSchema, validate } from '@guichet/core'
import { lint } from '@guichet/core/lint'
import { fieldTypes } from '@guichet/fields/field-types'
import { fieldSettings } from '@guichet/fields/settings-schemas'
import policySchema from '@guichet/schemas/policy.schema.json' with { type: 'json' }
import definitionSchema from '@guichet/schemas/service-definition.schema.json' with { type: 'json' }
import submissionBody from '@guichet/schemas/submission.schema.json' with { type: 'json' }
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import { casesOf, readAcceptanceList } from './acceptance-list.ts'
import { differences, readExamples, type Submission } from './case.ts'
import { filledIn, outcomeOf } from './run-case.ts'

const types: FieldTypes = fieldTypes
const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, strictTypes: false, discriminator: true, keywords: ['tsType'] })
addFormats.default(ajv)
const isDefinition = ajv.compile(definitionSchema)
const isPolicy = ajv.compile(policySchema)
const isSubmission = ajv.compile({ ...submissionBody, $id: undefined })
const examples = readExamples()
const list = readAcceptanceList()
if (!list) console.warn('SKIPPED: the examples were not compared with the acceptance list, because it does not lie beside this repository')

test('there are six services in five languages', () => {
  expect(examples.length).toBe(6)
  expect(new Set(examples.flatMap((example) => example.definition.languages))).toEqual(new Set(['el', 'vi', 'hu', 'fa', 'en']))
})

describe.each(examples.map((example) => [example.id, example] as const))('%s', (id, example) => {
  const { definition } = example

  test('is valid against the published schema', () => {
    isDefinition(definition)
    expect(isDefinition.errors ?? []).toEqual([])
    expect(definition.id).toBe(id)
  })

  test('can be published: lint finds no error', () => {
    const findings = lint(definition, types, fieldSettings as never)
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
    // The one thing left to warn about: a wallet that offers a scan which this service does not ask for.
    expect(findings.map(({ pointer }) => pointer)).toEqual(id === 'vi-thuong-tru' ? ['/wallet/0'] : [])
  })

  test('has a policy that is valid against the published schema', () => {
    isPolicy(example.policy)
    expect(isPolicy.errors ?? []).toEqual([])
  })

  test('says every text in all its languages', () => {
    const missing: string[] = []
    const visit = (value: unknown, at: string) => {
      if (typeof value !== 'object' || value === null) return
      const keys = Object.keys(value)
      const isText = keys.some((key) => definition.languages.includes(key)) && Object.values(value).every((part) => typeof part === 'string')
      if (isText)
        missing.push(...definition.languages.filter((language) => !(value as Record<string, string>)[language]).map((language) => `${at}: ${language}`))
      else for (const key of keys) visit((value as Record<string, unknown>)[key], `${at}/${key}`)
    }
    visit(definition, '')
    expect(missing).toEqual([])
  })

  test('says what each personal answer and document is for, and by which law', () => {
    const silent: string[] = []
    const visit = (value: unknown, at: string) => {
      if (typeof value !== 'object' || value === null) return
      if ('personalData' in value && !('purpose' in value && 'legalBasis' in value)) silent.push(at)
      for (const [key, part] of Object.entries(value)) visit(part, `${at}/${key}`)
    }
    visit(definition, '')
    expect(silent).toEqual([])
    expect(JSON.stringify(definition)).toContain('personalData')
  })

  test.each(example.cases.filter((item) => item.expect).map((item) => [item.name, item] as const))('case: %s', (_, { today, answers, expect: expected }) => {
    const session = filledIn(definition, types, today ?? example.today, answers ?? {})
    expect(differences(expected ?? {}, outcomeOf(session))).toEqual([])
    if (expected?.errors) return
    const stored = session.stored()
    const isStored = ajv.compile(submissionSchema(session.program))
    isStored(stored)
    expect(isStored.errors ?? [], 'valid against the submission schema').toEqual([])
    const again = filledIn(definition, types, today ?? example.today, stored)
    expect(again.stored(), 'stored answers are stored as they are').toEqual(stored)
    expect(differences(expected ?? {}, outcomeOf(again))).toEqual([])
  })

  const tries = example.cases.flatMap((item) => (item.tries ?? []).map((attempt) => [`${item.name}: ${attempt.typed} in ${attempt.field}`, attempt] as const))
  if (tries.length > 0)
    test.each(tries)('%s', (_, { field, typed, stored }) => {
      const base = example.cases.find((item) => item.expect && !item.expect.errors)
      const session = createSession(compile(definition, types), { today: example.today, answers: base?.answers ?? {} })
      session.set(field, typed)
      expect(session.stored()[field] ?? null).toBe(stored)
      const problem = validate(session).find((one) => one.pointer === `/${field}`)
      // A real day may still break a rule of the service; what is no day at all is refused by the type.
      if (stored === null) expect(problem?.code).toMatch(/^date\./)
      else expect(problem?.code ?? 'rule').toBe('rule')
    })

  const bodies = (kind: 'valid' | 'invalid') => Object.entries(example[kind])
  const problemsOf = (body: Submission) => {
    const session = createSession(compile(definition, types), {
      today: example.today,
      answers: body.answers,
      documents: body.documents ?? {},
      atDesk: body.atDesk ?? [],
    })
    return { problems: validate(session), stored: session.stored() }
  }
  test.each(bodies('valid'))('submissions/%s is taken as it is', (_, body) => {
    isSubmission(body)
    expect(isSubmission.errors ?? []).toEqual([])
    const { problems, stored } = problemsOf(body)
    expect(problems).toEqual([])
    expect(stored).toEqual(body.answers)
  })
  test.each(bodies('invalid'))('submissions/%s is refused for what its case says', (_, body) => {
    isSubmission(body)
    expect(isSubmission.errors ?? []).toEqual([])
    const { errors } = example.cases.find((item) => JSON.stringify(item.answers) === JSON.stringify(body.answers))?.expect ?? {}
    expect(errors?.length).toBeGreaterThan(0)
    expect(problemsOf(body).problems.map((problem) => problem.pointer)).toEqual(errors)
  })

  test.skipIf(!list)('has the cases of the acceptance list', () => {
    const listed = list?.services.find((service) => service.id === id)
    expect(listed, `service ${id}`).toBeDefined()
    expect(example.today).toBe(list?.meta.today)
    const ours = example.cases.map(({ tries: _tries, ...item }) => item)
    expect(ours).toEqual(casesOf(listed?.cases ?? [], definition))
  })
})
