import { describe, expect, it } from 'vitest'
import { settled } from '../../testing/evidence.ts'
import type { ClaimEvidence } from '../rule.ts'
import { capacity } from './rule.ts'

const today = () => ({ date: '2026-01-05', begins: '2026-01-04T22:00:00.000Z', ends: '2026-01-05T22:00:00.000Z' })
const places = (options: object, answers: object = {}) => settled(capacity, options)({ answers, today } as unknown as ClaimEvidence)

describe('the places of capacity', () => {
  it('are of all that ever came, and of the day where the service is', () => {
    const before = { from: '1970-01-01T00:00:00.000Z', until: '9999-12-31T00:00:00.000Z' }
    const all = { counter: 'all', most: 3, full: { code: 'full' }, before }
    expect(places({ total: 3 })).toEqual([all])
    const { begins: from, ends: until } = today()
    const day = { counter: 'day 2026-01-05', most: 2, full: { code: 'full-today' }, before: { from, until } }
    expect(places({ perDay: 2 })).toEqual([day])
    expect(places({ total: 3, perDay: 2 })).toEqual([all, day])
    expect(places({})).toEqual([])
  })

  it('are of what was chosen, by a digest, and none where nothing was', () => {
    const slot = { slot: 'hour', perSlot: 4 }
    const [place, ...others] = places(slot, { hour: '09:00' })
    expect(place).toEqual({
      ...{ counter: expect.stringMatching(/^slot hour sha256-[\w-]{43}$/), most: 4 },
      ...{ full: { code: 'capacity.slot-full', pointer: '/hour' }, before: null },
    })
    expect(others).toEqual([])
    expect(places(slot, { hour: '10:00' })[0]?.counter).not.toBe(place?.counter)
    for (const none of [{}, { hour: null }, { hour: undefined }, { other: '09:00' }, Object.create({ hour: '09:00' })]) expect(places(slot, none)).toEqual([])
    expect(places({ slot: 'toString', perSlot: 1 })).toEqual([])
  })

  it('make no sense with half a slot', () => {
    for (const half of [{ slot: 'hour' }, { perSlot: 3 }]) expect(() => settled(capacity, half)).toThrow('capacity: capacity-slot')
    expect(capacity.fields?.({ slot: 'hour', perSlot: 3 })).toEqual(['hour'])
    expect(capacity.fields?.({})).toEqual([])
  })
})
