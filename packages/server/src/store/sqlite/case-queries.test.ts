import { drizzle } from 'drizzle-orm/node-sqlite'
import { describe, expect, it } from 'vitest'
import { openStretches, stretchesOf } from '../case-list.ts'
import { listsOfCases, listsOfWork } from '../case-plans.test-helper.ts'
import type { AgencyId } from '../store.ts'
import { stretchQuery } from './case-queries.ts'
import { migrate } from './migrate.ts'
import { openDatabase } from './open-database.ts'
import { stretchPage } from './work-queries.ts'

const city = 'city' as AgencyId

describe('cases in SQLite', () => {
  const client = openDatabase(':memory:')
  migrate(client, 'then')
  const db = drizzle({ client })
  const planOf = (text: string, params: readonly unknown[]) =>
    client
      .prepare(`EXPLAIN QUERY PLAN ${text}`)
      .all(...(params as string[]))
      .map(({ detail }) => String(detail))
      .join('\n')

  it.each(listsOfCases)('%j is a stretch of an index, begun where the last page ended', (filter, index) => {
    const name = index.replace('submissions_pkey', 'sqlite_autoindex_submissions_1')
    for (const after of [null, { id: 's15000', dueAt: '2026-01-15' }])
      for (const stretch of stretchesOf(filter, ['card', 'other'])) {
        const { sql, params } = stretchQuery(db, city, filter, stretch, after, 20).toSQL()
        const plan = planOf(sql, params)
        // One line: what is in the order of the index needs no other.
        expect(plan).toMatch(new RegExp(`^SEARCH submissions USING INDEX ${name} \\(agency_id=\\?.*\\)$`))
        if (after) expect(plan).toMatch('stage' in filter ? /\(due_at,id\)>\(\?,\?\)/ : /id<\?/)
      }
  })

  it.each(listsOfWork)('work of %j is a stretch of an index, which has all that is read', (filter, index) => {
    const stretches = openStretches(filter, ['card', 'other'])
    expect(stretches.length).toBeGreaterThan(0)
    for (const { stage } of stretches)
      expect(planOf(stretchPage(stage !== undefined), [])).toMatch(
        // One line: neither another order nor a look at the rows themselves.
        new RegExp(`^SEARCH submissions USING COVERING INDEX ${index} \\(agency_id=\\? AND service_id=\\?.* AND assigned=\\?.*\\)$`),
      )
  })

  it('would not be if the order were another one', () => {
    const { sql, params } = stretchQuery(db, city, { service: 'card' }, { service: 'card' }, null, 20).toSQL()
    expect(planOf(sql.replace(/order by .* limit/, 'order by received_at limit'), params)).toMatch(/USE TEMP B-TREE FOR ORDER BY/)
  })
})
