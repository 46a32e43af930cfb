/** A draft becomes the next version. */
import { submissionSchema } from '@guichet/core'
import type { Policy, WebhookEvent } from '@guichet/schemas'
import type { Adapters } from '../adapters.ts'
import { canonical, digestOf } from '../digest.ts'
import { openBox } from '../keys/seal-box.ts'
import { planFault, sealEffects } from '../outbox/payload.ts'
import { Refused } from '../problem.ts'
import { type AgencyStore, Conflict, type OutboxEntry, type VersionInput } from '../store/store.ts'
import { type CheckedDraft, checkDraft, keepAcknowledged, type PublishFinding, warningsIn } from './check-draft.ts'

export interface Published {
  version: number
  findings: readonly PublishFinding[]
}

export interface Publisher {
  actor: string
  /** Language of the sentences. */
  language: string
  /** Codes of the warnings that they publish with; `every`: for the server itself, which reads none. */
  acknowledged: readonly string[] | 'every'
}

/** Makes the draft of this revision the next version. @throws Refused with the findings if there are errors, or warnings that nobody named */
export async function publish(
  adapters: Adapters,
  agency: AgencyStore,
  service: string,
  revision: number,
  { actor, language, acknowledged }: Publisher,
  baseUrl: string,
): Promise<Published> {
  const draft = await agency.service(service)
  if (!draft) throw new Refused(404, 'not-found')
  if (draft.revision !== revision) throw new Refused(412, 'stale')
  const checked = await checkDraft(adapters, agency, service, draft, language)
  const { findings } = checked
  const warnings = acknowledged === 'every' ? warningsIn(findings) : keepAcknowledged(findings, acknowledged)
  const { version, told, at } = versionOf(adapters, agency, service, checked, draft.policy, warnings, baseUrl)
  try {
    const number = await agency.publish(version, revision, { actor, at }, told)
    adapters.bell.ring(agency.id)
    return { version: number, findings }
  } catch (error) {
    if (error instanceof Conflict) throw new Refused(412, 'stale')
    throw error
  }
}

/** What the store takes: the version, and what the outside is told of it. */
export function versionOf(
  { clock, log }: Adapters,
  agency: AgencyStore,
  service: string,
  { definition, program, effects }: CheckedDraft,
  policy: Policy,
  acknowledged: readonly string[],
  baseUrl: string,
): { version: VersionInput; told: (made: number) => readonly OutboxEntry[]; at: string } {
  const now = clock.now()
  const at = now.toISOString()
  const version = {
    service,
    definition,
    policy,
    submissionSchema: submissionSchema(program, `${baseUrl}/v1/services/${agency.id}/${service}/submission-schema.json`),
    digest: digestOf(canonical(definition)),
    acknowledged,
  }
  const told = (made: number) => {
    const event: WebhookEvent = { type: 'service.published', timestamp: at, data: { agency: agency.id, service, version: made } }
    return sealEffects(effects({ event, statusUrl: `${baseUrl}/status`, submission: null }, planFault(log)), openBox, now)
  }
  return { version, told, at }
}
