/** The queries of officers: lists of cases, one case, and how it moves. */
import { and, asc, count, desc, eq, getColumns, gt, inArray, isNull, lt, lte, max, or, sql } from 'drizzle-orm'
import type { NodeSQLiteDatabase } from 'drizzle-orm/node-sqlite'
import { byTerm, pageOf, type Stretch, stretchesOf } from '../case-list.ts'
import {
  type AgencyId,
  type Amendment,
  type CaseFilter,
  type CasePlace,
  type CaseQueries,
  type CaseScope,
  Conflict,
  type ExportedSubmission,
  type SubmissionRecord,
} from '../store.ts'
import type { Context } from './context.ts'
import { amendments, attachments, caseAssignments, caseSteps, places, services, submissions } from './tables.ts'

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
  db: Pick<NodeSQLiteDatabase, 'select'>,
  agencyId: AgencyId,
  filter: CaseFilter,
  { service, status, stage, assigned }: Stretch,
  after: CasePlace | null,
  limit: number,
) {
  const due = byTerm(filter)
  const from = after && (due ? sql`(${submissions.dueAt}, ${submissions.id}) > (${after.dueAt}, ${after.id})` : lt(submissions.id, after.id))
  return db
    .select(summary)
    .from(submissions)
    .where(
      and(
        eq(submissions.agencyId, agencyId),
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

const newVersion = ({ answers, outcome }: Amendment, amended: number) => ({ answers: Buffer.from(answers), outcome: Buffer.from(outcome), amended })

export function caseQueries({ db, agencyId, change, log, enqueue }: Context): CaseQueries {
  const submissionIs = (id: string) => and(eq(submissions.agencyId, agencyId), eq(submissions.id, id))

  return {
    async submission(id, within) {
      return (
        (db
          .select()
          .from(submissions)
          .where(and(submissionIs(id), seen(within)))
          .get() as SubmissionRecord | undefined) ?? null
      )
    },
    async attachmentsOf(submission) {
      return (
        db
          .select()
          .from(attachments)
          .where(and(eq(attachments.agencyId, agencyId), eq(attachments.submission, submission)))
          .all()
          // Asked for their order, SQLite would read all attachments of the agency in it, rather than sort these few.
          .sort((a, b) => (a.id < b.id ? -1 : 1))
      )
    },
    async moveCase({ from, to, decision, note, asked = null, keyMac = null, by, outbox, givesBack = [], amendment }) {
      await change((tx) => {
        const revision = from.revision + 1
        const moved = tx
          .update(submissions)
          .set({ ...to, revision, ...(to.closedAt === null ? {} : { assigned: 0 }), ...(amendment ? newVersion(amendment, revision) : {}) })
          .where(and(submissionIs(from.id), eq(submissions.revision, from.revision)))
          .run()
        if (Number(moved.changes) === 0) throw new Conflict('stale')
        tx.insert(caseSteps)
          .values({
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
            note: note && Buffer.from(note),
            asked: asked && Buffer.from(asked),
            keyMac,
          })
          .run()
        // What is over is nobody's work any more.
        if (to.closedAt !== null)
          tx.delete(caseAssignments)
            .where(and(eq(caseAssignments.agencyId, agencyId), eq(caseAssignments.submission, from.id)))
            .run()
        for (const counter of givesBack)
          tx.update(places)
            .set({ taken: sql`max(${places.taken} - 1, 0)` })
            .where(and(eq(places.agencyId, agencyId), eq(places.service, from.service), eq(places.counter, counter)))
            .run()
        for (const file of amendment?.attachments ?? []) {
          const theirs = and(eq(attachments.agencyId, agencyId), eq(attachments.id, file), isNull(attachments.submission))
          const taken = tx.update(attachments).set({ submission: from.id }).where(theirs).run()
          if (Number(taken.changes) === 0) throw new Conflict('claimed')
        }
        const { sequence, leaf } = log('submission.changed', `submission:${from.id}`, {
          ...by,
          details: { ...by.details, decision, status: to.status, revision },
        })
        if (amendment) {
          const { receipt, answer } = amendment.conclude(sequence, leaf())
          const { before, keyHash, bodyMac } = amendment
          const row = { agencyId, submission: from.id, number: revision, at: by.at, keyHash, bodyMac }
          const blobs = {
            answers: Buffer.from(before.answers),
            outcome: Buffer.from(before.outcome),
            receipt: Buffer.from(receipt),
            answer: Buffer.from(answer),
          }
          tx.insert(amendments)
            .values({ ...row, ...blobs })
            .run()
        }
        enqueue(outbox, { service: from.service, submission: from.id }, by.at)
      })
    },
    async caseSteps(submission, after = 0) {
      const { agencyId: _agency, submission: _submission, ...columns } = getColumns(caseSteps)
      return db
        .select(columns)
        .from(caseSteps)
        .where(and(eq(caseSteps.agencyId, agencyId), eq(caseSteps.submission, submission), gt(caseSteps.number, after)))
        .orderBy(asc(caseSteps.number))
        .all()
    },
    async amendments(submission) {
      const { agencyId: _agency, submission: _submission, ...columns } = getColumns(amendments)
      return db
        .select(columns)
        .from(amendments)
        .where(and(eq(amendments.agencyId, agencyId), eq(amendments.submission, submission)))
        .orderBy(asc(amendments.number))
        .all()
    },
    async cases(filter, after, limit, within) {
      const names = db.select({ id: services.id }).from(services).where(eq(services.agencyId, agencyId)).all()
      const stretches = stretchesOf(
        filter,
        names.map(({ id }) => id),
        within,
      )
      return pageOf(
        filter,
        stretches.map((stretch) => stretchQuery(db, agencyId, filter, stretch, after, limit).all()),
        limit,
      )
    },
    async exportScope(service, within) {
      const found = db
        .select({ count: count(), last: max(submissions.id) })
        .from(submissions)
        .where(and(eq(submissions.agencyId, agencyId), eq(submissions.service, service), seen(within)))
        .get()
      return { count: found?.count ?? 0, last: found?.last ?? null }
    },
    async submissionsBetween(service, after, last, limit, within) {
      return db
        .select({ ...whole, ...ofSteps })
        .from(submissions)
        .where(and(eq(submissions.agencyId, agencyId), eq(submissions.service, service), gt(submissions.id, after), lte(submissions.id, last), seen(within)))
        .orderBy(asc(submissions.id))
        .limit(limit)
        .all() as ExportedSubmission[]
    },
    async audit(action, object, by) {
      await change(() => {
        log(action, object, by)
      })
    },
  }
}
