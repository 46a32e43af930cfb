/** The queries of officers: lists of cases, one case, and how it moves. */
import { and, asc, count, desc, eq, getColumns, gt, inArray, isNull, lt, lte, max, or, sql } from 'drizzle-orm'
import { byTerm, pageOf, type Stretch, stretchesOf } from '../case-list.ts'
import { type CaseFilter, type CasePlace, type CaseQueries, type CaseScope, Conflict, type ExportedSubmission, type SubmissionRecord } from '../store.ts'
import { type Context, outboxRows } from './context.ts'
import type { Transaction } from './database.ts'
import { amendments, attachments, caseAssignments, caseSteps, outbox, places, services, submissions } from './tables.ts'

const {
  agencyId: _agency,
  referenceHash: _hash,
  sealing: _sealing,
  answers: _answers,
  outcome: _outcome,
  assigned: _assigned,
  ...columns
} = getColumns(submissions)
/** A case without what was sent in. */
export const summary = columns

const { referenceHash, sealing, answers, outcome } = getColumns(submissions)
const whole = { ...columns, referenceHash, sealing, answers, outcome }
const itsSteps = sql`FROM ${caseSteps} WHERE ${caseSteps.agencyId} = ${submissions.agencyId} AND ${caseSteps.submission} = ${submissions.id}`
/** Looked up by key: a case has few steps. */
const ofSteps = {
  decidedAt: sql<string | null>`(SELECT max(${caseSteps.at}) ${itsSteps} AND ${caseSteps.decision} = ${submissions.decision})`,
  amendments: sql<number>`(SELECT count(*) ${itsSteps} AND ${caseSteps.decision} = 'answer')`.mapWith(Number),
  amendedAt: sql<string | null>`(SELECT max(${caseSteps.at}) ${itsSteps} AND ${caseSteps.decision} = 'answer')`,
}

/** Of those cases alone; of none, if there are none. */
export const seen = (within: CaseScope | undefined) =>
  within &&
  (or(...within.map(({ service, stages }) => and(eq(submissions.service, service), stages ? inArray(submissions.stage, [...stages]) : undefined))) ??
    sql`1 = 0`)

/** A page of a stretch, in the order of its index. */
export function stretchQuery(
  tx: Transaction,
  mine: Context['mine'],
  filter: CaseFilter,
  { service, status, stage, assigned }: Stretch,
  after: CasePlace | null,
  limit: number,
) {
  const due = byTerm(filter)
  const from = after && (due ? sql`(${submissions.dueAt}, ${submissions.id}) > (${after.dueAt}, ${after.id})` : lt(submissions.id, after.id))
  return tx
    .select(summary)
    .from(submissions)
    .where(
      and(
        mine(submissions),
        service === undefined ? undefined : eq(submissions.service, service),
        stage === undefined ? undefined : eq(submissions.stage, stage),
        status === undefined ? undefined : eq(submissions.status, status),
        assigned === undefined ? undefined : eq(submissions.assigned, assigned),
        from ?? undefined,
      ),
    )
    .orderBy(...(due ? [asc(submissions.dueAt), asc(submissions.id)] : [desc(submissions.id)]))
    .limit(limit)
}

