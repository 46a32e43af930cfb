/** T24: whether a field that a role may not see comes out on any way. */
import fc from 'fast-check'
import { canaries, faultsOf, found, nothingSeen, policies, revealingWorld, someRoles, waysOut } from '../../src/cases/revealed.test-helper.ts'
import type { Line } from '../line.ts'

export const fieldsOfOthers: Line = {
  attack: 'T24',
  name: 'fields-of-others',
  what: 'random policies and roles, sealed at rest or not: cases, lists, searches, CSV, JSONL, PDF, files, webhooks, mails, other deliveries, audit log, log',
  reach: 'nothing that the policy hides, and all that it shows',
  async run({ seed, count }) {
    const trials = count({ quick: 10, usual: 60, full: 500 })
    const world = await revealingWorld()
    const faults: string[] = []
    let [hidden, shown] = [0, 0]
    for (const [policy, roles] of fc.sample(fc.tuple(policies, someRoles), { numRuns: trials, seed })) {
      const seen = await faultsOf(world, policy, roles)
      faults.push(...seen.faults)
      hidden += seen.hidden
      shown += seen.shown
    }
    await world.close()
    const open = await revealingWorld(false)
    const out = await waysOut(open, nothingSeen, ['officer'])
    const unfiltered = found(out.roles, canaries.alpha as string)
    await open.close()
    return {
      trials,
      figure: `${faults.length} wrong of ${hidden} hidden and ${shown} shown${faults[0] ? `, such as ${faults[0]}` : ''}`,
      good: faults.length === 0 && hidden > 0 && shown > 0,
      control: { what: 'the one place that leaves fields out, switched off', noticed: unfiltered.length >= 3 && unfiltered.includes('pdf') },
    }
  },
}
