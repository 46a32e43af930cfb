import type { Stage } from '@guichet/schemas'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decisions, follow, isEnd, offered, stagesBefore } from './graph.ts'
import { endStatuses, openStatuses } from './status.ts'

type Place = { status: string; stage: string | null; decision: string | null; closedAt: string | null }

const stage = (id: string) =>
  fc.record(
    {
      id: fc.constant(id),
      label: fc.constant({ en: id }),
      unit: fc.constant('desk'),
      units: fc.constant([{ unit: 'desk', when: { var: 'student' } }] as Stage['units']),
      decisions: fc.uniqueArray(fc.constantFrom(...decisions), { maxLength: 4 }),
    },
    { requiredKeys: ['id', 'label'] },
  )
const stages = fc.integer({ min: 0, max: 5 }).chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => stage(`s${i}`)))) as fc.Arbitrary<Stage[]>

describe('the graph', () => {
  it('is never left, whatever is asked for, and nobody is stuck in it', () => {
    const ask = fc.tuple(
      fc.constantFrom<string>(...decisions, 'invent', '__proto__'),
      fc.option(fc.constantFrom('s0', 's1', 's4', 'nowhere'), { nil: undefined }),
      fc.boolean(),
    )
    let moved = 0
    let refused = 0
    fc.assert(
      fc.property(stages, fc.array(ask, { maxLength: 30 }), fc.boolean(), (list, asked, needed) => {
        const definition = { stages: list }
        let place: Place = { status: 'received', stage: list[0]?.id ?? null, decision: null, closedAt: null }
        for (const [decision, to, direct] of asked) {
          const offers = offered(definition, place)
          // Whoever is not closed can be decided about.
          expect(offers.length > 0).toBe(place.closedAt === null)
          const back = direct ? undefined : to
          const target = follow(definition, place, decision, back, ({ units }) => needed || !units)
          const allowed =
            (offers as readonly string[]).includes(decision) &&
            (back === undefined || (decision === 'send_back' && stagesBefore(definition, place).includes(back)))
          expect(target !== null).toBe(allowed)
          if (!target) {
            refused++
            continue
          }
          moved++
          if (target.closed) expect([target.stage, [...endStatuses, 'approved', 'part_approved'].includes(target.status as never)]).toEqual([null, true])
          else {
            expect(openStatuses).toContain(target.status)
            const [from, at] = [place.stage, target.stage].map((id) => list.findIndex((one) => one.id === id)) as [number, number]
            // Forward past nothing but what is not needed; back where it was; or where it stands.
            if (at > from) for (const passed of list.slice(from + 1, at)) expect(needed || !passed.units).toBe(false)
            if (at < from) expect(back).toBe(target.stage)
            if (list.length > 0) expect(at).toBeGreaterThanOrEqual(0)
            const reached = list[at]
            if (reached && at > from) expect(isEnd(list, reached)).toBe(false)
          }
          place = { ...target, closedAt: target.closed ? 'then' : null }
        }
      }),
      { numRuns: 2000 },
    )
    expect(Math.min(moved, refused)).toBeGreaterThan(100)
  })

  it('keeps what was decided while the stages after it are passed', () => {
    const definition = {
      stages: [
        { id: 'check', label: { en: 'Check' }, decisions: ['part_approve', 'ask_more'] },
        { id: 'pay', label: { en: 'Pay' }, unit: 'desk', decisions: ['accept', 'ask_more'] },
      ] as Stage[],
    }
    const all = () => true
    const decided = follow(definition, { status: 'received', stage: 'check', decision: null, closedAt: null }, 'part_approve', undefined, all)
    expect(decided).toEqual({ status: 'part_approved', stage: 'pay', decision: 'part_approve', closed: false })
    const asked = follow(definition, { ...decided!, closedAt: null }, 'ask_more', undefined, all)
    expect(asked).toEqual({ status: 'waiting', stage: 'pay', decision: 'part_approve', closed: false })
    expect(follow(definition, { ...asked!, closedAt: null }, 'accept', undefined, all)).toEqual({
      status: 'part_approved',
      stage: null,
      decision: 'part_approve',
      closed: true,
    })
  })
})
