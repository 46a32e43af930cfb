/**
 * T11: several officers decide about the same cases at once, in every order that a scheduler can think of, each from what
 * they last saw. Each step waits for the scheduler before and after it reads and writes, so that what one has read is old
 * when it writes. The control is a store that does not look at the revision: it must lose decisions.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServiceDefinition } from '@guichet/schemas'
import fc from 'fast-check'
import { type Adapters, openAdapters } from '../src/adapters.ts'
import { findBreak } from '../src/audit/chain.ts'
import { decide } from '../src/cases/decide.ts'
import { follow, offered } from '../src/cases/graph.ts'
import { type Config, readConfig } from '../src/config.ts'
import { Refused } from '../src/problem.ts'
import { publish } from '../src/services/publish.ts'
import type { AgencyStore, CaseSummary, Store } from '../src/store/store.ts'
import libraryCard from '../src/testing/library-card.json' with { type: 'json' }
import { newDatabase, postgresIsThere, startCluster } from '../src/testing/postgres.ts'
import { reading } from '../src/testing/reading.ts'
import type { Outcome } from './outcome.ts'

const at = '2026-01-05T08:00:00.000Z'
const service = 'library-card'
const officers = 3
const triesEach = 2

const definition = {
  ...structuredClone(libraryCard),
  stages: [
    { id: 'intake', label: { en: 'Intake' }, unit: 'desk', decisions: ['accept', 'send_back', 'refuse'] },
    { id: 'check', label: { en: 'Check' }, unit: 'desk', decisions: ['approve', 'part_approve', 'reject', 'send_back', 'ask_more'] },
    { id: 'pay', label: { en: 'Payment' }, unit: 'desk' },
  ],
} as unknown as ServiceDefinition

/** A place to race in: one agency, a service with three stages, and cases as they are asked for. */
export interface Track {
  adapters: Adapters
  config: Config
  agency: AgencyStore
  /** A new case; gives its number. */
  receive(): Promise<string>
  close(): Promise<void>
}

