import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { limitedTo } from '../access/limited.ts'
import { movingDefinition, type Officer, officerOf, receive } from '../testing/cases.ts'
import { createWorld, type World } from '../testing/world.ts'
import type { CaseView } from './open-case.ts'
import { assign, countWork, findByText, noteCase } from './work.ts'

let world: World
let officer: Officer
beforeEach(async () => {
  world = await createWorld()
  await world.offer(movingDefinition(), { rules: { origins: { allow: ['https://www.city.example'] } } })
  officer = await officerOf(world)
})
afterEach(() => world.close())

const city = async () => world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
const body = async <T>(response: { json(): Promise<unknown> }) => (await response.json()) as T
const open = async (submission: string) => body<CaseView>(await officer.get(`/v1/admin/cases/${submission}`))
const listed = async (query: string) => {
  const { cases } = await body<{ cases: { submission: string; assignee: object | null }[] }>(await officer.get(`/v1/admin/cases?${query}`))
  return cases.map(({ submission }) => submission)
}
const by = { actor: 'user:test', at: '2026-01-05T08:00:00.000Z' }
const statusOf = (work: Promise<unknown>) =>
  work.then(
    () => 200,
    (error) => error.status,
  )

describe('the work on cases', () => {
  it('is taken, passed on and given back, and shown with its owner', async () => {
    const { submission } = await receive(world)
    const me = { id: officer.user, name: 'Ada' }
    const taken = await officer.send('PUT', `/v1/admin/cases/${submission}/assignee`, { to: me.id, from: null })
    expect([taken.status, await body(taken)]).toEqual([200, { assignee: me }])
    expect((await open(submission)).assignee).toEqual(me)
    expect(await listed('queue=mine')).toEqual([submission])
    expect(await listed('queue=free')).toEqual([])
    // Who looked before is told whose it is.
    const late = await officer.send('PUT', `/v1/admin/cases/${submission}/assignee`, { to: me.id, from: null })
    expect([late.status, (await body<{ assignee: object }>(late)).assignee]).toEqual([412, me])
    expect((await officer.send('PUT', `/v1/admin/cases/${submission}/assignee`, { to: null, from: me.id })).status).toBe(200)
    expect([await listed('queue=mine'), await listed('queue=free')]).toEqual([[], [submission]])
    expect((await officer.send('PUT', '/v1/admin/cases/none/assignee', { to: me.id, from: null })).status).toBe(404)
    expect((await officer.send('PUT', `/v1/admin/cases/${submission}/assignee`, { to: 'nobody', from: null })).status).toBe(422)
  })

  it('is given to nobody who could not see the case, and by nobody who cannot', async () => {
    const { submission } = await receive(world)
    const agency = await city()
    const named = (memberships: object) => ({ ...agency, colleagues: async () => [{ id: 'u2', name: 'Bo', state: 'active', memberships }] }) as typeof agency
    for (const [memberships, status] of [
      [[{ role: 'officer' }], 200],
      [[{ role: 'officer', services: ['another'] }], 422],
      [[{ role: 'officer', units: ['elsewhere'] }], 422],
      [[{ role: 'editor' }], 422],
      [[], 422],
    ] as const) {
      const whole = named(memberships)
      const store = { ...world.adapters.store, agency: () => whole }
      expect(await statusOf(assign({ store }, whole, { submission, from: null, to: 'u2' }, by))).toBe(status)
      if (status === 200) await agency.assignCase(submission, 'u2', null, by)
    }
    const elsewhere = await limitedTo(agency, [{ services: ['another'], units: null }])
    expect(await statusOf(assign(world.adapters, elsewhere, { submission, from: null, to: officer.user }, by))).toBe(404)
    expect(await statusOf(noteCase(world.adapters, elsewhere, submission, 'x', by, new Date()))).toBe(404)
    expect(await countWork(elsewhere, officer.user, undefined, new Date())).toMatchObject({ open: 0, free: 0 })
    await expect(elsewhere.assignCase(submission, null, 'u', by)).rejects.toMatchObject({ kind: 'stale' })
    await expect(elsewhere.addCaseNote({ submission, id: 'n', at: by.at, actor: 'a', note: new Uint8Array() }, by)).rejects.toMatchObject({ kind: 'stale' })
    expect([await elsewhere.openCases({}, null, 10), await elsewhere.caseNotes(submission)]).toEqual([[], []])
  })

  it('is noted for colleagues: sealed, on the log without its words, never shown to the citizen', async () => {
    const { submission, reference } = await receive(world)
    const text = 'Called the applicant, Okafor-xyzzy'
    const made = await officer.send('POST', `/v1/admin/cases/${submission}/notes`, { text })
    expect([made.status, (await body<{ text: string }>(made)).text]).toEqual([201, text])
    const { notes, names, history } = await open(submission)
    expect(notes).toMatchObject([{ text, actor: `user:${officer.user}` }])
    expect([names, history]).toEqual([{ [`user:${officer.user}`]: 'Ada' }, []])
    const status = await world.request('/v1/status', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ reference }),
    })
    expect([status.status, await status.text()]).toEqual([200, expect.not.stringContaining('xyzzy')])
    expect(world.disk()).not.toContain('xyzzy')
    expect(world.log.join('')).not.toContain('xyzzy')
    expect((await officer.send('POST', `/v1/admin/cases/${submission}/notes`, { text: '' })).status).toBe(400)
    // The words of a note cannot be put in the place of those that the citizen reads, nor of another note.
    const [row] = await (await city()).caseNotes(submission)
    await (await city()).addCaseNote({ ...row!, id: `${row!.id}x` }, by)
    expect((await officer.get(`/v1/admin/cases/${submission}`)).status).toBe(500)
  })

  it('is found by number and by tracking code, whoever may see it', async () => {
    const { submission, reference } = await receive(world)
    for (const text of [submission, submission.toUpperCase(), ` ${submission} `, reference, reference.toLowerCase()])
      expect((await body<{ submission: string }>(await officer.send('POST', '/v1/admin/cases/find', { text }))).submission).toBe(submission)
    for (const text of ['01kzzzzzzzzzzzzzzzzzzzzzzz', 'nothing', reference.slice(1)])
      expect((await officer.send('POST', '/v1/admin/cases/find', { text })).status).toBe(404)
    const elsewhere = await limitedTo(await city(), [{ services: ['another'], units: null }])
    expect(await statusOf(findByText(elsewhere, reference))).toBe(404)
  })

  it('is counted, and listed by when it is due', async () => {
    const first = (await receive(world)).submission
    world.setTime('2026-01-05T08:00:01.000Z')
    const second = (await receive(world)).submission
    await officer.decide(first, 1, { decision: 'accept' })
    // The first one is due a week later now.
    expect(await listed('queue=open')).toEqual([second, first])
    expect(await listed('queue=open&due=soon')).toEqual([])
    const counts = async () => body<object>(await officer.get('/v1/admin/cases/counts'))
    expect(await counts()).toEqual({ open: 2, mine: 0, free: 2, overdue: 0, soon: 0, most: 1000 })
    world.setTime('2026-01-09T08:00:00.000Z')
    await officer.renew()
    expect(await listed('queue=open&due=overdue')).toEqual([second])
    expect(await counts()).toEqual({ open: 2, mine: 0, free: 2, overdue: 1, soon: 0, most: 1000 })
    await officer.decide(second, 1, { decision: 'refuse', note: 'No.' })
    expect(await counts()).toMatchObject({ open: 1, overdue: 0 })
    expect(await listed('queue=all')).toEqual([second, first])
    for (const wrong of ['queue=some', 'due=soon', 'queue=all&due=soon', 'queue=open&due=never'])
      expect((await officer.get(`/v1/admin/cases?${wrong}`)).status).toBe(400)
  })

  it('goes on where the case that was opened stands in the list', async () => {
    const all = [(await receive(world)).submission, (await receive(world)).submission, (await receive(world)).submission]
    const order = await listed('queue=open')
    expect(new Set(order)).toEqual(new Set(all))
    const { place } = await open(order[0] as string)
    expect(await listed(`queue=open&after=${encodeURIComponent(place)}&limit=1`)).toEqual([order[1]])
  })

  it('stands at a desk that knows the services, their stages, and who may decide', async () => {
    const desk = await body<{ services: { id: string; stages: { id: string }[] }[]; colleagues: object[]; statistics: boolean }>(
      await officer.get('/v1/admin/desk'),
    )
    expect(desk).toMatchObject({
      services: [{ id: 'library-card', languages: ['en', 'el'] }],
      colleagues: [{ id: officer.user, name: 'Ada' }],
      statistics: false,
    })
    expect(desk.services[0]?.stages.map(({ id }) => id)).toEqual(['intake', 'school', 'check', 'pay', 'done'])
  })
})
