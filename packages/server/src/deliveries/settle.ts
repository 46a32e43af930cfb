import type { Program } from '@guichet/core'
import type { Policy } from '@guichet/schemas'
import { revealedAnswers } from '../cases/revealed.ts'
import { mayCall, outgoing } from '../policy/outgoing/rule.ts'
import { PolicyError } from '../policy/rule.ts'
import type { Settled } from '../policy/settle.ts'
import type { Deliveries, DeliveryKinds, DeliveryTools, Effect, Happening } from './delivery.ts'

export const openDeliveries = (kinds: DeliveryKinds, tools: DeliveryTools): Deliveries =>
  Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, kind(tools)]))

const settingsOf = (policy: Policy) => Object.entries((policy.deliveries ?? {}) as Record<string, object>)
const find = (deliveries: Deliveries, kind: string) => (Object.hasOwn(deliveries, kind) ? deliveries[kind] : undefined)

/** Before it is published. @throws PolicyError */
export function checkDeliveries(policy: Policy, deliveries: Deliveries, program: Program, settled: Settled): void {
  const sees = settled.reveal(toDeliveries)
  for (const [kind, settings] of settingsOf(policy)) {
    const delivery = find(deliveries, kind)
    const code = delivery ? delivery.fault(settings as never, program) : 'delivery-unknown'
    if (code !== null) throw new PolicyError(kind, code, 'deliveries')
    if (delivery?.needs?.(settings as never).some((field) => !sees(field))) throw new PolicyError(kind, 'delivery-hidden', 'deliveries')
    if (addressesIn(settings).some((url) => !mayCall(settled.terms(outgoing), url))) throw new PolicyError(kind, 'outgoing', 'deliveries')
  }
}

export type PlannedEffect = Effect & { kind: string }
/** All that a version sends when something happens. `fault` hears of kinds that could not say what. */
export type Effects = (happening: Happening, fault: (kind: string, error: unknown) => void) => PlannedEffect[]

/**
 * Never throws, and neither does what it gives: the service goes on and what a citizen sent is kept, also when an operator
 * has since taken away a kind of delivery, or the address of one is no longer allowed.
 */
export function settleDeliveries(policy: Policy, deliveries: Deliveries, program: Program, policyOf: Settled): Effects {
  const sees = policyOf.reveal(toDeliveries)
  const allowed = policyOf.terms(outgoing)
  const settled = settingsOf(policy).map(([kind, settings]) => {
    try {
      const delivery = find(deliveries, kind)
      return { kind, plan: delivery?.plan(settings as never, program) ?? null, error: null }
    } catch (error) {
      return { kind, plan: null, error }
    }
  })
  return (told, fault) => {
    if (settled.length === 0) return []
    const { submission } = told
    // Deliveries are told what they may see, and nothing else: none of them can pass on the rest.
    const happening = submission ? { ...told, submission: { ...submission, answers: revealedAnswers(submission.program, submission.answers, sees) } } : told
    return settled.flatMap(({ kind, plan, error }) => {
      try {
        if (plan) {
          const planned = plan(happening)
          const kept = planned.filter(({ destination }) => !isAddress(destination) || mayCall(allowed, destination))
          if (kept.length < planned.length) fault(kind, new PolicyError(kind, 'outgoing', 'deliveries'))
          return kept.map((effect) => ({ kind, ...effect }))
        }
        fault(kind, error)
      } catch (unexpected) {
        fault(kind, unexpected)
      }
      return []
    })
  }
}

const toDeliveries = { roles: ['delivery'], way: 'delivery' } as const
const isAddress = (text: string) => /^https?:/i.test(text)

/** Every address that stands anywhere in the settings. */
const addressesIn = (value: unknown): string[] =>
  typeof value === 'string' ? (isAddress(value) ? [value] : []) : typeof value === 'object' && value !== null ? Object.values(value).flatMap(addressesIn) : []
