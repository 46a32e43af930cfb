import type { Policy } from '@guichet/schemas'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { agencyOf, type Person, personIn } from '../testing/people.ts'
import { answersOf, createWorld, definitionOf, type TestResponse, type World } from '../testing/world.ts'
import { coarse, type ShadowReport, summed } from './shadow-run.ts'

let world: World
let bea: Person
const rate = { rate: { submissionsPerHour: 10_000 } }
const sealed: Policy = { rules: rate }
const many = (count: number, name: (i: number) => string, more: (i: number) => object = () => ({})) =>
  Promise.all(Array.from({ length: count }, (_, i) => world.send(answersOf({ name: name(i), ...more(i) })))).then((all) => {
    for (const { status } of all) expect(status).toBe(201)
  })
const start = async (policy: Policy = sealed) => {
  world = await createWorld()
  await world.offer(definitionOf(), policy)
  bea = await personIn(world, await agencyOf(world, 'city'), 'bea@city.example', [{ role: 'publisher' }])
}
beforeEach(() => start())
afterEach(() => world.close())

async function draft(change: Parameters<typeof definitionOf>[0], policy: Policy = sealed) {
  const agency = await agencyOf(world, 'city')
  const { revision } = (await agency.service('library-card'))!
  await agency.saveService({ id: 'library-card', definition: definitionOf(change), policy }, revision, { actor: 'system', at: '2026-01-05T08:00:00.000Z' })
}
const run = (query = '?purpose=Trying%20a%20rule', who = bea) => who.call('POST', `services/library-card/shadow${query}`)
const reportOf = async (answer: TestResponse) => (await answer.json()) as unknown as ShadowReport
const rule = (test: object) => ({ rule: test as never, message: { en: 'Not so', el: 'Όχι έτσι' } })
const fields = (definition: ReturnType<typeof definitionOf>) => definition.pages[0]?.fields as { id: string; rules?: object[] }[]

