/** What officers work on: open cases by their terms, whose they are, and what colleagues note about them. */
import { and, asc, count, eq, getColumns, gte, inArray, isNull, lt, sql } from 'drizzle-orm'
import { dueFirst, mostOfOne, type OpenStretch, openStretches, rangeOf } from '../case-list.ts'
import { type AgencyId, type CasePlace, type CaseSummary, type Colleague, Conflict, type VersionCount, type WorkFilter, type WorkQueries } from '../store.ts'
import { seen, summary } from './case-queries.ts'
import type { Context } from './context.ts'
import { countGiven } from './officer-mail-queries.ts'
import { caseAssignments, caseNotes, services, submissions, users } from './tables.ts'

/** What holds of each case that somebody has. */
const asked = (agencyId: AgencyId, { service, status, stage, dueFrom, dueBefore }: WorkFilter) =>
  and(
    eq(submissions.agencyId, agencyId),
    isNull(submissions.closedAt),
    service === undefined ? undefined : eq(submissions.service, service),
    status === undefined ? undefined : eq(submissions.status, status),
    stage === undefined ? undefined : eq(submissions.stage, stage),
    dueFrom === undefined ? undefined : gte(submissions.dueAt, dueFrom),
    dueBefore === undefined ? undefined : lt(submissions.dueAt, dueBefore),
  )

const behind = (after: CasePlace | null) => (after ? sql`(${submissions.dueAt}, ${submissions.id}) > (${after.dueAt}, ${after.id})` : undefined)
const inOrder = [asc(submissions.dueAt), asc(submissions.id)] as const

/** A page of a stretch, in the order of its index, which has all that is read. What stands at a stage is open. */
export const stretchPage = (stage: boolean) =>
  `SELECT due_at AS dueAt, id FROM submissions
   WHERE agency_id = ? AND service_id = ? AND ${stage ? 'stage = ?' : 'closed_at IS NULL'} AND status = ? AND assigned = ?
     AND (due_at, id) > (?, ?) AND due_at < ? ORDER BY due_at, id LIMIT ?`
const counting = (stage: boolean) => `SELECT count(*) AS count FROM (${stretchPage(stage)})`

/** What is open, by the index that has nothing else: without statistics the planner might read all that was ever sent in. */
const countingVersions = `SELECT version, count(*) AS count
   FROM (SELECT version FROM submissions INDEXED BY submissions_open WHERE agency_id = ? AND service_id = ? AND closed_at IS NULL LIMIT ?)
   GROUP BY version ORDER BY version DESC`

export function workQueries(context: Context): WorkQueries {
  const { db, agencyId, change, log } = context
  const { $client: client } = db
  const page = { any: client.prepare(stretchPage(false)), stage: client.prepare(stretchPage(true)) }
  const number = { any: client.prepare(counting(false)), stage: client.prepare(counting(true)) }
  const openByVersion = client.prepare(countingVersions)
  const placeOf = ({ service, stage, status, assigned }: OpenStretch, { from, until }: ReturnType<typeof rangeOf>) =>
    [agencyId, service, ...(stage === undefined ? [] : [stage]), status, assigned, from.dueAt, from.id, until] as const
  const serviceNames = () =>
    db
      .select({ id: services.id })
      .from(services)
      .where(eq(services.agencyId, agencyId))
      .all()
      .map(({ id }) => id)
  const assignmentOf = (submission: string) => and(eq(caseAssignments.agencyId, agencyId), eq(caseAssignments.submission, submission))
  const theirs = (assignee: string) =>
    db
      .select({ id: caseAssignments.submission })
      .from(caseAssignments)
      .where(and(eq(caseAssignments.agencyId, agencyId), eq(caseAssignments.assignee, assignee)))
      .limit(mostOfOne)
      .as('theirs')
  const isTheirs = sql`${submissions.id} = "theirs"."submission_id"`

  return {
    async openCases(filter, after, limit, within) {
      const { assignee } = filter
      // What somebody has is little: it is put in order as it is.
      if (assignee)
        return db
          .select(summary)
          .from(submissions)
          .innerJoin(theirs(assignee), isTheirs)
          .where(and(asked(agencyId, filter), seen(within), behind(after)))
          .orderBy(...inOrder)
          .limit(limit)
          .all() as CaseSummary[]
      const range = rangeOf(filter, after)
      const places = openStretches(filter, serviceNames(), within)
        .flatMap((stretch) => (stretch.stage === undefined ? page.any : page.stage).all(...placeOf(stretch, range), limit) as unknown as CasePlace[])
        .sort(dueFirst)
        .slice(0, limit)
      return places.length === 0
        ? []
        : (db
            .select(summary)
            .from(submissions)
            .where(
              and(
                eq(submissions.agencyId, agencyId),
                inArray(
                  submissions.id,
                  places.map(({ id }) => id),
                ),
              ),
            )
            .all()
            .sort(dueFirst) as CaseSummary[])
    },
    async countOpen(filter, most, within) {
      const { assignee } = filter
      if (assignee) {
        const found = db
          .select({ one: sql<number>`1`.as('one') })
          .from(submissions)
          .innerJoin(theirs(assignee), isTheirs)
          .where(and(asked(agencyId, filter), seen(within)))
          .limit(most)
          .as('found')
        return db.select({ count: count() }).from(found).get()?.count ?? 0
      }
      const range = rangeOf(filter, null)
      let sum = 0
      for (const stretch of openStretches(filter, serviceNames(), within)) {
        if (sum >= most) break
        sum += Number((stretch.stage === undefined ? number.any : number.stage).get(...placeOf(stretch, range), most - sum)?.count)
      }
      return sum
    },
    async countOpenByVersion(service, most) {
      return openByVersion.all(agencyId, service, most) as unknown as VersionCount[]
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
        tx.update(submissions)
          .set({ assigned: to === null ? 0 : 1 })
          .where(and(eq(submissions.agencyId, agencyId), eq(submissions.id, submission)))
          .run()
        if (to !== null && by.actor !== `user:${to}`) countGiven(tx, agencyId, to)
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
