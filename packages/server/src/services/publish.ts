import { compile, FormatError, submissionSchema, upgrade } from '@guichet/core'
import type { LintFinding } from '@guichet/core/lint/finding'
import type { ServiceDefinition } from '@guichet/schemas'
import type { Adapters } from '../adapters.ts'
import { canonical, digestOf } from '../digest.ts'
import { say } from '../messages.ts'
import { PolicyError } from '../policy/rule.ts'
import { settlePolicy } from '../policy/settle.ts'
import { Refused } from '../problem.ts'
import { type AgencyStore, Conflict } from '../store/store.ts'

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
  const findings: PublishFinding[] = [...adapters.lint(inTodaysFormat(draft.definition)), ...policyFindings(draft.policy, language)]
  const definition = inTodaysFormat(draft.definition) as ServiceDefinition
  if (findings.some(({ severity }) => severity === 'error') || definition.id !== service) throw new Refused(422, 'findings', { members: { findings } })
  const version = {
    service,
    definition,
    policy: draft.policy,
    submissionSchema: submissionSchema(compile(definition, adapters.types), `${baseUrl}/v1/services/${agency.id}/${service}/submission-schema.json`),
    digest: digestOf(canonical(definition)),
  }
  try {
    return { version: await agency.publish(version, revision, { actor, at: adapters.clock.now().toISOString() }), findings }
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
function policyFindings(policy: object, language: string): PublishFinding[] {
  try {
    settlePolicy(policy)
    return []
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    return [
      { code: `policy.${error.code}`, severity: 'error', pointer: `/policy/rules/${error.rule}`, params: {}, detail: say(language, `policy.${error.code}`) },
    ]
  }
}