export async function openTrack(env: Record<string, string> = {}, store?: Store): Promise<Track> {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-race-'))
  const config = readConfig({ DATA_DIR: folder, EXAMPLES_DIR: 'off', LOG_LEVEL: 'error', ...env })
  const adapters = openAdapters(config, { clock: { now: () => new Date(at) }, ...(store ? { store } : {}) })
  const agency = adapters.store.agency(await adapters.store.ensureAgency('city', 'City', at))
  const policy = {
    rules: { encryption: { mode: 'none' } },
    deliveries: { webhook: { endpoints: [{ url: 'https://hooks.example.org/in', events: ['submission.changed'] }] } },
  }
  await agency.saveService({ id: service, definition, policy: policy as never }, null, { actor: 'system', at })
  await publish(adapters, agency, service, 1, { actor: 'system', language: 'en', acknowledged: 'every' }, config.baseUrl)
  let counter = 0
  return {
    adapters,
    config,
    agency,
    async receive() {
      const id = `race-${String(++counter).padStart(6, '0')}`
      await agency.claimKey({ service, keyHash: id, bodyMac: id, at }, '')
      const empty = new TextEncoder().encode('{}')
      await agency.record({
        submission: {
          id,
          service,
          version: 1,
          language: 'en',
          receivedAt: at,
          referenceHash: id,
          status: 'received',
          stage: 'intake',
          sealing: null,
          answers: empty,
          outcome: empty,
        },
        attachments: [],
        deed: { actor: 'citizen', at },
        keyHash: id,
        outbox: [],
        conclude: () => ({ receipt: empty, answer: empty }),
      })
      return id
    },
    async close() {
      await adapters.store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The store as it would be without the check: whoever writes, writes over what is there. Nothing in the server can make it. */
export const heedless = (agency: AgencyStore): AgencyStore => ({
  ...agency,
  async moveCase(move) {
    for (;;) {
      const now = (await agency.submission(move.from.id)) as CaseSummary
      try {
        return await agency.moveCase({ ...move, from: { ...move.from, revision: now.revision } })
      } catch (error) {
        if ((error as { kind?: string }).kind !== 'stale') throw error
      }
    }
  },
})

export interface Races {
  runs: number
  decided: number
  refused: number
  /** Decisions that an officer was told had been taken, but that the case has forgotten, or that began where it no longer stood. */
  lost: number
  /** Steps that are no edge of the graph. */
  astray: number
  /** Decisions without exactly one audit event and exactly one delivery. */
  unpaired: number
}

interface Taken {
  number: number
  actor: string
  decision: string
}

interface Raced {
  id: string
  taken: Taken[]
  refused: number
}

/** One race over one case. Of the officers who stand before or after a call to the store, the scheduler lets one go on. */
async function race(track: Track, scheduler: fc.Scheduler, choices: readonly number[], agency: AgencyStore): Promise<Raced> {
  const id = await track.receive()
  let alive = officers
  let wake = () => {}
  const gate = async () => {
    const passed = scheduler.schedule(Promise.resolve())
    wake()
    await passed
  }
  const turn = async <T>(work: () => Promise<T>): Promise<T> => {
    await gate()
    const done = await work()
    await gate()
    return done
  }
  const slow: AgencyStore = { ...agency, submission: (one) => turn(() => agency.submission(one)), moveCase: (move) => turn(() => agency.moveCase(move)) }
  const raced: Raced = { id, taken: [], refused: 0 }
  const work = async (officer: number) => {
    const actor = `user:officer-${officer}`
    for (let i = 0; i < triesEach; i++) {
      const seen = (await slow.submission(id)) as CaseSummary
      const offers = offered(definition, seen)
      if (offers.length === 0) return
      const decision = offers[(choices[officer * triesEach + i] ?? 0) % offers.length] as string
      try {
        const request = { submission: id, revision: seen.revision, decision, note: 'why', actor, now: new Date(at), reading }
        const moved = await decide(track.adapters, track.config, slow, request)
        raced.taken.push({ number: moved.revision, actor, decision })
      } catch (error) {
        if (!(error instanceof Refused) || error.status !== 412) throw error
        raced.refused++
      }
    }
  }
  const leave = () => {
    alive--
    wake()
  }
  const all = Promise.all(Array.from({ length: officers }, (_, officer) => work(officer).finally(leave)))
  all.catch(() => {})
  // Only when nobody is on the way is the next one chosen, so that the same seed always gives the same race.
  while (alive > 0) {
    if (scheduler.count() >= alive) await scheduler.waitNext(1)
    else
      await new Promise<void>((resolve) => {
        wake = resolve
      })
  }
  await all
  return raced
}

/** Walks the history of a case along the graph. */
async function judge({ agency }: Track, { id, taken }: Raced): Promise<Pick<Races, 'decided' | 'lost' | 'astray'>> {
  const [steps, end] = [await agency.caseSteps(id), (await agency.submission(id)) as CaseSummary]
  let lost = 0
  let astray = 0
  let place: Pick<CaseSummary, 'status' | 'stage' | 'decision' | 'closedAt'> = { status: 'received', stage: 'intake', decision: null, closedAt: null }
  for (const step of steps) {
    // Each begins where the one before it ended: otherwise what that one decided is gone.
    if (step.fromStatus !== place.status || step.fromStage !== place.stage) lost++
    const target = follow(definition, place, step.decision, undefined, () => true)
    if (!target || target.status !== step.toStatus || target.stage !== step.toStage) astray++
    place = { status: step.toStatus, stage: step.toStage, decision: target?.decision ?? null, closedAt: target?.closed ? at : null }
  }
  if (end.status !== place.status || end.stage !== place.stage || end.revision !== steps.length + 1) lost++
  const kept = ({ number, actor, decision }: Taken) => steps.some((step) => step.number === number && step.actor === actor && step.decision === decision)
  return { decided: steps.length, lost: lost + taken.filter((one) => !kept(one)).length + Math.max(0, steps.length - taken.length), astray }
}

/** Many races, each in an order of its own. */
export async function races(track: Track, runs: number, agency: AgencyStore = track.agency): Promise<Races> {
  const sum: Races = { runs: 0, decided: 0, refused: 0, lost: 0, astray: 0, unpaired: 0 }
  const raced: Raced[] = []
  const choices = fc.array(fc.nat(20), { minLength: officers * triesEach, maxLength: officers * triesEach })
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), choices, async (scheduler, chosen) => {
      raced.push(await race(track, scheduler, chosen, agency))
    }),
    { numRuns: runs, endOnFailure: true },
  )
  const events = await track.agency.auditEvents(0, Number.MAX_SAFE_INTEGER)
  if (findBreak(events) !== null) throw new Error('The audit log is broken.')
  const outbox = await track.agency.deliveries('waiting', Number.MAX_SAFE_INTEGER)
  const counted = (names: readonly string[]) => names.reduce((counts, name) => counts.set(name, (counts.get(name) ?? 0) + 1), new Map<string, number>())
  const leaves = counted(events.filter(({ action }) => action === 'submission.changed').map(({ object, details }) => `${object} ${details?.revision}`))
  const deliveries = counted(outbox.map(({ submission }) => `${submission}`))
  for (const one of raced) {
    const { decided, lost, astray } = await judge(track, one)
    sum.runs++
    sum.decided += decided
    sum.refused += one.refused
    sum.lost += lost
    sum.astray += astray
    for (let number = 2; number < decided + 2; number++) if (leaves.get(`submission:${one.id} ${number}`) !== 1) sum.unpaired++
    if ((deliveries.get(one.id) ?? 0) !== decided) sum.unpaired++
  }
  return sum
}

/** Everything held, and there was something to hold. */
export const isClean = ({ runs, decided, refused, lost, astray, unpaired }: Races, wanted: number) =>
  runs === wanted && decided > runs && refused > 0 && lost + astray + unpaired === 0
const shown = (name: string, { runs, decided, refused, lost, astray, unpaired }: Races) =>
  `${name}: interleavings ${runs}, decisions ${decided}, refused as stale ${refused}, lost ${lost}, outside the graph ${astray}, without exactly one event and delivery ${unpaired}`

export async function officersRacing(runs = 1000): Promise<Outcome> {
  const lines: string[] = []
  let good = true
  const run = async (name: string, env: Record<string, string>) => {
    const track = await openTrack(env)
    try {
      const held = await races(track, runs)
      const control = await races(track, Math.ceil(runs / 10), heedless(track.agency))
      good &&= isClean(held, runs) && control.lost > 0
      lines.push(`${shown(name, held)}; control (${control.runs} interleavings, the revision not looked at): lost ${control.lost}`)
    } finally {
      await track.close()
    }
  }
  await run('SQLite', {})
  if (postgresIsThere()) {
    const cluster = await startCluster()
    try {
      const { url, ownerUrl } = await newDatabase(cluster)
      await run('PostgreSQL', { DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl })
    } finally {
      await cluster.stop()
    }
  }
  return { good, line: `T11 officers racing: ${lines.join('. ')}` }
}
