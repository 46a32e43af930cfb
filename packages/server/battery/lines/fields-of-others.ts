/** T24: whether a field that a role may not see comes out on any way, or lies on disk where what is kept is sealed. */
import fc from 'fast-check'
import { canaries, faultsOf, found, nothingSeen, onDisk, policies, revealingWorld, someRoles, waysOut } from '../../src/cases/revealed.test-helper.ts'
import type { Line } from '../line.ts'

export const fieldsOfOthers: Line = {
  attack: 'T24',
  name: 'fields-of-others',
  what: 'random policies and roles, sealed at rest or not: cases, lists, searches, CSV, JSONL, PDF, files, webhooks, mails, other deliveries, audit log, log; database, its log, files',
  reach: 'nothing that the policy hides, and all that it shows',
  async run({ seed, count }) {
    const trials = count({ quick: 10, usual: 60, full: 500 })
    // Apart, as what is kept as it is lies on disk in words.
    const worlds = { atRest: await revealingWorld(), asItIs: await revealingWorld() }
    const faults: string[] = []
    let [hidden, shown, looked] = [0, 0, 0]
    for (const [i, [policy, roles]] of fc.sample(fc.tuple(policies, someRoles), { numRuns: trials, seed }).entries()) {
      const mode = (policy.rules?.encryption as { mode?: string } | undefined)?.mode
      const seen = await faultsOf(mode === 'none' ? worlds.asItIs : worlds.atRest, policy, roles)
      faults.push(...seen.faults)
      hidden += seen.hidden
      shown += seen.shown
      if (i % 50 !== 0 && i < trials - 1) continue
      looked++
      faults.push(...onDisk(worlds.atRest).map((path) => `${path} lies on disk`))
    }
    const inTheClear = onDisk(worlds.asItIs)
    await Promise.all(Object.values(worlds).map((world) => world.close()))
    const open = await revealingWorld(false)
    const out = await waysOut(open, nothingSeen, ['officer'])
    const unfiltered = found(out.roles, canaries.alpha as string)
    await open.close()
    return {
      trials,
      figure: `${faults.length} wrong of ${hidden} hidden and ${shown} shown, ${looked} times all that is on disk${faults[0] ? `, such as ${faults[0]}` : ''}`,
      good: faults.length === 0 && hidden > 0 && shown > 0,
      control: {
        what: 'the one place that leaves fields out, switched off; answers that are kept as they are',
        noticed: unfiltered.length >= 3 && unfiltered.includes('pdf') && inTheClear.length > 3,
      },
    }
  },
}
