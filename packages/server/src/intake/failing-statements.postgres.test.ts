/**
 * Each statement of the road of a submission fails once, as PostgreSQL makes them fail: the database itself raises the error
 * in the statement's place. Nobody is told that it was kept when it was not, and what is sent again is taken once.
 */
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { findBreak } from '../audit/chain.ts'
import { onPostgres } from '../testing/on-postgres.ts'
import { answersOf, createWorld, definitionOf, newKey, plainPolicy, type World } from '../testing/world.ts'

const ways: Record<string, readonly number[]> = {
  // Serialization failure: the transaction is run again by itself (as after a deadlock).
  '40001': [201],
  // Cancelled (as without a lock in time, or memory).
  '57014': [201, 503],
  // Too many connections, told to go: another session is tried, where that is safe.
  '53300': [201, 503],
  '57P01': [201, 503],
  // The disk is full.
  '53100': [201, 507],
}

let failing: { at: number; code: string; until: number } | null = null
let seen: string[] | null = null
const textOf = (query: unknown) => (typeof query === 'string' ? query : (query as { text: string }).text)

await onPostgres(async () => {
  describe('a statement of the road that fails in PostgreSQL', () => {
    let world: World
    let minute = 0
    beforeAll(async () => {
      const real = pg.Client.prototype.query as (...given: unknown[]) => unknown
      vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...given: unknown[]) {
        if (!seen || !given[0]) return real.apply(this, given)
        const at = seen.push(textOf(given[0])) - 1
        if (failing === null || at < failing.at || at > failing.until) return real.apply(this, given)
        const last = given.at(-1)
        const raise = `DO $$ BEGIN RAISE EXCEPTION 'injected' USING ERRCODE = '${failing.code}'; END $$`
        return real.apply(this, typeof last === 'function' ? [raise, last] : [raise])
      } as never)
      world = await createWorld()
      await world.offer(definitionOf(), { rules: { ...plainPolicy.rules, rate: { submissionsPerHour: 100_000 } } })
      await world.send(answersOf())
    }, 60_000)
    afterAll(async () => {
      vi.restoreAllMocks()
      await world?.close()
    })

    const city = async () => world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
    const rows = async () => (await (await city()).submissions()).map(({ id }) => id).sort()
    const sending = async (key: string, fails: typeof failing) => {
      // Behind the time for which a claim holds a key whose request died.
      minute++
      world.setTime(new Date(Date.parse('2026-01-05T08:00:00.000Z') + minute * 60_000).toISOString())
      failing = fails
      seen = []
      try {
        const answer = await world.send(answersOf(), { key })
        return { answer, statements: seen }
      } finally {
        failing = seen = null
      }
    }

    it.each(Object.entries(ways))('with %s is told, or run again', async (code, statuses) => {
      const { answer: well, statements } = await sending(newKey(), null)
      expect(well.status).toBe(201)
      // The control: these are the statements that keep it.
      expect(statements.filter((text) => /insert into "?submissions"?/i.test(text))).toHaveLength(1)
      expect(statements).toContain('COMMIT')
      for (const at of statements.keys()) {
        // What begins a transaction reads and writes nothing that could fail.
        if (statements[at] === 'BEGIN') continue
        const name = `${code} at ${at}: ${statements[at]?.slice(0, 80)}`
        const before = await rows()
        const key = newKey()
        const { answer } = await sending(key, { at, code, until: at })
        expect(statuses, name).toContain(answer.status)
        const kept = (await rows()).filter((id) => !before.includes(id))
        if (answer.status === 201) expect(kept, name).toEqual([(await answer.json()).submission])
        else {
          expect([name, answer.headers.get('content-type')]).toEqual([name, 'application/problem+json; charset=utf-8'])
          expect((await answer.json()).title).toMatch(/\w/)
        }
        const { answer: again } = await sending(key, null)
        expect([name, again.status]).toEqual([name, 201])
        expect([name, (await rows()).filter((id) => !before.includes(id))]).toEqual([name, [(await again.json()).submission]])
      }
    })

    it('each time is told in the end', async () => {
      const key = newKey()
      const { answer } = await sending(key, { at: 0, code: '40001', until: Number.POSITIVE_INFINITY })
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2'])
      expect((await sending(key, null)).answer.status).toBe(201)
    })

    it('leaves a chain without a gap', async () => {
      const events = await (await city()).auditEvents(0, 10_000)
      expect(findBreak(events)).toBeNull()
      expect(events.filter(({ action }) => action === 'submission.received')).toHaveLength((await rows()).length)
    })
  })
})
