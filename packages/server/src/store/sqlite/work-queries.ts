/** What officers work on: open cases by their terms, whose they are, and what colleagues note about them. */
import { and, asc, count, eq, getColumns, gte, inArray, isNull, lt, notExists, sql } from 'drizzle-orm'
import { dueFirst, openStretches, type Stretch } from '../case-list.ts'
import { type CasePlace, type CaseSummary, type Colleague, Conflict, type WorkFilter, type WorkQueries } from '../store.ts'
import { seen, summary } from './case-queries.ts'
import type { Context } from './context.ts'
import { caseAssignments, caseNotes, services, submissions, users } from './tables.ts'

type Reading = Pick<Context, 'db' | 'agencyId'>

/** What holds of each case of a list, whatever stretch it is in. */
const asked = ({ db, agencyId }: Reading, { status, stage, assignee, dueFrom, dueBefore }: WorkFilter) =>
  and(
    eq(submissions.agencyId, agencyId),
    isNull(submissions.closedAt),
    status === undefined ? undefined : eq(submissions.status, status),
    stage === undefined ? undefined : eq(submissions.stage, stage),
    dueFrom === undefined ? undefined : gte(submissions.dueAt, dueFrom),
    dueBefore === undefined ? undefined : lt(submissions.dueAt, dueBefore),
    assignee === null
      ? notExists(
          db
            .select({ one: sql`1` })
            .from(caseAssignments)
            .where(and(eq(caseAssignments.agencyId, agencyId), eq(caseAssignments.submission, submissions.id))),
        )
      : undefined,
  )

const behind = (after: CasePlace | null) => (after ? sql`(${submissions.dueAt}, ${submissions.id}) > (${after.dueAt}, ${after.id})` : undefined)
const inOrder = [asc(submissions.dueAt), asc(submissions.id)] as const

/** A page of a stretch, in the order of its index. */
export const openQuery = (reading: Reading, filter: WorkFilter, { service, stage, status }: Stretch, after: CasePlace | null, limit: number) =>
  reading.db
    .select(summary)
    .from(submissions)
    .where(
      and(
        asked(reading, filter),
        service === undefined ? undefined : eq(submissions.service, service),
        stage === undefined ? undefined : eq(submissions.stage, stage),
        status === undefined ? undefined : eq(submissions.status, status),
        behind(after),
      ),
    )
    .orderBy(...inOrder)
    .limit(limit)

export function workQueries(context: Context): WorkQueries {
  const { db, agencyId, change, log } = context
  const serviceNames = () =>
    db
      .select({ id: services.id })
      .from(services)
      .where(eq(services.agencyId, agencyId))
      .all()
      .map(({ id }) => id)
  const assignmentOf = (submission: string) => and(eq(caseAssignments.agencyId, agencyId), eq(caseAssignments.submission, submission))
  const isAssigned = (assignee: string) =>
    and(eq(caseAssignments.agencyId, agencyId), eq(caseAssignments.assignee, assignee), eq(caseAssignments.submission, submissions.id))

  return {
    async openCases(filter, after, limit, within) {
      const { assignee, service } = filter
      // What somebody has is little: it is put in order as it is.
      if (assignee)
        return db
          .select(summary)
          .from(submissions)
          .innerJoin(caseAssignments, isAssigned(assignee))
          .where(and(asked(context, filter), service === undefined ? undefined : eq(submissions.service, service), seen(within), behind(after)))
          .orderBy(...inOrder)
          .limit(limit)
          .all() as CaseSummary[]
      return openStretches(filter, serviceNames(), within)
        .flatMap((stretch) => openQuery(context, filter, stretch, after, limit).all())
        .sort(dueFirst)
        .slice(0, limit)
    },
    async countOpen(filter, most, within) {
      const { assignee, service } = filter
      const of = service === undefined ? inArray(submissions.service, serviceNames()) : eq(submissions.service, service)
      const one = db.select({ one: sql<number>`1`.as('one') }).from(submissions)
      const found = (assignee ? one.innerJoin(caseAssignments, isAssigned(assignee)) : one)
        .where(and(asked(context, filter), of, seen(within)))
        .limit(most)
        .as('found')
      return db.select({ count: count() }).from(found).get()?.count ?? 0
    },
    async assignees(ids) {
      const rows =
        ids.length === 0
          ? []
          : db
              .select()
              .from(caseAssignments)
              .where(and(eq(caseAssignments.agencyId, agencyId), inArray(caseAssignments.submission, [...ids])))
              .all()
      return new Map(rows.map(({ submission, assignee }) => [submission, assignee]))
    },
    async assignCase(submission, from, to, by) {
      await change((tx) => {
        const open = tx
          .select({ id: submissions.id })
          .from(submissions)
          .where(and(eq(submissions.agencyId, agencyId), eq(submissions.id, submission), isNull(submissions.closedAt)))
          .get()
        if (!open) throw new Conflict('stale')
        const theirs = and(assignmentOf(submission), eq(caseAssignments.assignee, from ?? ''))
        const done =
          to === null
            ? tx.delete(caseAssignments).where(theirs).run()
            : from === null
              ? tx.insert(caseAssignments).values({ agencyId, submission, assignee: to, at: by.at }).onConflictDoNothing().run()
              : tx.update(caseAssignments).set({ assignee: to, at: by.at }).where(theirs).run()
        if (Number(done.changes) === 0) throw new Conflict('stale')
        log('submission.assigned', `submission:${submission}`, { ...by, details: { ...by.details, to: to ?? '' } })
      })
    },
    async addCaseNote({ note, ...row }, by) {
      await change((tx) => {
        tx.insert(caseNotes)
          .values({ agencyId, ...row, note: Buffer.from(note) })
          .run()
        log('submission.noted', `submission:${row.submission}`, by)
      })
    },
    async caseNotes(submission) {
      const { agencyId: _agency, ...columns } = getColumns(caseNotes)
      return db
        .select(columns)
        .from(caseNotes)
        .where(and(eq(caseNotes.agencyId, agencyId), eq(caseNotes.submission, submission)))
        .orderBy(asc(caseNotes.id))
        .all()
    },
    async colleagues() {
      return db
        .select({ id: users.id, name: users.name, memberships: users.memberships, state: users.state })
        .from(users)
        .where(eq(users.agencyId, agencyId))
        .orderBy(asc(users.name), asc(users.id))
        .all() as Colleague[]
    },
  }
}
