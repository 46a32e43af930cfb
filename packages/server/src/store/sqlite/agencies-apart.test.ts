/**
 * The first wall, on SQLite where it is the only one: agencies that call everything the same do not meet, and each of the
 * conditions that keep them apart is missed when it is taken away. On PostgreSQL a second wall stands behind these
 * (postgres/postgres-store.test.ts runs the whole suite with all conditions taken away).
 */
import { DatabaseSync } from 'node:sqlite'
import { drizzle } from 'drizzle-orm/node-sqlite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { newId } from '../../codes.ts'
import { interference, type Manner, manners, type Outcome, other, type Place, recorded, replay, type Trace } from '../agencies-apart.test-helper.ts'
import type { AgencyId, AgencyStore } from '../store.ts'
import { storeSuite } from '../store-suite.ts'
import { agencyQueries } from './agency-queries.ts'
import { groupCommits } from './commits.ts'
import { contextOf } from './context.ts'
import { looksTogether } from './looks.ts'
import { migrate } from './migrate.ts'
import { openDatabase } from './open-database.ts'
import { openSqliteStore } from './sqlite-store.ts'

const now = () => new Date('2026-01-05T08:00:00Z')
/** Every condition, each way: minutes. Else some of them. */
const all = process.env.ALL_CONDITIONS === '1'
/** A comparison of the agency's column with a value or with the same column of another table. */
const condition = /(?:"?\w+"?\.)?"?\bagency_id"?\s*=\s*(?:\?|(?:"?\w+"?\.)"?agency_id"?)/g

/**
 * Of the one condition that can make no difference: it only says where a walk from destination to destination goes on, and
 * what is read at each of them has a condition of its own. Without it the walk has stops at which nothing is found.
 */
const noDifference = 'select min("destination") from "outbox"'
/** A condition in the text of a statement. */
interface Condition {
  text: string
  nth: number
}
const nameOf = ({ text, nth }: Condition) => `${nth} of ${text}`
const without = ({ text, nth }: Condition) => {
  let seen = 0
  return text.replace(condition, (found) => (seen++ === nth ? `(1 = 1 OR ${found})` : found))
}

let missing: Condition | null = null
let seen = new Set<string>()
const prepare = DatabaseSync.prototype.prepare

const traces: Trace[] = []
const written = () => recorded(openSqliteStore(':memory:', now), (trace) => traces.push(trace))
describe('written down', () => {
  storeSuite('the suite', written)
  // What it takes two agencies for that are in different states, which the suite does not bring about together.
  describe('besides', statesBesides)
})

