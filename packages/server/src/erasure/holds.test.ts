/** Holds, over rows in memory; over a whole server they are in erasure.test.ts. */
import { expect, it } from 'vitest'
import { newBox, reopenBox, type Sealing } from '../keys/seal-box.ts'
import type { HoldRecord } from '../store/erasure.ts'
import { Conflict } from '../store/store.ts'
import { testKek } from '../testing/month-key.ts'
import { holdOf, setHold } from './holds.ts'

const kek = testKek()
const owner = 'city|card|one'
const sealing = newBox(kek, owner).sealing as Sealing
const by = { actor: 'user:ada', at: '2026-01-05T08:00:00.000Z' }

function made(fault: Error | null = null) {
  const holds = new Map<string, HoldRecord>()
  const agency = {
    id: 'city',
    submission: async (id: string) => (id === 'one' ? { id, service: 'card', sealing } : null),
    hold: async (id: string) => holds.get(id) ?? null,
    async setHold(hold: Pick<HoldRecord, 'submission' | 'reason'>, { actor, at }: typeof by) {
      if (fault) throw fault
      holds.set(hold.submission, { ...hold, setBy: actor, setAt: at })
    },
  } as never
  const adapters = { keys: { kek: () => kek } } as never
  return {
    holds,
    of: (id = 'one') => holdOf(adapters, agency, id),
    set: (id = 'one', reason = ' Court of X ') => setHold(adapters, agency, id, reason, by),
  }
}
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    ({ status, code, message }) => (status ? `${status} ${code}` : message),
  )

it('a hold says why, by whom and since when, and its reason lies in the box of its case', async () => {
  const { of, set, holds } = made()
  expect(await of()).toBeNull()
  const hold = { reason: 'Court of X', setBy: 'user:ada', setAt: by.at }
  expect([await set(), await of()]).toEqual([hold, hold])
  const kept = holds.get('one') as HoldRecord
  expect(Buffer.from(kept.reason).includes('Court of X')).toBe(false)
  const box = reopenBox(kek, sealing, owner)
  expect(new TextDecoder().decode(box.open('hold', kept.reason))).toBe('Court of X')
  // Bound to what it is: what was noted elsewhere in the case is no hold.
  holds.set('one', { ...kept, reason: box.seal('note|1', kept.reason) })
  await expect(of()).rejects.toThrow()
})

it('a hold is of a case that is there and not held, for a reason', async () => {
  const { of, set, holds } = made()
  expect([await refusal(of('none')), await refusal(set('none')), await refusal(set('one', ' '))]).toEqual(['404 not-found', '404 not-found', '422 shape'])
  expect(holds.size).toBe(0)
  expect(await refusal(made(new Conflict('taken')).set())).toBe('409 held')
  // Erased between the look and the hold.
  expect(await refusal(made(new Conflict('stale')).set())).toBe('404 not-found')
  expect(await refusal(made(new Error('away')).set())).toBe('away')
})
