import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { World } from '../testing/world.ts'
import { canaries, faultsOf, found, nothingSeen, policies, revealingWorld, someRoles, waysOut } from './revealed.test-helper.ts'

let world: World
beforeAll(async () => {
  world = await revealingWorld()
})
afterAll(() => world.close())

describe('what a policy does not show', () => {
  it('GHSA-9vhh-65v7-3xj6: comes out by no way, whatever the policy, the role and the encryption; and what it shows does', async () => {
    let [hidden, shown] = [0, 0]
    await fc.assert(
      fc.asyncProperty(policies, someRoles, async (policy, roles) => {
        const seen = await faultsOf(world, policy, roles)
        hidden += seen.hidden
        shown += seen.shown
        expect(seen.faults).toEqual([])
      }),
      { numRuns: 25, seed: 6, endOnFailure: true },
    )
    expect(Math.min(hidden, shown)).toBeGreaterThan(50)
  }, 60_000)

  it('would come out by every one of them if nothing were left out: the control', async () => {
    const other = await revealingWorld(false)
    const out = await waysOut(other, nothingSeen, ['officer'])
    expect(found({ ...out.roles, ...out.deliveries }, canaries.alpha!)).toEqual(['case', 'csv', 'jsonl', 'pdf', 'told'])
    expect(found(out.roles, canaries['documents.paper']!)).toEqual(['case', 'attachment', 'pdf'])
    await other.close()
  })

  it('takes with it what is computed from it, at any remove, and the fee', async () => {
    const out = await waysOut(world, { rules: { fields: { officer: { hidden: ['alpha'] } } }, deliveries: { 'x-all': {} } } as never, ['officer'])
    expect(found(out.roles, 'kanarienvogel-alpha')).toEqual([])
    const { hidden, outcome } = JSON.parse(out.roles.case)
    expect(hidden).toEqual(['alpha', 'echo', 'echoed'])
    expect(outcome.fee.total).toBe(704417)
    const other = await waysOut(world, { rules: { fields: { officer: { hidden: ['count', 'documents.paper'] } } }, deliveries: { 'x-all': {} } } as never, [
      'officer',
    ])
    expect(JSON.parse(other.roles.case)).toMatchObject({
      hidden: ['count', 'documents.paper'],
      outcome: { fee: { lines: [], total: 0 }, documents: [] },
      attachments: [],
    })
    expect(JSON.parse(other.roles.case).outcome.computed.echoed).toBe('echo of kanarienvogel-alpha again')
  })
})
