import { compile, FormatError, submissionSchema, upgrade } from '@guichet/core'
import type { LintFinding } from '@guichet/core/lint/finding'
import type { ServiceDefinition, WebhookEvent } from '@guichet/schemas'
import type { Adapters } from '../adapters.ts'
import { keepBounds } from '../definitions/bounds.ts'
import { checkDeliveries, settleDeliveries } from '../deliveries/settle.ts'
import { canonical, digestOf } from '../digest.ts'
import { openBox } from '../keys/seal-box.ts'
import { planFault, sealEffects } from '../outbox/payload.ts'
import { lintPolicy } from '../policy/lint.ts'
import { PolicyError } from '../policy/rule.ts'
import { settlePolicy } from '../policy/settle.ts'
import { Refused } from '../problem.ts'
import { sealedFindings } from '../sealing/findings.ts'
import { type AgencyStore, Conflict } from '../store/store.ts'
import { verificationFindings } from '../verification/findings.ts'
import { policyFinding } from './policy-finding.ts'

/** A finding of lint's, or of the policy's with its sentence: lint's sentences are core's, and the builder has them. */
export type PublishFinding = LintFinding & { detail?: string }

export interface Published {
  version: number
  findings: PublishFinding[]
}

export interface Publisher {
  actor: string
  /** Language of the sentences. */
  language: string
}

/** Makes the draft of this revision the next version. @throws Refused with the findings if there are errors */
export async function publish(
  adapters: Adapters,
  agency: AgencyStore,
  service: string,
  revision: number,
  { actor, language }: Publisher,
  baseUrl: string,
): Promise<Published> {
  const draft = await agency.service(service)
  if (!draft) throw new Refused(404, 'not-found')
  if (draft.revision !== revision) throw new Refused(412, 'stale')
  keepBounds(draft.definition)
  const findings: PublishFinding[] = [
    ...(await adapters.lint(inTodaysFormat(draft.definition))),
    ...policyFindings(() => settlePolicy(draft.policy, adapters.rules), language),
  ]
  const checked = inTodaysFormat(draft.definition) as ServiceDefinition
  if (findings.some(({ severity }) => severity === 'error') || checked.id !== service) throw new Refused(422, 'findings', { members: { findings } })
  // Versions are public, and examples are the author's: they stay with the draft.
  const { examples: _, ...definition } = checked
  const whole = compile(definition, adapters.types)
  const sealed = await sealedFindings(agency, service, whole, draft.policy, language)
  const program = sealed.program ?? whole
  const policy = settlePolicy(draft.policy, adapters.rules)
  findings.push(
    ...sealed.findings,
    ...verificationFindings(whole, sealed.program, adapters.verifying.ways, language),
    ...lintPolicy(draft.policy, definition, adapters.rules, language),
    ...policyFindings(() => checkDeliveries(draft.policy, adapters.deliveries, program, policy), language),
  )
  if (findings.some(({ severity }) => severity === 'error')) throw new Refused(422, 'findings', { members: { findings } })
  const effects = settleDeliveries(draft.policy, adapters.deliveries, program, policy)
  const now = adapters.clock.now()
  const at = now.toISOString()
  const version = {
    service,
    definition,
    policy: draft.policy,
    submissionSchema: submissionSchema(program, `${baseUrl}/v1/services/${agency.id}/${service}/submission-schema.json`),
    digest: digestOf(canonical(definition)),
  }
  const told = (made: number) => {
    const event: WebhookEvent = { type: 'service.published', timestamp: at, data: { agency: agency.id, service, version: made } }
    return sealEffects(effects({ event, statusUrl: `${baseUrl}/status`, submission: null }, planFault(adapters.log)), openBox, now)
  }
  try {
    const number = await agency.publish(version, revision, { actor, at }, told)
    adapters.bell.ring(agency.id)
    return { version: number, findings }
  } catch (error) {
    if (error instanceof Conflict) throw new Refused(412, 'stale')
    throw error
  }
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
