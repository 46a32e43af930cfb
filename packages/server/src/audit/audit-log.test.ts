import { isConsistent, leafHash as leafOfBytes, readCheckpoint, readLogProof, readNote, rootOfInclusion, signersOf, toBase64, utf8 } from '@guichet/receipts'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AgencyStore } from '../store/store.ts'
import { officerOf } from '../testing/cases.ts'
import { answersOf, createWorld, own, type World } from '../testing/world.ts'
import { headOf, LogBroken, noteKeyOf, originOf, tilesOf } from './audit-log.ts'
import { entryOf } from './chain.ts'
import { checkLog } from './check-log.ts'
import { holding, kinds, tamper } from './tamper.test-helper.ts'
import { consistencyProof } from './tree.ts'

let world: World
let city: AgencyStore
beforeEach(async () => {
  world = await createWorld()
  await world.offer()
  city = world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
})
afterEach(() => world.close())

const grow = () => world.adapters.auditLog.grow(city.id, own)
const add = async (count: number) => {
  for (let i = 0; i < count; i++) await city.audit('submission.read', `submission:s${i}`, { actor: 'user:u1', at: '2026-01-05T08:00:00.000Z' })
}
const keys = () => world.adapters.keys.publicKeys.map((key) => noteKeyOf(originOf(own, 'city'), key))

