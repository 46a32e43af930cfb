/**
 * The queries that every submission makes. Those of many citizens at once share a transaction, so that they share its
 * round trips and its one wait for the disk.
 */
import { and, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import { leafOf, nextEvent, nextLink } from '../../audit/chain.ts'
import { closed, concluded } from '../../intake/conclusion.ts'
import { type Count, countsOf } from '../../statistics/count.ts'
import {
  type AgencyStore,
  type AttachmentRecord,
  Conflict,
  type Deed,
  type KeyClaim,
  type KeyState,
  type NewSubmission,
  type SubmissionEntry,
} from '../store.ts'
import { type Context, type Head, outboxRows } from './context.ts'
import { Closing, type Transaction } from './database.ts'
import { StoreFailure } from './failure.ts'
import { gather, type Outcome } from './gather.ts'
import { placesTaken, standingOf } from './places.ts'
import { addCounts } from './statistics-queries.ts'
import { attachments, auditEvents, idempotencyKeys, outbox, receipts, services, submissions } from './tables.ts'
import { withdrawKey } from './withdraw-key.ts'

type IntakeQueries = Pick<AgencyStore, 'published' | 'claimKey' | 'releaseKey' | 'withdrawKey' | 'record' | 'placesTaken' | 'addAttachment'>
type Published = { service: string; version: number }[]

type KeyRow = Omit<typeof idempotencyKeys.$inferSelect, 'agencyId'>

const pairOf = (service: string, keyHash: string) => `${service}\n${keyHash}`
/** A refusal may be one row's fault; a lost connection is nobody's. */
const oneIsToBlame = (error: unknown) => error instanceof StoreFailure

export function intakeQueries(context: Context): IntakeQueries {
  const { agencyId, mine, read, touch } = context

  const published = gather<string | undefined, Published>(async (wanted) => {
    const names = wanted.filter((name) => name !== undefined)
    const rows = (await read(
      (tx) =>
        new Closing(
          tx
            .select({ service: services.id, version: services.publishedVersion })
            .from(services)
            .where(and(mine(services), isNotNull(services.publishedVersion), names.length < wanted.length ? undefined : inArray(services.id, names)))
            .orderBy(services.id)
            .prepare()
            .execute(),
        ),
    )) as Published
    return wanted.map((name) => ({ result: name === undefined ? rows : rows.filter((row) => row.service === name) }))
  }, oneIsToBlame)

  /**
   * Rows of idempotency keys, each looked for by itself (LIMIT). As a list of keys the planner may rather read all that a service has, which it
   * takes to be few until it has looked at the table again: of a service that was opened today, that is tens of thousands.
   * `open`: only those without an answer, held until the end of the transaction.
   */
  const keyRows = (tx: Transaction, keys: readonly Pick<KeyClaim, 'service' | 'keyHash'>[], { open }: { open: boolean }): Promise<KeyRow[]> => {
    const wanted = [...new Map(keys.map((key) => [pairOf(key.service, key.keyHash), key])).values()]
    const list = (of: (key: (typeof wanted)[number]) => string) => sql.param(wanted.map(of))
    const found = tx
      .execute(
        sql`SELECT found.service_id AS "service", found.key_hash AS "keyHash", found.body_mac AS "bodyMac", found.started_at AS "startedAt", found.answer AS "answer"
          FROM unnest(${list(({ service }) => service)}::text[], ${list(({ keyHash }) => keyHash)}::text[]) AS wanted (service_id, key_hash)
          CROSS JOIN LATERAL (
            SELECT * FROM ${idempotencyKeys}
            WHERE ${and(mine(idempotencyKeys), sql`${idempotencyKeys.service} = wanted.service_id`, sql`${idempotencyKeys.keyHash} = wanted.key_hash`, open ? isNull(idempotencyKeys.answer) : undefined)}
            LIMIT 1 ${open ? sql`FOR UPDATE` : sql``}
          ) AS found`,
      )
      .execute()
    return found.then((result) => (result as { rows: unknown[] }).rows as KeyRow[])
  }

  const claimed = { state: 'claimed' } as const
  const claimKeys = gather<{ claim: KeyClaim; staleBefore: string }, KeyState>(async (items) => {
    const claims = items.map(({ claim }) => claim)
    const { made, again } = await touch(
      (tx, again) => {
        const made = tx
          .insert(idempotencyKeys)
          .values(claims.map(({ at, ...claim }) => ({ agencyId, ...claim, startedAt: at })))
          .onConflictDoNothing()
          .returning({ service: idempotencyKeys.service, keyHash: idempotencyKeys.keyHash, bodyMac: idempotencyKeys.bodyMac })
          .prepare()
          .execute()
        return new Closing(made.then((made) => ({ made, again })))
      },
      { light: true, repeatable: true },
    )
    const free = new Map(made.map((row) => [pairOf(row.service, row.keyHash), row.bodyMac]))
    // Of two in one batch the first has it.
    const mineNow = claims.map((claim) => free.get(pairOf(claim.service, claim.keyHash)) === claim.bodyMac && free.delete(pairOf(claim.service, claim.keyHash)))
    const others = claims.filter((_, i) => !mineNow[i])
    const held = others.length === 0 ? [] : await read((tx) => new Closing(keyRows(tx, others, { open: false })))
    const rows = new Map(held.map((row) => [pairOf(row.service, row.keyHash), row]))
    const outcomes: Outcome<KeyState>[] = []
    for (const [i, { claim, staleBefore }] of items.entries()) {
      const row = rows.get(pairOf(claim.service, claim.keyHash))
      if (mineNow[i]) outcomes.push({ result: claimed })
      else if (!row) outcomes.push({ result: { state: 'running' } })
      else if (row.bodyMac !== claim.bodyMac) outcomes.push({ result: { state: 'other-body' } })
      else if (row.answer) outcomes.push({ result: { state: 'done', answer: row.answer } })
      // The answer to our own claim was lost. Should it be a twin's of the same moment: only one of the two can be recorded.
      else if (again && row.startedAt === claim.at) outcomes.push({ result: claimed })
      // Claimed by a replica whose clock is far ahead, or before ours was set back: nobody can say when, so it holds nobody up.
      else if (row.startedAt >= staleBefore && row.startedAt <= soonAfter(claim.at)) outcomes.push({ result: { state: 'running' } })
      else outcomes.push({ result: await takeOver(claim, row.startedAt) })
    }
    return outcomes
  }, oneIsToBlame)

  const soonAfter = (at: string) => new Date(Date.parse(at) + 60_000).toISOString()

  /** Only one of many takes over from a process that died. */
  async function takeOver({ service, keyHash, at }: KeyClaim, startedAt: string): Promise<KeyState> {
    const taken = await touch(
      (tx) =>
        tx
          .update(idempotencyKeys)
          .set({ startedAt: at })
          .where(
            and(
              mine(idempotencyKeys),
              eq(idempotencyKeys.service, service),
              eq(idempotencyKeys.keyHash, keyHash),
              eq(idempotencyKeys.startedAt, startedAt),
              isNull(idempotencyKeys.answer),
            ),
          )
          .returning({ keyHash: idempotencyKeys.keyHash }),
      { light: true },
    )
    return taken.length > 0 ? claimed : { state: 'running' }
  }

  /** Of those that may be tried again: what is there then is answered as it was made. */
  const answers = new WeakMap<SubmissionEntry, Uint8Array>()
  const recordAll = gather<SubmissionEntry, Uint8Array>(
    (entries) =>
      touch(
        async (tx, again) => {
          const ids = entries.flatMap((entry) => entry.attachments)
          // The server runs them one after the other: what is read after the lock still holds when it is written.
          const [head, keys, free, before] = await Promise.all([
            context.head(tx),
            keyRows(
              tx,
              entries.map(({ submission: { service }, keyHash }) => ({ service, keyHash })),
              { open: true },
            ),
            ids.length === 0
              ? []
              : tx
                  .select({ id: attachments.id })
                  .from(attachments)
                  .where(and(mine(attachments), inArray(attachments.id, ids), isNull(attachments.submission)))
                  .for('update')
                  .execute(),
            // The answer to the commit was lost: what is there was committed by us, for nobody else has the id.
            again
              ? tx
                  .select({ id: submissions.id })
                  .from(submissions)
                  .where(
                    and(
                      mine(submissions),
                      inArray(
                        submissions.id,
                        entries.map(({ submission }) => submission.id),
                      ),
                    ),
                  )
                  .execute()
              : [],
          ])
          const standing = await standingOf(context, tx, entries)
          let last: Head = head
          const done = new Set(before.map(({ id }) => id))
          const open = new Map(keys.map((row) => [pairOf(row.service, row.keyHash), row]))
          const loose = new Set(free.map(({ id }) => id))

          const accepted: { entry: SubmissionEntry; row: NewSubmission; receipt: Uint8Array; key: KeyRow }[] = []
          const events: (typeof auditEvents.$inferInsert)[] = []
          const counted: Count[] = []
          const outcomes = entries.map((entry): Outcome<Uint8Array> => {
            if (done.has(entry.submission.id)) return { result: answers.get(entry) as Uint8Array }
            const pair = pairOf(entry.submission.service, entry.keyHash)
            const key = open.get(pair)
            if (!entry.attachments.every((id) => loose.has(id))) return { error: new Conflict('claimed') }
            // The claim went stale and someone else has answered: theirs counts.
            if (!key) return { error: new Conflict('stale') }
            const full = standing.full(entry)
            if (full !== null) return { error: new Conflict('full', full) }
            const { at: time, actor, details } = entry.deed
            const object = `submission:${entry.submission.id}`
            const { event, entry: leafEntry } = nextLink(last.sequence === 0 ? null : last, {
              agency: agencyId,
              time,
              actor,
              action: 'submission.received',
              object,
              details,
            })
            try {
              const { row, box } = closed(entry)
              const { receipt, answer, whole } = concluded(entry.conclude, event.sequence, leafOf(leafEntry), box)
              answers.set(entry, whole)
              accepted.push({ entry, row, receipt, key: { ...key, answer } })
            } catch (error) {
              return { error }
            }
            standing.take(entry)
            last = event
            events.push({ ...event, agencyId })
            counted.push(...countsOf(event))
            open.delete(pair)
            for (const id of entry.attachments) loose.delete(id)
            return { result: answers.get(entry) as Uint8Array }
          })
          const places = standing.write()
          if (last.sequence === head.sequence) {
            await places
            return outcomes
          }

          const deliveries = accepted.flatMap(({ entry: { submission, outbox: given, deed } }) =>
            outboxRows(agencyId, given, { service: submission.service, submission: submission.id }, deed.at),
          )
          const writes = [
            tx
              .insert(submissions)
              .values(accepted.map(({ row }) => ({ agencyId, ...row })))
              .prepare()
              .execute(),
            ...accepted
              .filter(({ entry }) => entry.attachments.length > 0)
              .map(({ entry }) =>
                tx
                  .update(attachments)
                  .set({ submission: entry.submission.id })
                  .where(and(mine(attachments), inArray(attachments.id, [...entry.attachments])))
                  .execute(),
              ),
            tx.insert(auditEvents).values(events).prepare().execute(),
            ...(deliveries.length > 0 ? [tx.insert(outbox).values(deliveries).prepare().execute()] : []),
            tx
              .insert(receipts)
              .values(accepted.map(({ entry, receipt }) => ({ agencyId, submission: entry.submission.id, content: receipt })))
              .prepare()
              .execute(),
            tx
              .insert(idempotencyKeys)
              .values(accepted.map(({ key }) => ({ agencyId, ...key })))
              .onConflictDoUpdate({
                target: [idempotencyKeys.agencyId, idempotencyKeys.service, idempotencyKeys.keyHash],
                set: { answer: sql`excluded.answer` },
              })
              .prepare()
              .execute(),
            addCounts(tx, agencyId, counted),
            context.moveHead(tx, last),
            ...(places ? [places] : []),
          ]
          return new Closing(Promise.all(writes).then(() => outcomes))
        },
        { repeatable: true },
      ),
    oneIsToBlame,
  )

  const addAttachments = gather<{ attachment: AttachmentRecord; by: Deed }, void>(
    (items) =>
      touch(async (tx) => {
        let last = await context.head(tx)
        const events = items.map(({ attachment, by: { at: time, actor, details } }) => {
          const event = nextEvent(last.sequence === 0 ? null : last, {
            agency: agencyId,
            time,
            actor,
            action: 'attachment.received',
            object: `attachment:${attachment.id}`,
            details,
          })
          last = event
          return { ...event, agencyId }
        })
        const writes = [
          tx
            .insert(attachments)
            .values(items.map(({ attachment }) => ({ agencyId, ...attachment })))
            .prepare()
            .execute(),
          tx.insert(auditEvents).values(events).prepare().execute(),
          context.moveHead(tx, last),
        ]
        return new Closing(Promise.all(writes).then(() => items.map(() => ({ result: undefined }))))
      }),
    oneIsToBlame,
  )

  return {
    published,
    claimKey: (claim, staleBefore) => claimKeys({ claim, staleBefore }),
    async releaseKey(service, keyHash) {
      await touch(
        (tx) =>
          tx
            .delete(idempotencyKeys)
            .where(and(mine(idempotencyKeys), eq(idempotencyKeys.service, service), eq(idempotencyKeys.keyHash, keyHash), isNull(idempotencyKeys.answer)))
            .prepare()
            .execute(),
        { light: true, repeatable: true },
      )
    },
    withdrawKey: withdrawKey(context),
    record: recordAll,
    placesTaken: placesTaken(context),
    addAttachment: (attachment, by) => addAttachments({ attachment, by }),
  }
}