export function caseQueries({ agencyId, mine, read, change }: Context): CaseQueries {
  const submissionIs = (id: string) => and(mine(submissions), eq(submissions.id, id))
  const ofService = (service: string) => and(mine(submissions), eq(submissions.service, service))

  return {
    async submission(id, within) {
      const [row] = await read((tx) =>
        tx
          .select()
          .from(submissions)
          .where(and(submissionIs(id), seen(within))),
      )
      return (row as SubmissionRecord | undefined) ?? null
    },
    async attachmentsOf(submission) {
      return read((tx) =>
        tx
          .select()
          .from(attachments)
          .where(and(mine(attachments), eq(attachments.submission, submission)))
          .orderBy(asc(attachments.id)),
      )
    },
    async moveCase({ from, to, decision, note, asked = null, keyMac = null, by, outbox: entries, givesBack = [], amendment }) {
      await change(async (tx, log) => {
        const revision = from.revision + 1
        const moved = await tx
          .update(submissions)
          .set({
            ...to,
            revision,
            ...(to.closedAt === null ? {} : { assigned: 0 }),
            ...(amendment ? { answers: amendment.answers, outcome: amendment.outcome, amended: revision } : {}),
          })
          .where(and(submissionIs(from.id), eq(submissions.revision, from.revision)))
          .returning({ id: submissions.id })
        if (moved.length === 0) throw new Conflict('stale')
        await tx.insert(caseSteps).values({
          agencyId,
          submission: from.id,
          number: revision,
          at: by.at,
          actor: by.actor,
          decision,
          fromStatus: from.status,
          toStatus: to.status,
          fromStage: from.stage,
          toStage: to.stage,
          note,
          asked,
          keyMac,
        })
        // What is over is nobody's work any more.
        if (to.closedAt !== null) await tx.delete(caseAssignments).where(and(mine(caseAssignments), eq(caseAssignments.submission, from.id)))
        if (givesBack.length > 0)
          await tx
            .update(places)
            .set({ taken: sql`greatest(${places.taken} - 1, 0)` })
            .where(and(mine(places), eq(places.service, from.service), inArray(places.counter, [...givesBack])))
        const files = amendment?.attachments ?? []
        if (files.length > 0) {
          const loose = and(mine(attachments), inArray(attachments.id, [...files]), isNull(attachments.submission))
          const taken = await tx.update(attachments).set({ submission: from.id }).where(loose).returning({ id: attachments.id })
          if (taken.length < files.length) throw new Conflict('claimed')
        }
        const { sequence, leaf } = await log('submission.changed', `submission:${from.id}`, {
          ...by,
          details: { ...by.details, decision, status: to.status, revision },
        })
        if (amendment) {
          const { before, keyHash, bodyMac } = amendment
          const row = { agencyId, submission: from.id, number: revision, at: by.at, keyHash, bodyMac, answers: before.answers, outcome: before.outcome }
          await tx.insert(amendments).values({ ...row, ...amendment.conclude(sequence, leaf) })
        }
        const rows = outboxRows(agencyId, entries, { service: from.service, submission: from.id }, by.at)
        if (rows.length > 0) await tx.insert(outbox).values(rows)
      })
    },
    async caseSteps(submission, after = 0) {
      const { agencyId: _agency, submission: _submission, ...columns } = getColumns(caseSteps)
      return read((tx) =>
        tx
          .select(columns)
          .from(caseSteps)
          .where(and(mine(caseSteps), eq(caseSteps.submission, submission), gt(caseSteps.number, after)))
          .orderBy(asc(caseSteps.number)),
      )
    },
    async amendments(submission) {
      const { agencyId: _agency, submission: _submission, ...columns } = getColumns(amendments)
      return read((tx) =>
        tx
          .select(columns)
          .from(amendments)
          .where(and(mine(amendments), eq(amendments.submission, submission)))
          .orderBy(asc(amendments.number)),
      )
    },
    async cases(filter, after, limit, within) {
      return read(async (tx) => {
        const names = await tx.select({ id: services.id }).from(services).where(mine(services))
        const stretches = stretchesOf(
          filter,
          names.map(({ id }) => id),
          within,
        )
        const pages = await Promise.all(stretches.map((stretch) => stretchQuery(tx, mine, filter, stretch, after, limit).execute()))
        return pageOf(filter, pages, limit)
      })
    },
    async exportScope(service, within) {
      const [found] = await read((tx) =>
        tx
          .select({ count: count(), last: max(submissions.id) })
          .from(submissions)
          .where(and(ofService(service), seen(within))),
      )
      return { count: found?.count ?? 0, last: found?.last ?? null }
    },
    async submissionsBetween(service, after, last, limit, within) {
      return (await read((tx) =>
        tx
          .select({ ...whole, ...ofSteps })
          .from(submissions)
          .where(and(ofService(service), gt(submissions.id, after), lte(submissions.id, last), seen(within)))
          .orderBy(asc(submissions.id))
          .limit(limit),
      )) as ExportedSubmission[]
    },
    async audit(action, object, by) {
      await change(async (_tx, log) => log(action, object, by))
    },
  }
}
