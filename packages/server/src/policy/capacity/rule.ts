import { canonical, digestOf } from '../../digest.ts'
import { type ClaimRule, type Place, PolicyError, type Said } from '../rule.ts'

export interface CapacityOptions {
  total?: number
  perDay?: number
  /** A field outside repeated groups. */
  slot?: string
  perSlot?: number
}

const ever = { from: '1970-01-01T00:00:00.000Z', until: '9999-12-31T00:00:00.000Z' }

/**
 * Nothing is counted here: the store takes the places in the transaction that records the submission, so that the last one
 * goes to one citizen, whichever replica they asked.
 */
export const capacity: ClaimRule<CapacityOptions> = {
  name: 'capacity',
  stage: 'claim',
  presets: { open: {}, standard: {}, confidential: {}, sealed: {} },
  settle({ total, perDay, slot, perSlot }) {
    if ((slot === undefined) !== (perSlot === undefined)) throw new PolicyError('capacity', 'capacity-slot')
    return function claimCapacity({ answers, today }) {
      const places: Place[] = []
      if (total !== undefined) places.push({ counter: 'all', most: total, full: { code: 'full' }, before: ever })
      if (perDay !== undefined) {
        const { date, begins, ends } = today()
        places.push({ counter: `day ${date}`, most: perDay, full: { code: 'full-today' }, before: { from: begins, until: ends } })
      }
      if (slot !== undefined && perSlot !== undefined) {
        const chosen = Object.hasOwn(answers, slot) ? answers[slot] : undefined
        // An answer that was not asked for takes no place. Earlier answers are sealed, so they cannot be counted.
        if (chosen !== undefined && chosen !== null)
          places.push({
            counter: `slot ${slot} ${digestOf(canonical(chosen))}`,
            most: perSlot,
            full: { code: 'capacity.slot-full', pointer: `/${slot}` },
            before: null,
          })
      }
      return places
    }
  },
  fields: ({ slot }) => (slot === undefined ? [] : [slot]),
  explain({ total, perDay, perSlot }) {
    const citizen: Said[] = []
    if (total !== undefined) citizen.push({ key: 'rule.capacity.total', params: { count: total } })
    if (perDay !== undefined) citizen.push({ key: 'rule.capacity.day', params: { count: perDay } })
    if (perSlot !== undefined) citizen.push({ key: 'rule.capacity.slot', params: { count: perSlot } })
    return { citizen, author: citizen.length === 0 ? [{ key: 'rule.capacity.none' }] : [{ key: 'rule.capacity.author' }] }
  },
}
