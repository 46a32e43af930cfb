/** How a version comes to be: the one place, whether somebody publishes a draft or its time has come. */
import { and, eq } from 'drizzle-orm'
import { Conflict, type Deed, type OutboxEntry, type VersionInput } from '../store.ts'
import { type Context, type Log, outboxRows } from './context.ts'
import type { Transaction } from './database.ts'
import { outbox, services, versions } from './tables.ts'

/** Only inside a change. @throws Conflict 'stale' when the draft moved on; 'taken' when there is a newer version than `base` */
export async function addVersion(
  { agencyId, mine }: Context,
  tx: Transaction,
  log: Log,
  { service, ...content }: VersionInput,
  when: { revision: number } | { base: number },
  by: Deed,
  deliveries?: (version: number) => readonly OutboxEntry[],
): Promise<number> {
  const serviceIs = and(mine(services), eq(services.id, service))
  const [draft] = await tx.select().from(services).where(serviceIs)
  if (!draft || ('revision' in when && draft.revision !== when.revision)) throw new Conflict('stale')
  const newest = draft.publishedVersion ?? 0
  if ('base' in when && newest !== when.base) throw new Conflict('taken')
  const version = newest + 1
  await tx.insert(versions).values({ agencyId, service, version, ...content, publishedAt: by.at })
  await tx.update(services).set({ publishedVersion: version }).where(serviceIs)
  const warnings: Deed['details'] = content.acknowledged?.length ? { warnings: content.acknowledged.join(' ') } : {}
  await log('service.published', `service:${service}`, { ...by, details: { ...by.details, version, digest: content.digest, ...warnings } })
  const rows = outboxRows(agencyId, deliveries?.(version) ?? [], { service, submission: null }, by.at)
  if (rows.length > 0) await tx.insert(outbox).values(rows)
  return version
}
