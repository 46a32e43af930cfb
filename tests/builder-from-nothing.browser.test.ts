/**
 * A new author makes examples/en-street-use from nothing, with what is in sight alone, and publishes it. What was published
 * is the example, and its cases come out as they should. How many actions it took is printed, and may not grow.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fieldTypes } from '@guichet/fields/field-types'
import type { Policy, ServiceDefinition } from '@guichet/schemas'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { differences, readExamples } from '../examples/case.ts'
import { filledIn, outcomeOf } from '../examples/run-case.ts'
import { type Actions, Hand } from './author-hand.ts'
import { author, unexpected } from './builder-steps.ts'
import { launch, startTestServer, type TestServer } from './harness.ts'
import { likeness } from './same-service.ts'
import { buildStreetUse } from './street-use-author.ts'

const example = readExamples().find(({ id }) => id === 'en-street-use') as ReturnType<typeof readExamples>[number]
/** What it took when somebody last looked. Smaller is better: whoever makes it smaller writes the new figures down. */
const kept = JSON.parse(readFileSync(join(import.meta.dirname, 'street-use-actions.json'), 'utf8')) as Actions
const total = ({ clicks, keys, filled, chosen }: Actions) => clicks + keys + filled + chosen

let browser: Browser
let server: TestServer
let stop: () => Promise<void>
beforeAll(async () => {
  ;[browser, { server, stop }] = await Promise.all([launch(), startTestServer()])
})
afterAll(async () => {
  await browser?.close()
  await stop?.()
})

it('a new author builds the street-use permit with visible controls alone, and publishes it', { timeout: 400_000 }, async () => {
  const ada = await author(browser, server, 'en', { permissions: ['clipboard-read', 'clipboard-write'] })
  await ada.page.goto(`${server.url}/builder/#/`)
  await ada.page.reload()
  const hand = new Hand(ada.page)
  await buildStreetUse(hand)
  console.info(`en-street-use from nothing: ${hand.count} actions`, JSON.stringify(hand.actions))

  const [service = ''] = ada.page.url().split('/').slice(-1)
  const published = await ada.page.evaluate(
    async (id) => (await fetch(`/v1/admin/services/${id}/versions/1`)).json() as Promise<{ definition: ServiceDefinition; policy: Policy }>,
    service,
  )
  const alike = likeness(published.definition, example.definition)
  expect(alike.differences).toEqual([])
  expect(published.policy).toEqual(example.policy)

  const cases = example.cases.filter((one) => one.expect)
  expect(cases.length).toBeGreaterThan(3)
  for (const { name, today, answers, expect: expected } of cases) {
    const session = filledIn(published.definition, fieldTypes, today ?? example.today, alike.answersFor(answers ?? {}))
    expect(differences(alike.expectedOf(expected ?? {}), outcomeOf(session)), name).toEqual([])
  }
  // A comparison that finds nothing must be able to: another fee, another rule, another way there.
  const other = structuredClone(published.definition)
  Object.assign(other.fee?.lines[2] as object, { amount: { money: 1 } })
  Object.assign(other.routes?.[1] as object, { to: other.stages?.[2]?.id })
  const found = likeness(other, example.definition).differences.map((sentence) => sentence.split('/').slice(1, 4).join(' '))
  expect([...new Set(found)].sort()).toEqual(['fee lines 2', 'routes 1 to: leads to decision'])

  expect(hand.count).toBeLessThanOrEqual(total(kept))
  expect(hand.actions.letters).toBeLessThanOrEqual(kept.letters)
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})
