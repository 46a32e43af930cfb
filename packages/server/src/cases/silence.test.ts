import type { Stage } from '@guichet/schemas'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findBreak } from '../audit/chain.ts'
import type { Bygone } from '../lived-time.ts'
import type { StatusView } from '../submissions/follow.ts'
import { movingDefinition, receive } from '../testing/cases.ts'
import { reading } from '../testing/reading.ts'
import { createWorld, type World } from '../testing/world.ts'
import { decide } from './decide.ts'
import { watchSilence } from './silence.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const city = async () => world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
const look = () => watchSilence(world.adapters, world.config).look()
const stands = async (submission: string) => {
  const { status, stage, closedAt, decision, late } = (await (await city()).submission(submission))!
  return { status, stage, closed: closedAt !== null, decision, late }
}
const offer = (onTimeout: Stage['onTimeout'], stage = 0) =>
  world.offer(
    movingDefinition(({ stages }) => {
      Object.assign(stages![stage]!, { onTimeout })
    }),
  )
/** Intake ends with the Thursday, 8 January. */
const inTime = '2026-01-08T21:00:00.000Z'
const tooLate = '2026-01-08T23:00:00.000Z'

describe('a term that passes in silence', () => {
  it.each([
    ['approve', { status: 'approved', stage: 'check', closed: false, decision: 'approve', late: 1 }],
    ['agree', { status: 'in_review', stage: 'check', closed: false, decision: null, late: 1 }],
    ['close', { status: 'refused', stage: null, closed: true, decision: 'close', late: 1 }],
    ['lapse', { status: 'refused', stage: null, closed: true, decision: 'lapse', late: 1 }],
    ['release', { status: 'refused', stage: null, closed: true, decision: 'release', late: 1 }],
  ] as const)('with %s moves the case, once, and tells the citizen why', async (onTimeout, expected) => {
    await offer(onTimeout)
    const { submission, reference } = await receive(world)
    world.setTime(inTime)
    expect(await look()).toBe(0)
    expect(await stands(submission)).toMatchObject({ status: 'received', stage: 'intake' })
    world.setTime(tooLate)
    expect(await look()).toBe(1)
    expect(await stands(submission)).toEqual(expected)
    expect(await look()).toBe(0)
    const [step, ...more] = await (await city()).caseSteps(submission)
    expect([step, more]).toMatchObject([{ actor: 'system', decision: onTimeout, fromStage: 'intake' }, []])
    const log = await (await city()).auditEvents(0, 100)
    expect(log.at(-1)).toMatchObject({ action: 'submission.changed', actor: 'system', details: { decision: onTimeout } })
    expect(findBreak(log)).toBeNull()
    const told = await world.request('/v1/status', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ reference }) })
    expect(((await told.json()) as unknown as StatusView).decision?.reason).toMatch(/^The time for this step has passed/)
  })

  it('moves nothing where the stage says nothing of it, where the case waits for the citizen, or where it was decided in time', async () => {
    await offer('approve')
    const waiting = (await receive(world)).submission
    const decided = (await receive(world)).submission
    const now = world.adapters.clock.now()
    const by = { note: 'Which?', actor: 'user:a', now, revision: 1, reading }
    await decide(world.adapters, world.config, await city(), { ...by, submission: waiting, decision: 'ask_more' })
    await decide(world.adapters, world.config, await city(), { ...by, submission: decided, decision: 'accept' })
    world.setTime('2026-03-01T10:00:00.000Z')
    expect(await look()).toBe(0)
    expect([(await stands(waiting)).status, (await stands(decided)).stage]).toEqual(['waiting', 'check'])
  })

  it('follows the version that was filled in, not today’s', async () => {
    await offer('lapse')
    const { submission } = await receive(world)
    await world.offer(movingDefinition())
    const later = (await receive(world, {}, { version: 2 })).submission
    world.setTime(tooLate)
    expect(await look()).toBe(1)
    expect([(await stands(submission)).decision, (await stands(later)).status]).toEqual(['lapse', 'received'])
  })

  it('is nothing that a clock alone can bring about', async () => {
    await offer('approve')
    const { submission } = await receive(world)
    // The clock says that the term is over; what the server has lived through does not.
    const still = { ...world.adapters, lived: { before: async () => inTime as Bygone, apart: () => 0 } }
    world.setTime('2036-01-01T00:00:00.000Z')
    expect(await watchSilence(still, world.config).look()).toBe(0)
    expect((await stands(submission)).status).toBe('received')
    expect(await look()).toBe(1)
  })

  it('is found by one of many who look at the same moment, page after page', async () => {
    await offer('agree')
    const sent = await Promise.all(Array.from({ length: 12 }, () => receive(world)))
    world.setTime(tooLate)
    const found = await Promise.all(Array.from({ length: 4 }, look))
    expect(found.reduce((sum, n) => sum + n, 0)).toBe(sent.length)
    for (const { submission } of sent) expect(await (await city()).caseSteps(submission)).toHaveLength(1)
  })
})
