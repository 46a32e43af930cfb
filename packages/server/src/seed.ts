/** What a new server starts with: an agency, and the example services, published. */
import type { Policy } from '@guichet/schemas'
import type { Adapters } from './adapters.ts'
import type { Config } from './config.ts'
import { canonical } from './digest.ts'
import { readExamples } from './examples.ts'
import { fallbackLanguage } from './messages.ts'
import { Refused } from './problem.ts'
import { publish } from './services/publish.ts'
import type { AgencyId } from './store/store.ts'

const actor = 'system'

/** Nobody should have to find out why the demo page is refused: it is let in wherever a policy does not say who is. */
function withDemo(policy: Policy, demoOrigin: string | null): Policy {
  // `open` lets every page in by itself.
  if (policy.rules?.origins || policy.preset === 'open' || !demoOrigin) return policy
  return { ...policy, rules: { ...policy.rules, origins: { allow: [demoOrigin] } } }
}

/**
 * Makes the agency and publishes the examples. One that a person has saved since is left alone; one that nobody touched
 * is published again when its file, or the demo page's address, has changed.
 */
export async function seed(adapters: Adapters, config: Config, demoOrigin: string | null): Promise<AgencyId> {
  const at = adapters.clock.now().toISOString()
  const id = await adapters.store.ensureAgency(config.agency, config.agencyName, at)
  const agency = adapters.store.agency(id)
  for (const { definition, policy: plain } of config.examplesDir ? readExamples(config.examplesDir) : []) {
    const policy = withDemo(plain, demoOrigin)
    const draft = await agency.service(definition.id)
    if (draft && draft.savedBy !== actor) continue
    const same = draft !== null && canonical([draft.definition, draft.policy]) === canonical([definition, policy])
    if (same && draft.publishedVersion !== null) continue
    const revision = same ? draft.revision : await agency.saveService({ id: definition.id, definition, policy }, draft?.revision ?? null, { actor, at })
    try {
      await publish(adapters, agency, definition.id, revision, { actor, language: fallbackLanguage, acknowledged: 'every' }, config.baseUrl)
    } catch (error) {
      // One faulty example must not keep the server from starting; it stays a draft.
      if (!(error instanceof Refused)) throw error
      adapters.log.warn({ service: definition.id, findings: error.extras.members?.findings }, 'example not published')
    }
  }
  return id
}
