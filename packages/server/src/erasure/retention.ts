/**
 * What a service's policy says is kept so long and no longer. Judged by lived time, never by the clock alone. What is held
 * stays. Rows, keys and files go; a month's key is destroyed itself when nothing is left that it has to open.
 */
import type { Adapters } from '../adapters.ts'
import { newId } from '../codes.ts'
import type { Config } from '../config.ts'
import { monthsBefore } from '../lived-time.ts'
import type { LiveService } from '../services/live.ts'
import type { AgencyStore } from '../store/store.ts'
import { resumeErasures } from './approvals.ts'
import { erasableOf } from './erase-cases.ts'
import { shred } from './shred.ts'
import { type Retention, retentionOf } from './terms.ts'

export type RetentionOf = (live: LiveService) => Retention | null

const atOnce = 200

/** Gives how many cases were destroyed. */
export async function keepRetention(adapters: Adapters, config: Config, of: RetentionOf = retentionOf): Promise<number> {
  let count = 0
  for (const { id } of await adapters.store.agencies()) {
    const agency = adapters.store.agency(id)
    await resumeErasures(adapters, config, agency, adapters.clock.now())
    for (const { service } of await agency.published()) {
      const live = await adapters.live.find(id, service)
      const retention = live && of(live)
      if (retention) count += await purge(adapters, config, agency, service, retention)
    }
  }
  return count
}

async function purge(adapters: Adapters, config: Config, agency: AgencyStore, service: string, { after: basis, months }: Retention): Promise<number> {
  const before = monthsBefore(await adapters.lived.before(agency), months)
  let count = 0
  for (let after = ''; ; ) {
    const cases = await agency.casesPast(service, basis, before, after, atOnce)
    if (cases.length > 0) {
      const erasable = await Promise.all(cases.map((one) => erasableOf(agency, one)))
      const now = adapters.clock.now()
      const certificate = { id: newId(now), kind: 'retention' as const, at: now.toISOString(), details: { service, policy: { after: basis, months } } }
      count += await agency.eraseCases(certificate, erasable, null, { actor: 'system', at: certificate.at })
    }
    if (cases.length < atOnce) break
    after = cases.at(-1)?.id as string
  }
  if (count > 0) await shred(adapters, config, agency)
  return count
}
