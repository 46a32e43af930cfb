/** A policy made ready to be asked. Whatever goes wrong in a rule is a refusal: nobody gets in, or sees, by an error. */
import type { Policy } from '@guichet/schemas'
import { policy as shape } from '@guichet/schemas/validators'
import type { SealBox } from '../keys/seal-box.ts'
import { Refused } from '../problem.ts'
import { type Preset, presetOf } from './preset.ts'
import { memoryRates } from './rate/rates.ts'
import {
  type Admit,
  type AdmitEvidence,
  type Asks,
  type Claim,
  type ClaimEvidence,
  type Inspect,
  type InspectEvidence,
  type Means,
  type Place,
  PolicyError,
  type Read,
  type ReadEvidence,
  type Refusal,
  type Reveal,
  type RevealEvidence,
  type Rule,
  type Seal,
  type SealEvidence,
  type TermsRule,
} from './rule.ts'
import { rules as all } from './rules.ts'

/** A refusal and the rule that it comes from. */
export type RefusalBy = Refusal & { rule: string }

/** A policy ready to be asked. */
export interface Settled {
  readonly preset: Preset
  /** The first refusal of the rules of stage admit, with the rule's name. `only`: ask these rules alone. */
  admit(evidence: AdmitEvidence, only?: readonly string[]): Promise<RefusalBy | null>
  inspect(evidence: InspectEvidence): Promise<RefusalBy | null>
  /** The places that a submission takes. @throws Refused when a rule cannot tell */
  claim(evidence: ClaimEvidence): readonly Place[]
  /** @throws Refused when the rule gives no box */
  seal(evidence: SealEvidence): SealBox
  read(evidence: ReadEvidence): Promise<RefusalBy | null>
  /** Whether they see the field of a path. Every rule has to say so. */
  reveal(evidence: RevealEvidence): (path: string) => boolean
  /** The options of a rule that another part of the server keeps to. @throws PolicyError if the policy was settled without it */
  terms<Options extends object>(rule: Pick<TermsRule<Options>, 'name' | 'presets'>): Options
  readonly asks: Asks
}

/** What a rule that fails means: no. */
const broken: Refusal = { status: 503, code: 'policy' }

/** The options that a policy gives a rule: the preset's, and over them what it says itself, one by one. */
export const optionsOf = (policy: Policy, rule: Pick<Rule, 'name' | 'presets'>): object => {
  const given = (policy.rules ?? {}) as Record<string, object>
  return { ...rule.presets[presetOf(policy)], ...(Object.hasOwn(given, rule.name) ? given[rule.name] : {}) }
}

