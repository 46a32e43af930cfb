/** Each example of a preset, published and used: what it takes, what it refuses, and what can be read where it is stored. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { lint } from '@guichet/core/lint'
import { fieldTypes } from '@guichet/fields/field-types'
import { fieldSettings } from '@guichet/fields/settings-schemas'
import type { Answers, Policy, ServiceDefinition } from '@guichet/schemas'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Officer, officerOf } from '../../packages/server/src/testing/cases.ts'
import { prove } from '../../packages/server/src/testing/prove.ts'
import { offerSealed, openSealed, recipientsFor, sealedBody } from '../../packages/server/src/testing/sealed.ts'
import { createWorld, newKey, type World } from '../../packages/server/src/testing/world.ts'

const read = (preset: string, file: string) => JSON.parse(readFileSync(join(import.meta.dirname, preset, `${file}.json`), 'utf8'))
const exampleOf = (preset: string) => ({ definition: read(preset, 'definition') as ServiceDefinition, policy: read(preset, 'policy') as Policy })
const canary = 'Kánarí Næsta 4711'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const offer = async (preset: string) => {
  const { definition, policy } = exampleOf(preset)
  await world.offer(definition, policy)
  return `city/${definition.id}`
}
/** As the agency's own page sends it, or another one. */
const send = async (service: string, body: object, headers: Record<string, string> = {}) => {
  const response = await world.request(`/v1/services/${service}/submissions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': newKey(), ...headers },
    body: JSON.stringify(body),
  })
  return response.status < 300 ? response.status : `${response.status} ${(await response.json()).type.split('/').at(-1)}`
}
const firstCase = async (officer: Officer) => ((await (await officer.get('/v1/admin/cases')).json()).cases as { submission: string }[])[0]!
const bodyOf = (language: string, answers: Answers) => ({ version: 1, language, answers })
const stored = async () => {
  await world.adapters.store.check()
  return world.disk() + world.log.join('\n')
}
const isReadable = async () => (await stored()).includes(Buffer.from(canary).toString('latin1'))

test.each(['open', 'standard', 'confidential', 'sealed'])('%s can be published, and says every text in both its languages', (preset) => {
  const { definition, policy } = exampleOf(preset)
  expect(lint(definition, fieldTypes as never, fieldSettings as never).map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([])
  expect(policy.preset).toBe(preset)
  const texts = JSON.stringify(definition).match(/"en":/g)?.length
  expect(JSON.stringify(definition).match(new RegExp(`"${definition.languages[0]}":`, 'g'))?.length).toBe(texts)
})

test('open: any page may embed it', async () => {
  const service = await offer('open')
  const lamp = bodyOf('hu', { place: canary, fault: 'out' })
  expect([await send(service, lamp), await send(service, lamp, { Origin: 'https://anybody.example' })]).toEqual([201, 201])
  expect(await isReadable()).toBe(false)
})

test('standard: the agency’s own page alone, and nothing readable on disk', async () => {
  const service = await offer('standard')
  const card = bodyOf('el', { name: canary, born: '1990-05-01' })
  expect([await send(service, card, { Origin: 'https://www.paradeigma.example' }), await send(service, card, { Origin: 'https://anybody.example' })]).toEqual([
    201,
    '403 origin',
  ])
  expect(await isReadable()).toBe(false)
  // The control: the same, kept as it is, is found.
  const { definition, policy } = exampleOf('standard')
  await world.offer(definition, { ...policy, rules: { ...policy.rules, encryption: { mode: 'none' } } })
  expect(await send(service, { ...card, version: 2 }, { Origin: 'https://www.paradeigma.example' })).toBe(201)
  expect(await isReadable()).toBe(true)
})

describe('confidential', () => {
  const claim = (number: string) => bodyOf('vi', { name: canary, number, diagnosis: canary, hours: 4 })
  const along = async (service: string) => {
    const { challenge } = await (await world.request(`/v1/services/${service}/challenge`, { method: 'POST' })).json()
    return { 'Guichet-Proof': await prove(challenge), 'Guichet-Trap': 'untouched' }
  }

  test('takes what was calculated for, from nobody who fell into the trap, once a person', async () => {
    const service = await offer('confidential')
    expect(await send(service, claim('001'))).toBe('403 trapped')
    expect(await send(service, claim('001'), { 'Guichet-Trap': 'untouched' })).toBe('428 proof-needed')
    expect(await send(service, claim('001'), { ...(await along(service)), 'Guichet-Trap': 'filled' })).toBe('403 trapped')
    expect(await send(service, claim('001'), await along(service))).toBe(201)
    expect(await send(service, claim('001'), await along(service))).toBe('409 second')
    expect(await send(service, claim('002'), await along(service))).toBe(201)
    expect(await isReadable()).toBe(false)
  })

  test('is read by officers who say what for', async () => {
    const service = await offer('confidential')
    expect(await send(service, claim('001'), await along(service))).toBe(201)
    const officer = await officerOf(world)
    const one = await firstCase(officer)
    expect((await officer.get(`/v1/admin/cases/${one.submission}`)).status).toBe(403)
    expect((await officer.get(`/v1/admin/cases/${one.submission}?purpose=handling`)).status).toBe(200)
    // Taking all of them out needs a second person.
    expect((await officer.get('/v1/admin/services/care-allowance/export.csv?purpose=handling')).status).toBe(403)
  })
})

test('sealed: the server knows the district, and an officer with the key the rest', async () => {
  const { definition, policy } = exampleOf('sealed')
  const { epoch } = await offerSealed(world, ['district'], definition, policy)
  const service = `city/${definition.id}`
  const answers = { district: 'north', story: canary, contact: `${canary} phone` }
  const body = await sealedBody(await recipientsFor(world, service), definition, ['district'], { answers })
  const { challenge } = await (await world.request(`/v1/services/${service}/challenge`, { method: 'POST' })).json()
  expect(await send(service, body, { 'Guichet-Proof': await prove(challenge) })).toBe(201)
  const officer = await officerOf(world)
  const one = await firstCase(officer)
  const opened = await (await officer.get(`/v1/admin/cases/${one.submission}?purpose=handling`)).json()
  expect(opened.answers).toEqual({ district: 'north' })
  expect(JSON.stringify(opened).includes('4711')).toBe(false)
  expect((await openSealed(opened, epoch)).answers).toEqual(answers)
  expect(await isReadable()).toBe(false)
})
