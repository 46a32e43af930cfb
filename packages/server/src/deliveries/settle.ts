import type { Program } from '@guichet/core'
import type { Policy } from '@guichet/schemas'
import { PolicyError } from '../policy/rule.ts'
import type { Deliveries, DeliveryKinds, DeliveryTools, Effect, Happening } from './delivery.ts'

export const openDeliveries = (kinds: DeliveryKinds, tools: DeliveryTools): Deliveries =>
  Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, kind(tools)]))

const settingsOf = (policy: Policy) => Object.entries((policy.deliveries ?? {}) as Record<string, object>)
const find = (deliveries: Deliveries, kind: string) => (Object.hasOwn(deliveries, kind) ? deliveries[kind] : undefined)

/** Before it is published. @throws PolicyError */
export function checkDeliveries(policy: Policy, deliveries: Deliveries, program: Program): void {
  for (const [kind, settings] of settingsOf(policy)) {
    const delivery = find(deliveries, kind)
    const code = delivery ? delivery.fault(settings as never, program) : 'delivery-unknown'
    if (code !== null) throw new PolicyError(kind, code, 'deliveries')
  }
}

export type PlannedEffect = Effect & { kind: string }
/** All that a version sends when something happens. `fault` hears of kinds that could not say what. */
export type Effects = (happening: Happening, fault: (kind: string, error: unknown) => void) => PlannedEffect[]

/**
 * Never throws, and neither does what it gives: the service goes on and what a citizen sent is kept, also when an operator
 * has since taken away a kind of delivery, or the address of one is no longer allowed.
 */
export function settleDeliveries(policy: Policy, deliveries: Deliveries, program: Program): Effects {
  const settled = settingsOf(policy).map(([kind, settings]) => {
    try {
      const delivery = find(deliveries, kind)
      return { kind, plan: delivery?.plan(settings as never, program) ?? null, error: null }
    } catch (error) {
      return { kind, plan: null, error }
    }
  })
  return (happening, fault) =>
    settled.flatMap(({ kind, plan, error }) => {
      try {
        if (plan) return plan(happening).map((effect) => ({ kind, ...effect }))
        fault(kind, error)
      } catch (unexpected) {
        fault(kind, unexpected)
      }
      return []
    })
}
