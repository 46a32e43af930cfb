import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findBreak } from '../audit/chain.ts'
import { countCommits } from '../testing/count-commits.ts'
import { answersOf, createWorld, definitionOf, newKey, type World } from '../testing/world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
  await world.offer(definitionOf(), { rules: { rate: { submissionsPerHour: 10_000 } } })
  // Compiled once, before anything is counted.
  await world.send(answersOf())
})
afterEach(() => world.close())

const city = async () => world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
const statuses = (responses: { status: number }[]) => responses.map(({ status }) => status)

describe('submissions on SQLite', () => {
  it('are one commit each when they come one by one, and far fewer when they come together', async () => {
    const alone = await countCommits(async () => {
      for (let i = 0; i < 5; i++) await world.send(answersOf())
    })
    expect(alone).toBe(5)
    let together: number[] = []
    const commits = await countCommits(async () => {
      together = statuses(await Promise.all(Array.from({ length: 200 }, () => world.send(answersOf()))))
    })
    expect(together).toEqual(Array(200).fill(201))
    expect(commits).toBeLessThanOrEqual(20)
    const agency = await city()
    expect(await agency.submissions()).toHaveLength(206)
    const events = await agency.auditEvents(0, 1000)
    expect(events.filter(({ action }) => action === 'submission.received')).toHaveLength(206)
    expect(findBreak(events)).toBeNull()
  })

  it('with the same key in one group are taken once, and the others of the group all the same', async () => {
    const key = newKey()
    const responses = await Promise.all(Array.from({ length: 60 }, (_, i) => world.send(answersOf(), i % 3 === 0 ? { key } : {})))
    const same = responses.filter((_, i) => i % 3 === 0)
    expect(statuses(same).filter((status) => status === 201).length).toBeGreaterThan(0)
    for (const status of statuses(same)) expect([201, 409]).toContain(status)
    expect(statuses(responses.filter((_, i) => i % 3 !== 0))).toEqual(Array(40).fill(201))
    expect(await (await city()).submissions()).toHaveLength(42)
  })

  it('write nothing for a request that is refused, and hold its key for nobody', async () => {
    const key = newKey()
    expect(await countCommits(() => world.send(answersOf({ name: '' }), { key }))).toBe(0)
    expect((await world.send(answersOf(), { key })).status).toBe(201)
  })
})
