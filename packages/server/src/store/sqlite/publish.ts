/** How a version comes to be: the one place, whether somebody publishes a draft or its time has come. */
import { and, eq } from 'drizzle-orm'
import { Conflict, type Deed, type OutboxEntry, type VersionInput } from '../store.ts'
import type { Context, Database } from './context.ts'
import { services, versions } from './tables.ts'

/** Only inside a change. @throws Conflict 'stale' when the draft moved on; 'taken' when there is a newer version than `base` */
export function addVersion(
  { agencyId, log, enqueue }: Context,
  tx: Database,
  { service, ...content }: VersionInput,
  when: { revision: number } | { base: number },
  by: Deed,
  deliveries?: (version: number) => readonly OutboxEntry[],
): number {
  const serviceIs = and(eq(services.agencyId, agencyId), eq(services.id, service))
  const draft = tx.select().from(services).where(serviceIs).get()
  if (!draft || ('revision' in when && draft.revision !== when.revision)) throw new Conflict('stale')
  const newest = draft.publishedVersion ?? 0
  if ('base' in when && newest !== when.base) throw new Conflict('taken')
  const version = newest + 1
  tx.insert(versions)
    .values({ agencyId, service, version, ...content, publishedAt: by.at })
    .run()
  tx.update(services).set({ publishedVersion: version }).where(serviceIs).run()
  const warnings: Deed['details'] = content.acknowledged?.length ? { warnings: content.acknowledged.join(' ') } : {}
  log('service.published', `service:${service}`, { ...by, details: { ...by.details, version, digest: content.digest, ...warnings } })
  enqueue(deliveries?.(version) ?? [], { service, submission: null }, by.at)
  return version
}
