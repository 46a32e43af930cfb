/** The compiler is the test: a query that does not say whose data it is about does not compile. */
import { describe, expectTypeOf, it } from 'vitest'
import type { AgencyId, AgencyStore, Store } from './store.ts'

/** Never called: it only has to compile as marked. */
export async function withoutAgency(store: Store, name: string) {
  // @ts-expect-error the store itself has no queries
  await store.submissions()
  // @ts-expect-error nor a way around
  await store.submissionByReference('')
  // @ts-expect-error the name in an address is no agency before the store has found it
  store.agency(name)
  const id = await store.findAgency(name)
  // @ts-expect-error and it may not be there
  store.agency(id)
  return id && store.agency(id).submissions()
}

describe('the tenant wall', () => {
  it('stands in the types', () => {
    expectTypeOf<Store['agency']>().parameters.toEqualTypeOf<[AgencyId]>()
    expectTypeOf<string>().not.toExtend<AgencyId>()
    // Nothing of the store but the directory of agencies, rates and figures (which hold nothing of anybody), and its own upkeep is free of an agency.
    expectTypeOf<keyof Store>().toEqualTypeOf<
      'agencies' | 'findAgency' | 'ensureAgency' | 'house' | 'agency' | 'counters' | 'check' | 'figures' | 'settled' | 'close'
    >()
    expectTypeOf<Extract<keyof AgencyStore, keyof Store>>().toEqualTypeOf<never>()
  })
})