/** Without `means` it counts for itself: to see whether a policy can be meant, that does. @throws PolicyError */
export function settlePolicy(policy: Policy, rules: readonly Rule[] = all, means: Means = { rates: memoryRates() }): Settled {
  if (!shape(policy)) {
    const [, part, rule = 'policy'] = shape.errors![0]!.instancePath.split('/')
    throw new PolicyError(rule, 'shape', part === 'deliveries' ? part : 'rules')
  }
  const preset = presetOf(policy)
  // A rule that is asked for and not there would leave a service less protected than its policy says.
  for (const name of Object.keys(policy.rules ?? {})) if (!rules.some((rule) => rule.name === name)) throw new PolicyError(name, 'rule-unknown')
  const admits: [string, Admit][] = []
  const inspects: [string, Inspect][] = []
  const claims: [string, Claim][] = []
  const seals: [string, Seal][] = []
  const reads: [string, Read][] = []
  const reveals: [string, Reveal][] = []
  const asks: Asks = {}
  const terms = new Map<string, object>()
  for (const rule of rules) {
    const { name } = rule
    const options = optionsOf(policy, rule) as never
    Object.assign(asks, rule.asks?.(options))
    if (rule.stage === 'admit') admits.push([name, rule.settle(options, preset, means)])
    else if (rule.stage === 'inspect') inspects.push([name, rule.settle(options, preset, means)])
    else if (rule.stage === 'claim') claims.push([name, rule.settle(options, preset, means)])
    else if (rule.stage === 'seal') seals.push([name, rule.settle(options, preset, means)])
    else if (rule.stage === 'read') reads.push([name, rule.settle(options, preset, means)])
    else if (rule.stage === 'reveal') reveals.push([name, rule.settle(options, preset, means)])
    else terms.set(name, rule.settle(options, preset, means))
  }
  const [seal] = seals
  // Sealing is a choice of how, never of whether: without exactly one rule for it nothing is taken.
  if (!seal || seals.length > 1) throw new PolicyError('policy', 'one-seal-rule')
  return {
    preset,
    async admit(evidence, only) {
      for (const [rule, ask] of admits) {
        if (only && !only.includes(rule)) continue
        const answer = answerOf(rule, ask, evidence)
        const refusal = answer instanceof Promise ? await answer : answer
        if (refusal) return refusal
      }
      return null
    },
    inspect: (evidence) => firstRefusal(inspects, evidence),
    claim(evidence) {
      return claims.flatMap(([, ask]) => orRefused(() => placesOf(atOnce(ask(evidence)))))
    },
    seal: (evidence) => orRefused(() => boxOf(atOnce(seal[1](evidence)))),
    read: (evidence) => firstRefusal(reads, evidence),
    reveal(evidence) {
      const sees = reveals.map(([, ask]) => {
        try {
          return atOnce(ask(evidence))
        } catch {
          return () => false
        }
      })
      return function isRevealed(path) {
        try {
          // Only the word itself: a promise, or anything else that is taken for true, reveals nothing.
          return sees.every((see) => atOnce(see(path)) === true)
        } catch {
          return false
        }
      }
    },
    terms<Options extends object>({ name }: Pick<TermsRule<Options>, 'name' | 'presets'>) {
      const found = terms.get(name)
      if (!found) throw new PolicyError(name, 'rule-unknown')
      return found as Options
    },
    asks,
  }
}

async function firstRefusal<Evidence>(
  rules: readonly [string, (evidence: Evidence) => Refusal | null | Promise<Refusal | null>][],
  evidence: Evidence,
): Promise<RefusalBy | null> {
  for (const [rule, ask] of rules) {
    const answer = answerOf(rule, ask, evidence)
    const refusal = answer instanceof Promise ? await answer : answer
    if (refusal) return refusal
  }
  return null
}

/**
 * What a rule answers: null, or a refusal. Whatever else it does is a refusal too. Most rules answer at once, and each
 * promise would be a turn of its own.
 */
function answerOf<Evidence>(rule: string, ask: (evidence: Evidence) => unknown, evidence: Evidence): RefusalBy | null | Promise<RefusalBy | null> {
  const taken = (answer: unknown) => (answer === null ? null : isRefusal(answer) ? { ...answer, rule } : { ...broken, rule })
  try {
    const answer = ask(evidence)
    return isThenable(answer)
      ? Promise.resolve(answer)
          .then(taken)
          .catch(() => ({ ...broken, rule }))
      : taken(answer)
  } catch {
    return { ...broken, rule }
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> => typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function'

const isRefusal = (value: unknown): value is Refusal => {
  if (typeof value !== 'object' || value === null) return false
  const { status, code } = value as Partial<Refusal>
  return typeof code === 'string' && typeof status === 'number' && Number.isInteger(status) && status >= 400 && status <= 599
}

function orRefused<Result>(ask: () => Result): Result {
  try {
    return ask()
  } catch {
    throw new Refused(broken.status, broken.code)
  }
}

/** A promise is no answer where one is due at once; what it fails with later must not end the process. */
function atOnce<Answer>(answer: Answer): Answer {
  if (!(answer instanceof Promise)) return answer
  answer.catch(() => {})
  throw new TypeError('A promise is no answer here.')
}

function placesOf(places: unknown): readonly Place[] {
  if (!Array.isArray(places)) throw new TypeError('These are no places.')
  for (const { counter, most, full } of places as Place[])
    if (typeof counter !== 'string' || counter.length > 200 || !Number.isInteger(most) || typeof full.code !== 'string')
      throw new TypeError('This is no place.')
  return places
}

function boxOf(box: SealBox): SealBox {
  if (typeof box?.seal !== 'function') throw new TypeError('This is no box.')
  return box
}
