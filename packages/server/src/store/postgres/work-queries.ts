/** What officers work on: open cases by their terms, whose they are, and what colleagues note about them. */
import { and, asc, count, eq, getColumns, gte, inArray, isNull, lt, notExists, sql } from 'drizzle-orm'
import { dueFirst, openStretches, type Stretch } from '../case-list.ts'
import { type CasePlace, type Colleague, Conflict, type WorkFilter, type WorkQueries } from '../store.ts'
import { seen, summary } from './case-queries.ts'
import type { Context } from './context.ts'
import type { Transaction } from './database.ts'
import { caseAssignments, caseNotes, services, submissions, users } from './tables.ts'

type Mine = Context['mine']

/** Nobody works on more cases than this at once; a list of what somebody has goes no further. */
const mostOfOne = 2000

/** What holds of each case of a list, whatever stretch it is in. */
const asked = (tx: Transaction, mine: Mine, { status, stage, assignee, dueFrom, dueBefore }: WorkFilter) =>
  and(
    mine(submissions),
    isNull(submissions.closedAt),
    status === undefined ? undefined : eq(submissions.status, status),
    stage === undefined ? undefined : eq(submissions.stage, stage),
    dueFrom === undefined ? undefined : gte(submissions.dueAt, dueFrom),
    dueBefore === undefined ? undefined : lt(submissions.dueAt, dueBefore),
    assignee === null
      ? notExists(
          tx
            .select({ one: sql`1` })
            .from(caseAssignments)
            .where(and(mine(caseAssignments), eq(caseAssignments.submission, submissions.id))),
        )
      : undefined,
  )

const behind = (after: CasePlace | null) => (after ? sql`(${submissions.dueAt}, ${submissions.id}) > (${after.dueAt}, ${after.id})` : undefined)

/** A page of a stretch, in the order of its index: that closed_at is always null there the planner does not know by itself. */
export const openQuery = (tx: Transaction, mine: Mine, filter: WorkFilter, { service, stage, status }: Stretch, after: CasePlace | null, limit: number) =>
  tx
    .select(summary)
    .from(submissions)
    .where(
      and(
        asked(tx, mine, filter),
        service === undefined ? undefined : eq(submissions.service, service),
        stage === undefined ? undefined : eq(submissions.stage, stage),
        status === undefined ? undefined : eq(submissions.status, status),
        behind(after),
      ),
    )
    .orderBy(...(stage === undefined ? [asc(submissions.closedAt)] : []), asc(submissions.dueAt), asc(submissions.id))
    .limit(limit)

export function workQueries({ agencyId, mine, read, change }: Context): WorkQueries {
  const serviceNames = async (tx: Transaction) => (await tx.select({ id: services.id }).from(services).where(mine(services))).map(({ id }) => id)
  const assignmentOf = (submission: string) => and(mine(caseAssignments), eq(caseAssignments.submission, submission))
  /** The cases that somebody has: asked for by themselves, so that the planner takes each by its key. */
  const casesOf = async (tx: Transaction, assignee: string) => {
    const rows = await tx
      .select({ submission: caseAssignments.submission })
      .from(caseAssignments)
      .where(and(mine(caseAssignments), eq(caseAssignments.assignee, assignee)))
      .limit(mostOfOne)
    return rows.map(({ submission }) => submission)
  }

  return {
    async openCases(filter, after, limit, within) {
      const { assignee, service } = filter
      return read(async (tx) => {
        if (assignee) {
          const theirs = await casesOf(tx, assignee)
          if (theirs.length === 0) return []
          const of = service === undefined ? undefined : eq(submissions.service, service)
          return tx
            .select(summary)
            .from(submissions)
            .where(and(asked(tx, mine, filter), inArray(submissions.id, theirs), of, seen(within), behind(after)))
            .orderBy(asc(submissions.dueAt), asc(submissions.id))
            .limit(limit)
        }
        const stretches = openStretches(filter, await serviceNames(tx), within)
        const pages = await Promise.all(stretches.map((stretch) => openQuery(tx, mine, filter, stretch, after, limit).execute()))
        return pages.flat().sort(dueFirst).slice(0, limit)
      })
    },
    async countOpen(filter, most, within) {
      const { assignee, service } = filter
      return read(async (tx) => {
        const names = service === undefined ? await serviceNames(tx) : [service]
        const theirs = assignee ? await casesOf(tx, assignee) : null
        if (names.length === 0 || theirs?.length === 0) return 0
        const found = tx
          .select({ one: sql<number>`1`.as('one') })
          .from(submissions)
          .where(and(asked(tx, mine, filter), inArray(submissions.service, names), theirs ? inArray(submissions.id, theirs) : undefined, seen(within)))
          .limit(most)
          .as('found')
        const [row] = await tx.select({ count: count() }).from(found)
        return row?.count ?? 0
      })
    },
    async assignees(ids) {
      if (ids.length === 0) return new Map()
      const rows = await read((tx) =>
        tx
          .select()
          .from(caseAssignments)
          .where(and(mine(caseAssignments), inArray(caseAssignments.submission, [...ids]))),
      )
      return new Map(rows.map(({ submission, assignee }) => [submission, assignee]))
    },
    async assignCase(submission, from, to, by) {
      await change(async (tx, log) => {
        const [open] = await tx
          .select({ id: submissions.id })
          .from(submissions)
          .where(and(mine(submissions), eq(submissions.id, submission), isNull(submissions.closedAt)))
        if (!open) throw new Conflict('stale')
        const theirs = and(assignmentOf(submission), eq(caseAssignments.assignee, from ?? ''))
        const row = { submission: caseAssignments.submission }
        const done =
          to === null
            ? await tx.delete(caseAssignments).where(theirs).returning(row)
            : from === null
              ? await tx.insert(caseAssignments).values({ agencyId, submission, assignee: to, at: by.at }).onConflictDoNothing().returning(row)
              : await tx.update(caseAssignments).set({ assignee: to, at: by.at }).where(theirs).returning(row)
        if (done.length === 0) throw new Conflict('stale')
        await log('submission.assigned', `submission:${submission}`, { ...by, details: { ...by.details, to: to ?? '' } })
      })
    },
    async addCaseNote(note, by) {
      await change(async (tx, log) => {
        await tx.insert(caseNotes).values({ agencyId, ...note })
        await log('submission.noted', `submission:${note.submission}`, by)
      })
    },
    async caseNotes(submission) {
      const { agencyId: _agency, ...columns } = getColumns(caseNotes)
      return read((tx) =>
        tx
          .select(columns)
          .from(caseNotes)
          .where(and(mine(caseNotes), eq(caseNotes.submission, submission)))
          .orderBy(asc(caseNotes.id)),
      )
    },
    async colleagues() {
      return (await read((tx) =>
        tx
          .select({ id: users.id, name: users.name, memberships: users.memberships, state: users.state })
          .from(users)
          .where(mine(users))
          .orderBy(asc(users.name), asc(users.id)),
      )) as Colleague[]
    },
  }
}