describe('a shadow run', () => {
  it('says on the way how far it is, to whoever accepts lines, and refuses as any request is refused', async () => {
    await many(23, (i) => `Zenobia ${i}`)
    const inLines = (query: string) => bea.call('POST', `services/library-card/shadow${query}`, undefined, { accept: 'application/x-ndjson' })
    const answer = await inLines('?purpose=Trying%20a%20rule')
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-ndjson'])
    const lines = (await answer.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines).toEqual([{ tried: 0, of: 23 }, { tried: 20, of: 23 }, { result: expect.objectContaining({ looked: 23, refused: 0 }) }])
    const agency = await agencyOf(world, 'city')
    const { revision } = (await agency.service('library-card'))!
    await agency.saveService({ id: 'library-card', definition: {} as never, policy: sealed }, revision, { actor: 'system', at: '2026-01-05T08:00:00.000Z' })
    const refused = await inLines('?purpose=Trying%20a%20rule')
    expect([refused.status, refused.headers.get('content-type')]).toEqual([422, expect.stringContaining('application/problem+json')])
  })

  it('says how many would be refused and by what, and nothing of anybody', async () => {
    await many(12, (i) => (i < 7 ? `Zenobia ${i}` : `Ada ${i}`))
    await draft((definition) => {
      for (const field of fields(definition)) if (field.id === 'name') field.rules = [rule({ in: ['Zenobia', { var: 'name' }] })]
    })
    const answer = await run()
    expect(answer.status).toBe(200)
    const text = await answer.clone().text()
    expect(text).not.toMatch(/Zenobia|Ada/)
    expect(await reportOf(answer)).toEqual({
      looked: 12,
      sealed: 0,
      unreadable: 0,
      // Five of twelve have another name.
      refused: 5,
      reasons: [{ path: 'name', code: 'rule', count: 5 }],
      unasked: [],
      fee: { higher: 0, lower: 0 },
      routes: [],
    })
    const leaf = (await bea.agency.auditEvents(0, 500)).findLast(({ action }) => action === 'submission.read')
    expect(leaf).toMatchObject({ object: 'service:library-card', actor: `user:${bea.id}`, details: { cases: 12, draft: expect.stringMatching(/^sha256-/) } })
    expect(leaf?.details?.purpose).toBeDefined()
  })

  it('does not single anybody out: from 1 to 4 are some', async () => {
    await many(11, (i) => (i === 0 ? 'Rare' : `Ada ${i}`))
    await draft((definition) => {
      for (const field of fields(definition)) if (field.id === 'name') field.rules = [rule({ '!=': [{ var: 'name' }, 'Rare'] })]
    })
    const { refused, reasons } = await reportOf(await run())
    expect([refused, reasons]).toEqual(['some', [{ path: 'name', code: 'rule', count: 'some' }]])
    expect([0, 1, 4, 5, 9, 10, 204].map(coarse)).toEqual([0, 'some', 'some', 5, 5, 10, 200])
  })

  it('tells a new question from a refusal, and prices and routes from both', async () => {
    await many(6, (i) => `Ada ${i}`)
    await draft((definition) => {
      definition.pages[0]?.fields.push({ id: 'street', type: 'text', label: { en: 'Street', el: 'Οδός' } })
      definition.fee = { lines: [{ id: 'card', label: { en: 'Card', el: 'Κάρτα' }, amount: { money: 99_900 } as never }] }
      definition.agency.units = { ...definition.agency.units, hall: { en: 'Hall', el: 'Αίθουσα' } }
      definition.routes = [{ to: 'hall' }]
    })
    const { refused, unasked, fee, routes } = await reportOf(await run())
    expect(refused).toBe(0)
    expect(unasked).toEqual([{ path: 'street', count: 5 }])
    expect(fee).toEqual({ higher: 5, lower: 0 })
    expect(routes.map(({ to, count }) => [to, count])).toEqual([['hall', 5]])
  })

  it('asks what the policy asks of readers, and only lets publishers in', async () => {
    await world.close()
    await start({ rules: { ...rate, purpose: { ask: ['export'], purposes: ['statistics'] } } })
    const code = async (answer: TestResponse) =>
      `${answer.status} ${String((await answer.json()).type)
        .split('/')
        .at(-1)}`
    expect(await code(await run(''))).toBe('403 purpose')
    expect((await run('?purpose=statistics')).status).toBe(200)
    const ed = await personIn(world, bea.agency, 'ed@city.example', [{ role: 'editor' }])
    expect(await code(await run('?purpose=statistics', ed))).toBe('403 not-allowed')
  })

  it('says what it cannot open, and refuses a draft with errors', async () => {
    await many(5, (i) => `Ada ${i}`)
    const { live } = world.adapters
    // As if the version had been sealed end to end.
    world.adapters.live = {
      ...live,
      async find(...which) {
        const found = await live.find(...which)
        return (
          found && {
            ...found,
            version: { ...found.version, policy: { ...found.version.policy, rules: { encryption: { mode: 'sealed', clear: [] } } } as Policy },
          }
        )
      },
    }
    expect(await reportOf(await run())).toMatchObject({ looked: 0, sealed: 5, refused: 0 })
    world.adapters.live = live
    await draft((definition) => {
      definition.pages[0]!.when = { '==': [{ var: 'nobody' }, 1] } as never
    })
    expect((await run()).status).toBe(422)
  })

  it('has no name for a field that whoever asks may not see', () => {
    const outcome = { refusals: ['name rule', 'income rule'], unasked: ['income'], fee: { before: 0, after: 0 }, route: { before: null, after: null } }
    const report = summed(
      Array.from({ length: 5 }, () => outcome),
      (path) => path === 'name',
    )
    expect(report.reasons).toEqual([
      { path: '', code: 'rule', count: 5 },
      { path: 'name', code: 'rule', count: 5 },
    ])
    expect(report.unasked).toEqual([{ path: '', count: 5 }])
  })
})