describe('the tree over an audit log', () => {
  it('is signed over the events that there are, once for each size, in a note that anyone can check', async () => {
    const first = await grow()
    const note = readNote(first?.note ?? '')
    expect(readCheckpoint(note?.text ?? '')).toMatchObject({ origin: '127.0.0.1:8080/.well-known/guichet/log/city', size: 2 })
    expect(await signersOf(note!, keys())).toHaveLength(1)
    expect(await signersOf({ ...note!, text: note!.text.replace('\n2\n', '\n3\n') }, keys())).toHaveLength(0)
    expect(await grow()).toEqual(first)
    await add(600)
    const second = await grow()
    const [a, b] = [await headOf(world.adapters.keys, first!), await headOf(world.adapters.keys, second!)]
    expect([a.size, b.size]).toEqual([2, 602])
    expect(await isConsistent(a, b, await consistencyProof(2, 602, tilesOf(city)))).toBe(true)
    expect(await checkLog(city, world.adapters.keys, [first!.note])).toEqual([])
  })

  it('goes on where the clock was set back, by whichever server', async () => {
    world.setTime('2026-01-05T08:00:00.000Z')
    await grow()
    for (const [at, size] of [
      ['2016-01-05T07:59:59.000Z', 12],
      ['2026-01-05T07:00:00.000Z', 22],
      ['2026-01-05T09:00:00.000Z', 32],
    ] as const) {
      world.setTime(at)
      await add(10)
      expect(await grow()).toMatchObject({ size, signedAt: at })
    }
    expect((await city.checkpoints(9)).map(({ period, size }) => `${period} ${size}`)).toEqual(['2026-01-05T09 32', '2026-01-05T08 22'])
    expect(await checkLog(city, world.adapters.keys)).toEqual([])
  })

  it('keeps its name when the server gets another address', async () => {
    await grow()
    await add(1)
    await world.adapters.auditLog.grow(city.id, 'https://forms.example.org')
    expect((await world.adapters.auditLog.current(city.id))?.note).toMatch(/^127\.0\.0\.1:8080\//)
  })

  it('proves an event once a checkpoint covers it, and not before', async () => {
    const sent = await (await world.send(answersOf())).json()
    const { auditSequence: sequence = 0, leaf } = sent.receipt.payload
    expect(await world.adapters.auditLog.proofOf(city.id, sequence)).toBeNull()
    await add(300)
    await grow()
    const found = await world.adapters.auditLog.proofOf(city.id, sequence)
    const proof = readLogProof(found?.proof ?? '')!
    const head = readCheckpoint(readNote(proof.checkpoint)!.text)!
    const hash = await leafOfBytes(utf8(entryOf(found!.event)))
    expect(`sha256-${Buffer.from(hash).toString('base64url')}`).toBe(leaf)
    expect(found!.event).toMatchObject({ object: `submission:${sent.submission}`, details: { answers: sent.receipt.payload.answersDigest } })
    expect(Buffer.from((await rootOfInclusion(hash, proof.index, head.size, proof.hashes)) ?? []).equals(head.root)).toBe(true)
    expect(await world.adapters.auditLog.proofOf(city.id, head.size + 1)).toBeNull()
  })

  it('is grown by one of many at once', async () => {
    await add(40)
    const all = await Promise.all(Array.from({ length: 5 }, grow))
    expect(new Set(all.map((each) => each?.size))).toEqual(new Set([42]))
  })
})

describe('a log that was changed', () => {
  /** A store that gives other events than it has. */
  const lying = (change: (events: Awaited<ReturnType<AgencyStore['auditEvents']>>) => void): void => {
    const { auditEvents } = city
    city.auditEvents = async (...asked) => {
      const events = structuredClone(await auditEvents(...asked))
      change(events)
      return events
    }
  }
  const changeOf = (sequence: number) =>
    lying((events) => {
      for (const event of events) if (event.sequence === sequence) event.actor = 'user:u2'
    })

  it('is signed no further: a bit of what is new has flipped', async () => {
    await grow()
    await add(10)
    changeOf(7)
    await expect(grow()).rejects.toThrow(LogBroken)
    expect(world.adapters.auditLog.broken(city.id)).toMatch(/event 7/)
    expect((await city.checkpoints(1))[0]?.size).toBe(2)
    expect(world.log.join()).toContain('the audit log is damaged')
  })

  it('is signed no further: the last event in the tree is another', async () => {
    await add(10)
    await grow()
    await add(1)
    changeOf(12)
    await expect(grow()).rejects.toThrow(LogBroken)
  })

  it('is signed no further: events are gone, or tiles', async () => {
    await add(10)
    await grow()
    const { auditHead } = city
    city.auditHead = async () => ({ sequence: 5, digest: 'd' })
    await expect(grow()).rejects.toThrow(/missing/)
    city.auditHead = auditHead
    await city.forgetTree(false)
    await expect(grow()).rejects.toThrow(/missing/)
    await city.forgetTree(true)
    await expect(grow()).resolves.toMatchObject({ size: 12 })
  })

  it('is found by the patrol, also far back', async () => {
    await add(2500)
    await grow()
    for (let i = 0; i < 4; i++) await world.adapters.auditLog.patrol(city.id)
    changeOf(1500)
    const looked = async () => {
      for (let i = 0; i < 4; i++) await world.adapters.auditLog.patrol(city.id)
    }
    await expect(looked()).rejects.toThrow(LogBroken)
  })
})

describe('the auditor', () => {
  it('reads the log a page at a time, filtered, with the words that the log itself does not hold', async () => {
    const officer = await officerOf(world)
    expect((await officer.get('/v1/admin/services/library-card/export.csv?purpose=Complaint%20of%20Maria%20Rossi')).status).toBe(200)
    await add(3)
    const page = async (query: string) =>
      (await (await officer.get(`/v1/admin/audit${query}`)).json()) as unknown as { events: Record<string, unknown>[]; next: number | null }
    const { events, next } = await page('?limit=3')
    expect(events.map(({ object }) => object)).toEqual(['submission:s2', 'submission:s1', 'submission:s0'])
    const rest = await page(`?before=${next}`)
    expect(rest.next).toBeNull()
    expect(rest.events[0]).toMatchObject({ action: 'submission.exported', actor: `user:${officer.user}`, note: 'Complaint of Maria Rossi' })
    expect((await page('?action=submission.exported')).events).toHaveLength(1)
    expect((await page('?actor=user:u1&object=submission:s1')).events).toHaveLength(1)
    expect((await page('?from=2026-01-06')).events).toEqual([])
    expect((await page('?to=2026-01-05')).events.length).toBeGreaterThan(5)
    expect((await page('?to=2026-01-04')).events).toEqual([])
    expect(JSON.stringify(await city.auditEvents(0, 1000))).not.toContain('Rossi')
    expect(world.disk()).not.toContain('Maria Rossi')
  })

  it.each(['?limit=0', '?limit=201', '?before=x', '?from=yesterday', '?to=2026-13-01', `?action=${'x'.repeat(201)}`])(
    'is told that %s means nothing',
    async (query) => {
      const officer = await officerOf(world)
      expect((await officer.get(`/v1/admin/audit${query}`)).status).toBe(400)
    },
  )

  it('takes events away with proofs that hold without us', async () => {
    const officer = await officerOf(world)
    expect((await officer.get('/v1/admin/audit/export.jsonl')).status).toBe(409)
    await add(300)
    await grow()
    const lines = (await (await officer.get('/v1/admin/audit/export.jsonl?from=5')).text()).trimEnd().split('\n')
    const [{ checkpoint }, ...events] = lines.map((line) => JSON.parse(line))
    const head = readCheckpoint(readNote(checkpoint)!.text)!
    expect(events.map(({ event }) => event.sequence)).toEqual(Array.from({ length: head.size - 4 }, (_, i) => i + 5))
    for (const { event, proof } of events) {
      const root = await rootOfInclusion(
        await leafOfBytes(utf8(entryOf(event))),
        event.sequence - 1,
        head.size,
        proof.map((hash: string) => Buffer.from(hash, 'base64')),
      )
      expect(toBase64(root ?? new Uint8Array())).toBe(toBase64(head.root))
    }
    const [last] = await city.auditEvents((await city.auditHead())!.sequence - 1, 1)
    expect(last).toMatchObject({ action: 'audit.exported', actor: `user:${officer.user}`, details: { from: 5, to: head.size } })
  })

  it('is nobody who is not signed in', async () => {
    for (const path of ['/v1/admin/audit', '/v1/admin/audit/export.jsonl'])
      expect((await world.request(path, { headers: { Origin: own, 'Sec-Fetch-Site': 'same-origin' } })).status).toBe(401)
  })
})

/** Every kind of change that somebody could make who has the database, and the signing key besides. */
describe('10,000 changes', () => {
  it('are all found, and what was not changed is not', async () => {
    await add(24)
    await grow()
    const { keys: ours } = world.adapters
    const events = await city.auditEvents(0, 1000)
    const [old] = await city.checkpoints(1)
    expect(await checkLog(city, ours, [old!.note])).toEqual([])
    const found: Record<string, number> = {}
    let trials = 0
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...kinds), fc.nat(), fc.nat(), async (kind, a, b) => {
        const changed = tamper(structuredClone(events), kind, a, b)
        if (changed === null) return
        trials++
        const wrong = await checkLog(await holding(city, changed.events, changed.linked ? ours : null), ours, [old!.note])
        expect(wrong, kind).not.toEqual([])
        found[kind] = (found[kind] ?? 0) + 1
      }),
      { numRuns: Number(process.env.AUDIT_TRIALS ?? 600) },
    )
    expect(Object.values(found).reduce((sum, n) => sum + n, 0)).toBe(trials)
    expect(Object.keys(found).sort()).toEqual([...kinds].sort())
    // Who re-signs everything with a stolen key is found by the old checkpoint alone.
    const resigned = tamper(structuredClone(events), 're-sign', 3, 1)!
    expect(await checkLog(await holding(city, resigned.events, ours), ours)).toEqual([])
  }, 600_000)
})
