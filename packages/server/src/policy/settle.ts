import type { Policy } from '@guichet/schemas'
import { policy as shape } from '@guichet/schemas/validators'
import { memoryRates } from './rate/rates.ts'
import {
  type Admit,
  type AdmitEvidence,
  type Inspect,
  type InspectEvidence,
  type Means,
  PolicyError,
  type Preset,
  type Refusal,
  type Rule,
  type Seal,
} from './rule.ts'
import { rules as all } from './rules.ts'

/** A policy ready to be asked. */
export interface Settled {
  /** The first refusal of the rules of stage admit, with the rule's name. `only`: ask these rules alone. */
  admit(evidence: AdmitEvidence, only?: readonly string[]): Promise<(Refusal & { rule: string }) | null>
  inspect(evidence: InspectEvidence): Refusal | null
  seal: Seal
}

/** What a rule that fails means: no. */
const broken: Refusal = { status: 503, code: 'policy' }

/** Without `means` it counts for itself: to see whether a policy can be meant, that does. @throws PolicyError */
export function settlePolicy(policy: Policy, rules: readonly Rule[] = all, means: Means = { rates: memoryRates() }): Settled {
  if (!shape(policy)) {
    const [, part, rule = 'policy'] = shape.errors?.[0]?.instancePath.split('/') ?? []
    throw new PolicyError(rule, 'shape', part === 'deliveries' ? part : 'rules')
  }
  const preset: Preset = policy.preset ?? 'strict'
  const given = (policy.rules ?? {}) as Record<string, object>
  const admits: [string, Admit][] = []
  const inspects: Inspect[] = []
  const seals: Seal[] = []
  for (const rule of rules) {
    const options = { ...rule.presets[preset], ...(Object.hasOwn(given, rule.name) ? given[rule.name] : {}) } as never
    if (rule.stage === 'admit') admits.push([rule.name, rule.settle(options, preset, means)])
    else if (rule.stage === 'inspect') inspects.push(rule.settle(options, preset, means))
    else seals.push(rule.settle(options, preset, means))
  }
  const [seal] = seals
  // Sealing is a choice of how, never of whether: without exactly one rule for it nothing is taken.
  if (!seal || seals.length > 1) throw new PolicyError('policy', 'one-seal-rule')
  return {
    async admit(evidence, only) {
      for (const [rule, ask] of admits) {
        if (only && !only.includes(rule)) continue
        try {
          const refusal = await ask(evidence)
          if (refusal) return { ...refusal, rule }
        } catch {
          return { ...broken, rule }
        }
      }
      return null
    },
    inspect(evidence) {
      for (const ask of inspects) {
        try {
          const refusal = ask(evidence)
          if (refusal) return refusal
        } catch {
          return broken
        }
      }
      return null
    },
    seal,
  }
}
