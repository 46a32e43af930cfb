/** Everything that is looked at before a definition and its policy become a version, whenever that is. */
import { compile, FormatError, type Program, upgrade } from '@guichet/core'
import type { LintFinding } from '@guichet/core/lint/finding'
import type { Policy, ServiceDefinition } from '@guichet/schemas'
import type { Adapters } from '../adapters.ts'
import { keepBounds } from '../definitions/bounds.ts'
import { checkDeliveries, settleDeliveries } from '../deliveries/settle.ts'
import { listFindings } from '../lists/findings.ts'
import { say } from '../messages.ts'
import { lintPolicy } from '../policy/lint.ts'
import { PolicyError } from '../policy/rule.ts'
import { optionsOf, type Settled, settlePolicy } from '../policy/settle.ts'
import { type SignInOptions, signIn } from '../policy/sign-in/rule.ts'
import { Refused } from '../problem.ts'
import { sealedFindings } from '../sealing/findings.ts'
import type { AgencyStore } from '../store/store.ts'
import { verificationFindings } from '../verification/findings.ts'
import { policyFinding } from './policy-finding.ts'

/** A finding of lint's, or of the policy's with its sentence: lint's sentences are core's, and the builder has them. */
export type PublishFinding = LintFinding & { detail?: string }

export interface CheckedDraft {
  /** As a version holds it: in today's format, without the author's examples. */
  definition: ServiceDefinition
  /** As much of it as the server may work with. */
  program: Program
  /** All that is asked; of a sealed service that is more than `program`. */
  whole: Program
  policy: Settled
  effects: ReturnType<typeof settleDeliveries>
  /** Warnings alone. */
  findings: readonly PublishFinding[]
}

const findingsRefuse = (findings: readonly PublishFinding[]) => {
  if (findings.some(({ severity }) => severity === 'error')) throw new Refused(422, 'findings', { members: { findings } })
}

/** @throws Refused 422 with the findings if there are errors */
export async function checkDraft(
  adapters: Adapters,
  agency: AgencyStore,
  service: string,
  draft: { definition: unknown; policy: Policy },
  language: string,
): Promise<CheckedDraft> {
  keepBounds(draft.definition)
  const findings: PublishFinding[] = [
    ...(await adapters.lint(inTodaysFormat(draft.definition), agency.id)),
    ...policyFindings(() => settlePolicy(draft.policy, adapters.rules), language),
  ]
  findingsRefuse(findings)
  const checked = inTodaysFormat(draft.definition) as ServiceDefinition
  if (checked.id !== service) throw new Refused(422, 'findings', { members: { findings } })
  // Versions are public, and examples are the author's: they stay with the draft.
  const { examples: _, ...definition } = checked
  const whole = compile(definition, adapters.types)
  const sealed = await sealedFindings(agency, service, whole, draft.policy, language)
  const program = sealed.program ?? whole
  const policy = settlePolicy(draft.policy, adapters.rules)
  findings.push(
    ...sealed.findings,
    ...verificationFindings(whole, sealed.program, adapters.verifying.ways, language),
    ...listFindings(whole, policy, adapters.egress, language),
    ...signInFindings(adapters, agency, draft.policy, language),
    ...lintPolicy(draft.policy, definition, adapters.rules, language),
    ...policyFindings(() => checkDeliveries(draft.policy, adapters.deliveries, program, policy), language),
  )
  findingsRefuse(findings)
  return { definition, program, whole, policy, effects: settleDeliveries(draft.policy, adapters.deliveries, program, policy), findings }
}

/** Codes of the warnings, each once. */
export const warningsIn = (findings: readonly PublishFinding[]): string[] => [
  ...new Set(findings.flatMap(({ severity, code }) => (severity === 'warning' ? [code] : []))),
]

/** Nobody publishes with a warning that was not named to them, and by them. @throws Refused 422 with the findings */
export function keepAcknowledged(findings: readonly PublishFinding[], acknowledged: readonly string[]): readonly string[] {
  const warnings = warningsIn(findings)
  if (warnings.some((code) => !acknowledged.includes(code))) throw new Refused(422, 'unacknowledged', { members: { findings } })
  return warnings
}

/** Whom citizens are to sign in with has to be there: otherwise nobody could send anything in. */
function signInFindings({ signIns }: Adapters, agency: AgencyStore, policy: Policy, language: string): PublishFinding[] {
  const { demand, providers } = optionsOf(policy, signIn) as SignInOptions
  if (demand === 'none') return []
  const there = signIns.providers(agency.id).map(({ id }) => id)
  const finding = (code: string, params: Record<string, string> = {}): PublishFinding => ({
    code: `policy.${code}`,
    severity: 'error',
    pointer: '/policy/rules/sign-in',
    params,
    detail: say(language, `policy.${code}`, params),
  })
  if (there.length === 0) return demand === 'required' || providers.length > 0 ? [finding('sign-in-none')] : []
  return providers.filter((provider) => !there.includes(provider)).map((provider) => finding('sign-in-unknown', { provider }))
}

/** The definition upgraded; as it is where it has no format that is known, so that lint says what is wrong. */
export function inTodaysFormat(definition: unknown): unknown {
  try {
    return upgrade(definition)
  } catch (error) {
    if (error instanceof FormatError) return definition
    throw error
  }
}

/** A policy that cannot be settled, as a finding beside those of the definition. */
function policyFindings(settle: () => unknown, language: string): PublishFinding[] {
  try {
    settle()
    return []
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    return [policyFinding(error, language)]
  }
}
