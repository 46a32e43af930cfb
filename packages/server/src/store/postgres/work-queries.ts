/** What officers work on: open cases by their terms, whose they are, and what colleagues note about them. */
import { and, asc, count, desc, eq, getColumns, gte, inArray, isNull, lt, type SQL, sql } from 'drizzle-orm'
import { dueFirst, mostOfOne, type OpenStretch, openStretches, rangeOf } from '../case-list.ts'
import { type CasePlace, type CaseSummary, type Colleague, Conflict, type WorkFilter, type WorkQueries } from '../store.ts'
import { seen, summary } from './case-queries.ts'
import type { Context } from './context.ts'
import type { Transaction } from './database.ts'
import { countGiven } from './officer-mail-queries.ts'
import { caseAssignments, caseNotes, services, submissions, users } from './tables.ts'

type Mine = Context['mine']

/** What holds of each case that somebody has. */
const asked = (mine: Mine, { service, status, stage, dueFrom, dueBefore }: WorkFilter) =>
  and(
    mine(submissions),
    isNull(submissions.closedAt),
    service === undefined ? undefined : eq(submissions.service, service),
    status === undefined ? undefined : eq(submissions.status, status),
    stage === undefined ? undefined : eq(submissions.stage, stage),
    dueFrom === undefined ? undefined : gte(submissions.dueAt, dueFrom),
    dueBefore === undefined ? undefined : lt(submissions.dueAt, dueBefore),
  )

const behind = (after: CasePlace | null) => (after ? sql`(${submissions.dueAt}, ${submissions.id}) > (${after.dueAt}, ${after.id})` : undefined)

/**
 * At most `limit` places of each stretch, from the index alone, in one statement: it is planned once, however many stretches
 * there are.
 */
export function placesOf({ mine }: Pick<Context, 'mine'>, stretches: readonly OpenStretch[], { from, until }: ReturnType<typeof rangeOf>, limit: number): SQL {
  // Those at a stage have an index of their own: nobody mixes them.
  const stages = stretches[0]?.stage !== undefined
  const column = (type: string, values: readonly (string | number)[]) => sql`${sql.param(values)}::${sql.raw(type)}[]`
  const columns = [
    column(
      'text',
      stretches.map(({ service }) => service),
    ),
    column(
      'text',
      stretches.map(({ status }) => status),
    ),
    column(
      'bigint',
      stretches.map(({ assigned }) => assigned),
    ),
    ...(stages
      ? [
          column(
            'text',
            stretches.map(({ stage }) => stage ?? ''),
          ),
        ]
      : []),
  ]
  const isOne = and(
    mine(submissions),
    sql`${submissions.service} = stretch.service`,
    stages ? sql`${submissions.stage} = stretch.stage` : undefined,
    sql`${submissions.status} = stretch.status`,
    sql`${submissions.assigned} = stretch.assigned`,
    // What stands at a stage is open.
    stages ? undefined : isNull(submissions.closedAt),
    behind(from),
    lt(submissions.dueAt, until),
  )
  return sql`SELECT place.due_at AS "dueAt", place.id FROM unnest(${sql.join(columns, sql`, `)}) AS stretch (${sql.raw(`service, status, assigned${stages ? ', stage' : ''}`)}),
    LATERAL (SELECT due_at, id FROM submissions WHERE ${isOne} ORDER BY due_at, id LIMIT ${limit}) AS place`
}

const rowsOf = <Row>(result: unknown) => (result as { rows: Row[] }).rows

/** Those at a stage, and those at any. */
const inParts = (stretches: readonly OpenStretch[]) =>
  [stretches.filter(({ stage }) => stage === undefined), stretches.filter(({ stage }) => stage !== undefined)].filter((part) => part.length > 0)

export function workQueries(context: Context): WorkQueries {
  const { agencyId, mine, read, change } = context
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
      return read(async (tx) => {
        const page = async (condition: SQL | undefined) =>
          (await tx
            .select(summary)
            .from(submissions)
            .where(and(mine(submissions), condition))
            .orderBy(asc(submissions.dueAt), asc(submissions.id))
            .limit(limit)) as CaseSummary[]
        if (filter.assignee) {
          const theirs = await casesOf(tx, filter.assignee)
          return theirs.length === 0 ? [] : page(and(asked(mine, filter), inArray(submissions.id, theirs), seen(within), behind(after)))
        }
        const range = rangeOf(filter, after)
        const parts = inParts(openStretches(filter, await serviceNames(tx), within))
        const found = await Promise.all(parts.map((part) => tx.execute(placesOf(context, part, range, limit))))
        const places = found
          .flatMap(rowsOf<CasePlace>)
          .sort(dueFirst)
          .slice(0, limit)
        return places.length === 0
          ? []
          : page(
              inArray(
                submissions.id,
                places.map(({ id }) => id),
              ),
            )
      })
    },
    async countOpen(filter, most, within) {
      return read(async (tx) => {
        const counted = async (found: SQL) =>
          Number(rowsOf<{ count: string }>(await tx.execute(sql`SELECT count(*) AS count FROM (${found} LIMIT ${most}) AS found`))[0]?.count)
        if (filter.assignee) {
          const theirs = await casesOf(tx, filter.assignee)
          if (theirs.length === 0) return 0
          return counted(sql`SELECT 1 FROM submissions WHERE ${and(asked(mine, filter), inArray(submissions.id, theirs), seen(within))}`)
        }
        let sum = 0
        for (const part of inParts(openStretches(filter, await serviceNames(tx), within)))
          sum += await counted(placesOf(context, part, rangeOf(filter, null), most))
        return Math.min(sum, most)
      })
    },
    async countOpenByVersion(service, most) {
      return read((tx) => {
        const some = tx
          .select({ version: submissions.version })
          .from(submissions)
          .where(and(mine(submissions), eq(submissions.service, service), isNull(submissions.closedAt)))
          // The order of the index of what is open: told only how many, the planner might look for them among all there ever were.
          .orderBy(asc(submissions.status), asc(submissions.assigned), asc(submissions.dueAt), asc(submissions.id))
          .limit(most)
          .as('some')
        return tx.select({ version: some.version, count: count() }).from(some).groupBy(some.version).orderBy(desc(some.version))
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
        await tx
          .update(submissions)
          .set({ assigned: to === null ? 0 : 1 })
          .where(and(mine(submissions), eq(submissions.id, submission)))
        if (to !== null && by.actor !== `user:${to}`) await countGiven(tx, mine, to)
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