/** One database for all runs, emptied before each; it notes whose rows are touched. */
function createPlaces(): { within<T>(work: (at: Place) => Promise<T>): Promise<T>; close(): void } {
  const client = openDatabase(':memory:')
  migrate(client, now().toISOString())
  const db = drizzle({ client })
  client.exec("CREATE TEMP TABLE acting (agency TEXT); INSERT INTO acting VALUES ('*'); CREATE TEMP TABLE strays (name TEXT)")
  const tables = client
    .prepare("SELECT m.name AS name FROM main.sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'agency_id'")
    .all()
    .map(({ name }) => String(name))
  for (const name of tables)
    for (const [verb, row] of [
      ['INSERT', 'NEW'],
      ['UPDATE', 'OLD'],
      ['DELETE', 'OLD'],
    ])
      client.exec(`CREATE TEMP TRIGGER stray_${verb}_${name} AFTER ${verb} ON main.${name} WHEN (SELECT agency FROM temp.acting) NOT IN ('*', ${row}.agency_id)
        BEGIN INSERT INTO strays VALUES ('${name}'); END`)
  const act = client.prepare('UPDATE temp.acting SET agency = ?')
  const read = client.prepare('SELECT DISTINCT name FROM temp.strays')
  const make = client.prepare('INSERT INTO agencies (agency_id, title, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
  const empty = `PRAGMA foreign_keys = OFF; UPDATE temp.acting SET agency = '*'; ${tables.map((name) => `DELETE FROM main.${name};`).join(' ')} DELETE FROM temp.strays; PRAGMA foreign_keys = ON`
  return {
    async within(work) {
      if (client.isTransaction) client.exec('ROLLBACK')
      client.exec(empty)
      const [commits, together] = [groupCommits(client), looksTogether(client)]
      const made = new Map<string, AgencyStore>()
      return work({
        async make(name, title, at) {
          make.run(name, title, at)
        },
        agency(name) {
          const there = made.get(name) ?? agencyQueries(contextOf(db, { commits, together }, name as AgencyId))
          made.set(name, there)
          return there
        },
        acting: (agency) => void act.run(agency),
        strays: () => read.all().map(({ name }) => String(name)),
      })
    },
    close: () => client.close(),
  }
}

describe('agencies that call everything the same', () => {
  let places: ReturnType<typeof createPlaces>
  const alone = new Map<Trace, Outcome[]>()
  const others = new Map<Trace, Map<string, Outcome[]>>()
  /** The traces in which a statement is run. */
  const running = new Map<string, Trace[]>()
  const look = async (trace: Trace, manner: Manner) => {
    const name = `${manner.years} ${manner.leaves}`
    let second = others.get(trace)?.get(name)
    if (!second) {
      const kept = missing
      missing = null
      second = await places.within((at) => replay(other(trace, manner), at))
      missing = kept
      others.set(trace, new Map(others.get(trace)).set(name, second))
    }
    const first = alone.get(trace) as Outcome[]
    return places.within((at) => interference(trace, { first, second: second as Outcome[] }, manner, at))
  }

  beforeAll(async () => {
    places = createPlaces()
    vi.spyOn(DatabaseSync.prototype, 'prepare').mockImplementation(function (this: DatabaseSync, text: string) {
      seen.add(text)
      return prepare.call(this, text === missing?.text ? without(missing) : text)
    })
    // What is done hundreds of times is done once elsewhere.
    for (const trace of traces.filter(({ length }) => length < 200)) {
      seen = new Set()
      alone.set(trace, await places.within((at) => replay(trace, at)))
      for (const text of seen) running.set(text, [...(running.get(text) ?? []), trace])
    }
  })
  afterAll(() => {
    vi.restoreAllMocks()
    places.close()
  })

  it('do not meet', async () => {
    expect(alone.size).toBeGreaterThan(80)
    for (const trace of alone.keys()) for (const manner of all ? manners : manners.slice(0, 1)) expect(await look(trace, manner)).toBeNull()
  }, 600_000)

  it('meet wherever one of the conditions is taken away', async () => {
    // Lists of different lengths are one statement; what selects nothing selects nothing of others.
    const families = new Map([...running.keys()].filter((text) => !text.includes('(1 = 0)')).map((text) => [text.replace(/\(\?(, \?)+\)/g, '(?)'), text]))
    const conditions = [...families.values()].flatMap((text) => (text.match(condition) ?? []).map((_, nth) => ({ text, nth })))
    const unnoticed: string[] = []
    const missable = conditions.filter(({ text }) => !text.startsWith(noDifference))
    const tried = missable.filter((_, i) => all || i % 20 === 0)
    for (const each of tried) {
      let found: string | null = null
      search: for (const manner of manners)
        for (const trace of running.get(each.text) ?? []) {
          missing = each
          found = await look(trace, manner).catch((error) => String(error))
          missing = null
          if (found) break search
        }
      if (!found) unnoticed.push(nameOf(each))
    }
    console.info(
      `${conditions.length} conditions that keep agencies apart, ${conditions.length - missable.length} of which can make no difference; of ${tried.length} taken away ${tried.length - unnoticed.length} were missed`,
    )
    expect(unnoticed).toEqual([])
    expect(missable.length).toBeGreaterThan(255)
  }, 1_200_000)
})

function statesBesides() {
  const at = '2026-01-05T08:00:00.000Z'
  const by = { actor: 'user:ada', at }
  const bytes = (text: string) => new TextEncoder().encode(text)
  let city: AgencyStore
  let store: ReturnType<typeof written>
  beforeEach(async () => {
    store = written()
    city = store.agency(await store.ensureAgency('city', 'City', at))
    await city.saveService({ id: 'card', definition: {}, policy: {} }, null, by)
    await city.publish({ service: 'card', definition: {} as never, policy: {}, submissionSchema: {}, digest: '' }, 1, by)
  })
  afterEach(() => store.close())

  const file = (id: string) => ({
    service: 'card',
    target: 't',
    name: bytes('n'),
    type: 't',
    size: 1,
    digest: '',
    sealing: null,
    receivedAt: at,
    submission: null,
    id,
  })
  const receive = async (id: string, outbox: readonly string[] = []) => {
    await city.claimKey({ service: 'card', keyHash: id, bodyMac: 'm', at }, '')
    await city.addAttachment(file(`a-${id}`), by)
    const submission = {
      id,
      service: 'card',
      version: 1,
      language: 'en',
      receivedAt: at,
      referenceHash: id,
      status: 'received',
      stage: 'intake',
      sealing: null,
    }
    await city.record({
      submission: { ...submission, answers: bytes('a'), outcome: bytes('o') },
      attachments: [`a-${id}`],
      deed: { ...by, details: { service: 'card', day: '2026-01-05', channel: 'web', language: 'en' } },
      keyHash: id,
      outbox: outbox.map((name) => ({ id: name, kind: 'webhook', destination: 'https://a.example', payload: bytes('p') })),
      conclude: () => ({ receipt: bytes('r'), answer: bytes('a') }),
    })
  }

  const move = async (id: string, decision: string, stage: string | null) => {
    const to = { status: 'rejected', stage, stageEnteredAt: null, dueAt: at, closedAt: at, decision, late: 0 }
    await city.moveCase({ from: (await city.submission(id))!, to, decision, note: null, by, outbox: [] })
  }
  const close = (id: string) => move(id, 'refuse', null)

  it('a case that one holds and the other does not', async () => {
    const id = newId(new Date(at))
    await receive(id)
    await close(id)
    await city.setHold({ submission: id, reason: bytes('x') }, by)
    for (const basis of ['received', 'closed'] as const) expect(await city.casesPast('card', basis, '2026-01-06T00:00:00.000Z' as never, '', 10)).toEqual([])
  })

  it('a case that is somebody’s with one and nobody’s with the other', async () => {
    for (const id of ['s1', 's2', 's3']) await receive(id)
    await city.assignCase('s1', null, 'ada', by)
    for (const filter of [{ service: 'card' }, { service: 'card', stage: 'intake' }, { service: 'card', stage: 'intake', status: 'received' }]) {
      const [first] = await city.openCases({ assignee: null, ...filter }, null, 1)
      expect(first?.id).toBe('s2')
      expect(await city.openCases({ assignee: null, ...filter }, first!, 10)).toHaveLength(1)
      expect(await city.countOpen({ assignee: null, ...filter }, 10)).toBe(2)
    }
  })

  it('cases, files and numbers of the same names', async () => {
    await receive('s1')
    const within = [{ service: 'card' }]
    expect(await city.exportScope('card', within)).toEqual({ count: 1, last: 's1' })
    expect(await city.submissionsBetween('card', '', 'z', 10, within)).toHaveLength(1)
    await close('s1')
    for (const some of [undefined, within, [{ service: 'card' }, { service: 'other' }]])
      expect(await city.submissionsBetween('card', '', 'z', 10, some)).toHaveLength(1)
    expect(await city.receivedIn('2026-01', 'attachment', '', 10)).toHaveLength(1)
    expect(await city.usage('2026-01-05')).toMatchObject({ submissions: 1 })
  })

  it('steps of cases in the lists of exports, of whatever officers may see', async () => {
    await receive('s1')
    for (const decision of ['answer', 'refuse']) await move('s1', decision, 'intake')
    const two = ['intake', 'other']
    const scopes = [
      undefined,
      [{ service: 'card' }],
      [{ service: 'card', stages: two }],
      [{ service: 'card' }, { service: 'other' }],
      [
        { service: 'card', stages: ['intake'] },
        { service: 'other', stages: two },
      ],
    ]
    for (const scope of scopes) {
      const [line, ...more] = await city.submissionsBetween('card', '', 'z', 10, scope)
      expect([line?.decidedAt, line?.amendments, line?.amendedAt, more.length]).toEqual([at, 1, at, 0])
    }
  })

  it('deliveries that one has made and the other has not', async () => {
    await receive('s1', ['d1', 'd2'])
    const claim = (lease: string) =>
      city.claimDeliveries({ lease, now: at, until: '2026-01-05T09:00:00.000Z', farAfter: '2027-01-05T09:00:00.000Z', limit: 1, perDestination: 1, skip: [] })
    for (const id of ['d1', 'd2']) {
      expect((await claim(`l ${id}`)).map((row) => row.id)).toEqual([id])
      await city.finishDelivery(id, `l ${id}`, by)
    }
  })

  it('invitations of one that are there when the other ends', async () => {
    const invitation = { id: 'i', tokenHash: 'h', email: 'a@b', memberships: [], invitedBy: 'system', createdAt: at, expiresAt: '2026-01-06T08:00:00.000Z' }
    await city.invite(invitation, by)
    expect(await city.remove(by)).toBe(true)
    expect(await city.invitations(at)).toEqual([])
  })
}
