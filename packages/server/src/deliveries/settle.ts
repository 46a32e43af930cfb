import type { Program } from '@guichet/core'
import type { Policy } from '@guichet/schemas'
import { PolicyError } from '../policy/rule.ts'
import { type Deliveries, DeliveryFault, type DeliveryKinds, type DeliveryTools, type Effect, type Happening } from './delivery.ts'

export const openDeliveries = (kinds: DeliveryKinds, tools: DeliveryTools): Deliveries =>
  Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, kind(tools)]))

export type PlannedEffect = Effect & { kind: string }
/** All that a version sends when something happens. */
export type Effects = (happening: Happening, fault: (kind: string, error: unknown) => void) => PlannedEffect[]

/** @throws PolicyError */
export function settleDeliveries(policy: Policy, deliveries: Deliveries, program: Program): Effects {
  const plans = Object.entries((policy.deliveries ?? {}) as Record<string, object>).map(([kind, settings]) => {
    const delivery = Object.hasOwn(deliveries, kind) ? deliveries[kind] : undefined
    if (!delivery) throw new PolicyError(kind, 'delivery-unknown', 'deliveries')
    try {
      return { kind, plan: delivery.plan(settings as never, program) }
    } catch (error) {
      if (error instanceof DeliveryFault) throw new PolicyError(kind, error.code, 'deliveries')
      throw error
    }
  })
  return (happening, fault) =>
    plans.flatMap(({ kind, plan }) => {
      try {
        return plan(happening).map((effect) => ({ kind, ...effect }))
      } catch (error) {
        // What a citizen sent is kept, whatever becomes of the news about it.
        fault(kind, error)
        return []
      }
    })
}
