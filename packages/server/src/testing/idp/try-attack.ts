import { createWorld, definitionOf, type World } from '../world.ts'
import type { Attack } from './forgeries.ts'
import { type ForgingIdp, forgingIdp } from './forging-idp.ts'
import { begin, exchange, goThrough, outcomeOf } from './signing-in.ts'
import { providerFile, signInPolicy } from './world.ts'

/** What became of a person whose provider does this: signed in, told why not, or still on our page. */
export async function tryAttack(world: World, idp: ForgingIdp, forgery: Attack['forgery']): Promise<Attack['fault'] | 'signed-in'> {
  idp.forgery = forgery
  try {
    const { address, verifier } = await begin(world)
    if (!address) return 'not-begun'
    const { location } = await goThrough(world, idp.visit, address)
    if (!location) return 'stays'
    const { code, fault } = outcomeOf(location)
    if (!code) return fault as Attack['fault']
    return (await exchange(world, code, verifier)).status === 200 ? 'signed-in' : 'failed'
  } finally {
    idp.forgery = {}
  }
}

/** A provider and a service that trusts it. What is believed of the provider does not outlive a try: each has a server of its own. */
export async function attackedWorld(): Promise<{ idp: ForgingIdp; world(): Promise<World>; close(): Promise<void> }> {
  const idp = await forgingIdp()
  const file = providerFile(idp.issuer)
  const worlds: World[] = []
  return {
    idp,
    async world() {
      const world = await createWorld({ SIGN_IN_PROVIDERS: file.path, EGRESS_ALLOW: idp.place }, { clock: { now: () => new Date() } })
      worlds.push(world)
      await world.offer(definitionOf(), signInPolicy())
      return world
    },
    async close() {
      for (const world of worlds) await world.close()
      await idp.close()
      file.remove()
    },
  }
}
