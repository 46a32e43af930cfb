/** What stands in the way of publishing a sealed service. On a whole server: sealed.test.ts. */
import { compile } from '@guichet/core'
import { fieldTypes } from '@guichet/fields/field-types'
import type { Policy, ServiceDefinition } from '@guichet/schemas'
import { expect, it } from 'vitest'
import libraryCard from '../testing/library-card.json' with { type: 'json' }
import { sealedFindings } from './findings.ts'

const sealed = (...clear: string[]): Policy => ({ rules: { encryption: { mode: 'sealed', clear } } })
const withKeys = { sealingKeys: async () => [{ number: 1, publicKey: 'AAAA', createdAt: '2026-01-05T08:00:00.000Z' }] } as never
const withoutKeys = { sealingKeys: async () => [] } as never
const find = (policy: Policy, { agency = withKeys, language = 'en', change = (_: ServiceDefinition) => {} } = {}) => {
  const definition = structuredClone(libraryCard) as unknown as ServiceDefinition
  change(definition)
  return sealedFindings(agency, 'library-card', compile(definition, fieldTypes as never), policy, language)
}

it('an open service has nothing to be found, and no part of its own', async () => {
  expect(await find({ rules: { encryption: { mode: 'none' } } }, { agency: withoutKeys })).toEqual({ findings: [], program: null })
})

it('a service that needs what is clear alone can be published, and the server sees that alone', async () => {
  const { findings, program } = await find(sealed('student', 'cards'))
  expect(findings).toEqual([])
  expect([...(program?.nodes.keys() ?? [])]).toEqual(['student', 'cards', 'cards.holder'])
  expect(program?.types).toBe(fieldTypes)
})

it('each thing in its way is named where it is, in words of the language', async () => {
  const policy = { code: 'policy.sealed-unknown', severity: 'error', pointer: '/policy/rules/encryption', params: { field: 'nothing' } }
  const { findings } = await find(sealed('student', 'cards', 'nothing'))
  expect(findings).toEqual([{ ...policy, detail: expect.stringContaining('nothing') }])
  const greek = await find(sealed('student', 'cards', 'nothing'), { language: 'el' })
  expect(greek.findings[0]?.detail).not.toBe(findings[0]?.detail)

  const needed = (await find(sealed('cards'))).findings
  expect(needed.map(({ code, pointer, params }) => [code, pointer, params])).toContainEqual([
    ...['policy.sealed-needed', '/documents/0/when'],
    { field: 'student', place: '/documents/0/when' },
  ])
  for (const { detail, params } of needed) expect(detail).toContain(params?.field as string)
})

it('files are sealed with the case, and cannot be of a clear field', async () => {
  const change = ({ pages }: ServiceDefinition) => {
    pages[0]?.fields.push({ id: 'scan', type: 'file', label: { en: 'Scan', el: 'Σάρωση' }, accept: ['pdf'], maxBytes: 1000, maxFiles: 1 } as never)
  }
  const { findings } = await find(sealed('student', 'cards', 'scan'), { change })
  expect(findings).toEqual([
    expect.objectContaining({
      code: 'policy.sealed-file',
      pointer: '/policy/rules/encryption',
      params: { field: 'scan' },
      detail: expect.stringContaining('scan'),
    }),
  ])
})

it('nothing is sealed to keys that nobody has', async () => {
  const { findings } = await find(sealed('student', 'cards'), { agency: withoutKeys })
  expect(findings).toEqual([
    { code: 'policy.sealed-keys', severity: 'error', pointer: '/policy/rules/encryption', params: {}, detail: expect.stringMatching(/\S/) },
  ])
})
