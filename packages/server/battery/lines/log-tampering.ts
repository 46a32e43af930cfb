/** T40: what somebody does to an audit log who has the database, and what somebody does who has stolen the signing key besides. */
import fc from 'fast-check'
import { checkLog } from '../../src/audit/check-log.ts'
import { holding, kinds, tamper } from '../../src/audit/tamper.test-helper.ts'
import { createWorld, own } from '../../src/testing/world.ts'
import type { Line } from '../line.ts'

export const logTampering: Line = {
  attack: 'T40',
  name: 'log-tampering',
  what: 'events flipped, deleted, swapped, inserted, cut off, and changed with everything signed anew by a stolen key',
  reach: 'every change is found; what was signed anew, by an older checkpoint that somebody kept',
  async run({ seed, count }) {
    const world = await createWorld()
    await world.offer()
    const city = world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
    for (let i = 0; i < 30; i++) await city.audit('submission.read', `submission:s${i}`, { actor: `user:u${i % 3}`, at: '2026-01-05T08:00:00.000Z' })
    const { keys, auditLog } = world.adapters
    await auditLog.grow(city.id, own)
    const events = await city.auditEvents(0, 1000)
    const [kept] = await city.checkpoints(1)
    const old = [kept?.note ?? '']
    const untouched = await checkLog(city, keys, old)
    const found: Record<string, number> = {}
    let [trials, missed] = [0, '']
    const edits = fc.sample(fc.tuple(fc.constantFrom(...kinds), fc.nat(), fc.nat()), { seed, numRuns: count({ quick: 400, usual: 3000, full: 10_000 }) })
    for (const [kind, a, b] of edits) {
      const changed = tamper(structuredClone(events), kind, a, b)
      if (!changed) continue
      trials++
      if ((await checkLog(await holding(city, changed.events, changed.linked ? keys : null), keys, old)).length > 0) found[kind] = (found[kind] ?? 0) + 1
      else missed ||= `, missed: ${kind} ${a} ${b}`
    }
    // The control: the same changes by the thief, with nobody who kept an older checkpoint.
    const resigned = tamper(structuredClone(events), 're-sign', 3, 1)
    const alone = resigned ? await checkLog(await holding(city, resigned.events, keys), keys) : ['none']
    await world.close()
    const all = Object.values(found).reduce((sum, n) => sum + n, 0)
    return {
      trials,
      figure: `${all} of ${trials} found (${Object.entries(found)
        .map(([kind, n]) => `${n} ${kind}`)
        .join(', ')})${missed}`,
      good: all === trials && untouched.length === 0,
      control: { what: 'what a thief of the key signed anew is not seen without an older checkpoint', noticed: alone.length === 0 },
    }
  },
}
