import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findBreak } from '../audit/chain.ts'
import type { StatusView } from '../submissions/follow.ts'
import { movingDefinition, type Officer, officerOf, receive } from '../testing/cases.ts'
import { reading } from '../testing/reading.ts'
import { createWorld, foreign, own, pdf, plainPolicy, type World } from '../testing/world.ts'
import { decide } from './decide.ts'
import type { CaseLine, CaseView, StepView } from './open-case.ts'

let world: World
let officer: Officer
beforeEach(async () => {
  world = await createWorld()
  await world.offer(movingDefinition())
  officer = await officerOf(world)
})
afterEach(() => world.close())

const city = async () => world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
const audited = async (action: string) => (await (await city()).auditEvents(0, 1000)).filter((event) => event.action === action)
const body = async <T>(response: { json(): Promise<unknown> }) => (await response.json()) as T
const open = async (submission: string) => body<CaseView>(await officer.get(`/v1/admin/cases/${submission}`))
const decideAs = async (actor: string, submission: string, revision: number, decision: string) =>
  decide(world.adapters, world.config, await city(), { submission, revision, decision, note: 'why', actor, now: world.adapters.clock.now(), reading })

describe('a case', () => {
  it('is opened with what was sent in, after the audit log has heard of it', async () => {
    const { submission } = await receive(world)
    const response = await officer.get(`/v1/admin/cases/${submission}`)
    expect([response.status, response.headers.get('etag')]).toEqual([200, '"1"'])
    expect(await body<CaseView>(response)).toMatchObject({
      submission,
      service: 'library-card',
      version: 1,
      status: 'received',
      stage: 'intake',
      stageEnteredAt: '2026-01-05T08:00:00.000Z',
      // Two working days after Monday 5 January, the Tuesday being a holiday: Thursday, to its last moment in Athens.
      dueAt: '2026-01-08T21:59:59.999Z',
      closedAt: null,
      decision: null,
      late: false,
      offers: ['accept', 'refuse', 'send_back', 'ask_more'],
      answers: { name: 'Sam Okafor' },
      outcome: { route: 'intake' },
      attachments: [],
      history: [],
    })
    expect(await audited('submission.read')).toMatchObject([{ actor: `user:${officer.user}`, object: `submission:${submission}` }])
    expect((await officer.get('/v1/admin/cases/no-such-case')).status).toBe(404)
    expect(await audited('submission.read')).toHaveLength(1)
    const stranger = await world.request(`/v1/admin/cases/${submission}`, { headers: { 'Sec-Fetch-Site': 'same-origin', Origin: own } })
    expect(stranger.status).toBe(401)
  })

  it('goes its way: accepted, approved, paid, done; each step in its history, on the audit log and in the outbox', async () => {
    await world.offer(movingDefinition(), {
      ...plainPolicy,
      deliveries: { webhook: { endpoints: [{ url: 'https://hooks.example.org/in', events: ['submission.changed'] }] } },
    })
    const { submission } = await receive(world, {}, { version: 2 })
    world.setTime('2026-01-07T08:00:00.000Z')
    await officer.renew()
    const accepted = await officer.decide(submission, 1, { decision: 'accept' })
    expect([accepted.status, accepted.headers.get('etag')]).toEqual([200, '"2"'])
    // The stage that is there for students alone is passed over.
    expect(await body<CaseLine>(accepted)).toMatchObject({ status: 'in_review', stage: 'check', dueAt: '2026-01-14T21:59:59.999Z', revision: 2, late: false })
    world.setTime('2026-01-15T08:00:00.000Z')
    await officer.renew()
    const approved = await body<CaseLine>(await officer.decide(submission, 2, { decision: 'approve', note: 'All is well.' }))
    expect(approved).toMatchObject({ status: 'approved', decision: 'approve', stage: 'pay', dueAt: null, closedAt: null, late: true })
    const over = await body<CaseLine>(await officer.decide(submission, 3, { decision: 'accept' }))
    expect(over).toMatchObject({ status: 'approved', decision: 'approve', stage: null, closedAt: '2026-01-15T08:00:00.000Z', revision: 4 })
    const { history, offers } = await open(submission)
    expect(offers).toEqual([])
    expect(history).toMatchObject([
      { number: 2, decision: 'accept', note: null, from: { status: 'received', stage: 'intake' }, to: { status: 'in_review', stage: 'check' } },
      { number: 3, decision: 'approve', note: 'All is well.', actor: `user:${officer.user}`, at: '2026-01-15T08:00:00.000Z' },
      { number: 4, decision: 'accept', to: { status: 'approved', stage: null } },
    ])
    const changes = await audited('submission.changed')
    expect(changes.map(({ details }) => details)).toEqual([
      { service: 'library-card', day: '2026-01-07', decision: 'accept', status: 'in_review', revision: 2, stage: 'check' },
      { service: 'library-card', day: '2026-01-15', decision: 'approve', status: 'approved', revision: 3, stage: 'pay' },
      { service: 'library-card', day: '2026-01-15', decision: 'accept', status: 'approved', revision: 4, stage: '', finished: true, inTerm: false },
    ])
    expect(findBreak(await (await city()).auditEvents(0, 1000))).toBeNull()
    expect(await (await city()).deliveries('waiting', 10)).toMatchObject(
      Array(3).fill({ kind: 'webhook', submission, destination: 'https://hooks.example.org' }),
    )
    expect((await officer.decide(submission, 4, { decision: 'accept' })).status).toBe(422)
  })

  it('passes a stage that its answers call for', async () => {
    const upload = await world.request('/v1/services/city/library-card/attachments?target=student_id&name=id.pdf', {
      method: 'POST',
      headers: { 'Content-Type': 'application/pdf' },
      body: pdf,
    })
    const { id } = await upload.json()
    const { submission } = await receive(world, { student: true, school: 'Polytechnic' }, { documents: { student_id: [id] } })
    expect(await body<CaseLine>(await officer.decide(submission, 1, { decision: 'accept' }))).toMatchObject({ stage: 'school' })
    // It names no decisions, so it is only passed.
    expect((await officer.decide(submission, 2, { decision: 'approve' })).status).toBe(422)
    expect(await body<CaseLine>(await officer.decide(submission, 2, { decision: 'accept' }))).toMatchObject({ stage: 'check' })
  })

  it('waits for the citizen without a term, and goes on from there', async () => {
    const { submission } = await receive(world)
    expect(await body<CaseLine>(await officer.decide(submission, 1, { decision: 'ask_more', note: 'Which school?' }))).toMatchObject({
      status: 'waiting',
      stage: 'intake',
      dueAt: null,
    })
    world.setTime('2026-03-01T08:00:00.000Z')
    await officer.renew()
    expect(await body<CaseLine>(await officer.decide(submission, 2, { decision: 'accept' }))).toMatchObject({
      status: 'in_review',
      stage: 'check',
      late: false,
    })
    expect(await body<CaseLine>(await officer.decide(submission, 3, { decision: 'send_back', note: 'Look again.', stage: 'intake' }))).toMatchObject({
      status: 'in_review',
      stage: 'intake',
      decision: null,
    })
    expect(await body<CaseLine>(await officer.decide(submission, 4, { decision: 'send_back', note: 'Sign it.' }))).toMatchObject({ status: 'returned' })
    expect((await audited('submission.changed')).map(({ details }) => details?.returned)).toEqual([undefined, undefined, undefined, true])
  })

  it('takes no decision but those of its stage, and none that says no without a reason', async () => {
    const { submission } = await receive(world)
    const refused = async (request: object) => {
      const response = await officer.decide(submission, 1, request)
      const { errors, type } = await response.json()
      return [response.status, type.split('/').at(-1), errors?.[0]?.pointer, errors?.[0]?.code, Boolean(errors?.[0]?.detail)]
    }
    expect(await refused({ decision: 'approve' })).toEqual([422, 'decision', '/decision', 'case.not-offered', true])
    expect(await refused({ decision: 'approve', stage: 'pay' })).toEqual([422, 'decision', '/decision', 'case.not-offered', true])
    expect(await refused({ decision: 'accept', stage: 'pay' })).toEqual([422, 'decision', '/stage', 'case.no-way-back', true])
    expect(await refused({ decision: 'send_back', note: 'x', stage: 'check' })).toEqual([422, 'decision', '/stage', 'case.no-way-back', true])
    for (const note of [undefined, '', '  \n'])
      expect(await refused({ decision: 'refuse', note })).toEqual([422, 'decision', '/note', 'case.note-missing', true])
    expect(await refused({ decision: 'invent' })).toEqual([400, 'shape', '/decision', 'shape.invalid', true])
    expect(await refused({ decision: 'accept', more: 1 })).toEqual([400, 'shape', '/more', 'shape.unknown', true])
    expect(await open(submission)).toMatchObject({ revision: 1, status: 'received', history: [] })
    expect(await audited('submission.changed')).toEqual([])
  })

  it('moves only from the revision that was seen; who comes late is told what happened', async () => {
    const { submission } = await receive(world)
    expect((await officer.decide(submission, null, { decision: 'accept' })).status).toBe(428)
    expect((await officer.decide(submission, 1, { decision: 'accept', note: 'secret of the first' })).status).toBe(200)
    const late = await officer.decide(submission, 1, { decision: 'refuse', note: 'No.' })
    expect([late.status, late.headers.get('etag'), late.headers.get('content-type')]).toEqual([412, '"2"', 'application/problem+json; charset=utf-8'])
    const said = await late.json()
    expect(said).toMatchObject({ type: 'https://guichet.dev/problems/stale', revision: 2, status: 'in_review', stage: 'check' })
    expect(said.meanwhile).toEqual<StepView[]>([
      {
        number: 2,
        at: '2026-01-05T08:00:00.000Z',
        actor: `user:${officer.user}`,
        decision: 'accept',
        from: { status: 'received', stage: 'intake' },
        to: { status: 'in_review', stage: 'check' },
      },
    ])
    expect((await officer.decide('no-such-case', 1, { decision: 'accept' })).status).toBe(404)
    const foreignPage = await world.request(`/v1/admin/cases/${submission}/decisions`, { method: 'POST', headers: { Origin: foreign }, body: '{}' })
    expect(foreignPage.status).toBe(403)
  })

  it('is decided by other eyes where its stage asks for them', async () => {
    await world.offer(movingDefinition((definition) => Object.assign(definition.stages?.[2] ?? {}, { fourEyes: true })))
    const { submission } = await receive(world, {}, { version: 2 })
    await decideAs('user:a', submission, 1, 'accept')
    await expect(decideAs('user:a', submission, 2, 'approve')).rejects.toMatchObject({ status: 403, code: 'four-eyes' })
    // Asking the citizen decides nothing.
    await decideAs('user:a', submission, 2, 'send_back')
    expect(await decideAs('user:b', submission, 3, 'approve')).toMatchObject({ status: 'approved', stage: 'pay' })
  })

  it('of a service without stages is decided in one step', async () => {
    await world.offer(
      movingDefinition((definition) => {
        definition.stages = []
        definition.routes = []
      }),
    )
    const { submission } = await receive(world, {}, { version: 2 })
    expect(await open(submission)).toMatchObject({ stage: null, dueAt: null, offers: ['approve', 'reject', 'send_back'] })
    expect(await decideAs('user:a', submission, 1, 'reject')).toMatchObject({ status: 'rejected', closedAt: '2026-01-05T08:00:00.000Z' })
  })

  it('keeps what officers write under the same lock as the answers', async () => {
    await world.offer(movingDefinition(), {})
    const { submission } = await receive(world, {}, { version: 2 })
    await officer.decide(submission, 1, { decision: 'ask_more', note: 'A word that no disk may hold' })
    expect((await open(submission)).history[0]?.note).toBe('A word that no disk may hold')
    expect(world.disk()).not.toContain('A word that no disk may hold')
    expect(world.log.join('\n')).not.toContain('A word that no disk may hold')
  })

  it('that was decided by its route is over', async () => {
    await world.offer(movingDefinition((definition) => Object.assign(definition, { routes: [{ to: 'auto_approve' }] })))
    const { submission } = await receive(world, {}, { version: 2 })
    expect(await open(submission)).toMatchObject({ status: 'approved', closedAt: '2026-01-05T08:00:00.000Z', stage: null, offers: [] })
  })
})

describe('the list', () => {
  const list = async (query: string) => {
    const response = await officer.get(`/v1/admin/cases${query}`)
    const said = await response.json()
    return { status: response.status, errors: said.errors, next: said.next as string | null, cases: (said.cases ?? []) as unknown as CaseLine[] }
  }

  it('goes page by page, and holds nothing of what was sent in', async () => {
    const sent = []
    for (let i = 0; i < 5; i++) {
      world.setTime(`2026-01-05T08:0${i}:00.000Z`)
      sent.push((await receive(world)).submission)
    }
    await officer.decide(sent[2] as string, 1, { decision: 'accept' })
    const first = await list('?limit=2')
    const second = await list(`?limit=2&after=${encodeURIComponent(first.next ?? '')}`)
    const third = await list(`?limit=2&after=${encodeURIComponent(second.next ?? '')}`)
    expect([first, second, third].flatMap(({ cases }) => cases.map(({ submission }) => submission))).toEqual(sent.toReversed())
    expect(third.next).toBeNull()
    expect((await list('?status=in_review')).cases).toMatchObject([{ submission: sent[2], stage: 'check', revision: 2 }])
    expect((await list('?service=library-card&stage=intake')).cases).toHaveLength(4)
    expect((await list('?service=library-card&stage=check&status=in_review')).cases).toHaveLength(1)
    expect((await list('?service=nothing')).cases).toEqual([])
    expect(JSON.stringify(first)).not.toContain('Okafor')
  })

  it.each([
    ['?status=lost', '/status'],
    ['?stage=intake', '/service'],
    ['?limit=0', '/limit'],
    ['?limit=201', '/limit'],
    ['?limit=x', '/limit'],
    ["?after=' OR 1=1 --", '/after'],
  ])('refuses %s', async (query, pointer) => {
    expect(await list(query)).toMatchObject({ status: 400, errors: [{ pointer }] })
  })
})

describe('a file', () => {
  it('is handed out to be saved, as what it is, and the audit log hears of it first', async () => {
    const name = 'ID \u202efdp.exe "quoted" φωτο.pdf'
    const upload = await world.request(`/v1/services/city/library-card/attachments?target=student_id&name=${encodeURIComponent(name)}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/pdf' },
      body: pdf,
    })
    const { id } = await upload.json()
    const { submission } = await receive(world, { student: true, school: 'Polytechnic' }, { documents: { student_id: [id] } })
    const other = await receive(world)
    expect((await open(submission)).attachments).toMatchObject([{ id, target: 'student_id', type: 'application/pdf', size: pdf.byteLength }])
    const response = await officer.get(`/v1/admin/cases/${submission}/attachments/${id}`)
    expect(response.status).toBe(200)
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(pdf)
    const header = (name: string) => response.headers.get(name)
    expect(header('content-type')).toBe('application/pdf')
    expect(header('content-disposition')).toBe(
      'attachment; filename="ID fdp.exe _quoted_ ____.pdf"; filename*=UTF-8\'\'ID%20fdp.exe%20_quoted_%20%CF%86%CF%89%CF%84%CE%BF.pdf',
    )
    expect([header('x-content-type-options'), header('cache-control')]).toEqual(['nosniff', 'no-store'])
    expect(header('content-security-policy')).toMatch(/default-src 'none'.*sandbox/)
    expect(await audited('attachment.read')).toMatchObject([{ object: `attachment:${id}`, details: { submission } }])
    for (const path of [`${other.submission}/attachments/${id}`, `${submission}/attachments/nothing`])
      expect((await officer.get(`/v1/admin/cases/${path}`)).status).toBe(404)
    expect(await audited('attachment.read')).toHaveLength(1)
  })
})

describe('whoever has the code', () => {
  const follow = async (reference: string, language = 'en') => {
    const response = await world.request(`/v1/status?lang=${language}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ reference }),
    })
    return (await response.json()) as unknown as StatusView
  }
  const page = async (reference: string, language: string) => {
    const response = await world.request(`/status?lang=${language}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: own, 'Sec-Fetch-Site': 'same-origin' },
      body: new URLSearchParams({ reference }).toString(),
    })
    return response.text()
  }
  const states = ({ stages }: StatusView) => stages.map(({ state }) => state)

  it('sees where it stands, until when, what was decided and why', async () => {
    const { submission, reference } = await receive(world)
    expect(await follow(reference)).toMatchObject({ status: 'received', stage: { id: 'intake' }, dueAt: '2026-01-08T21:59:59.999Z' })
    await officer.decide(submission, 1, { decision: 'ask_more', note: 'Which <b>school</b>?' })
    const asked = await follow(reference, 'el')
    expect(asked).toMatchObject({ status: 'waiting', decision: { id: 'ask_more', at: '2026-01-05T08:00:00.000Z', reason: 'Which <b>school</b>?' } })
    expect(asked.dueAt).toBeUndefined()
    const shown = await page(reference, 'el')
    expect(shown).toContain('Αναμένεται απάντησή σας')
    expect(shown).toContain('Which &lt;b&gt;school&lt;/b&gt;?')
    await officer.decide(submission, 2, { decision: 'accept' })
    const checked = await follow(reference)
    expect([checked.stage?.label, states(checked)]).toEqual(['Check', ['done', 'skipped', 'current', 'ahead', 'ahead']])
    await officer.decide(submission, 3, { decision: 'approve' })
    await officer.decide(submission, 4, { decision: 'accept' })
    const over = await follow(reference)
    expect(over).toMatchObject({ status: 'approved', closedAt: '2026-01-05T08:00:00.000Z' })
    expect([over.stage, over.decision?.reason, states(over)]).toEqual([undefined, undefined, ['done', 'skipped', 'done', 'done', 'done']])
  })

  it('sees a refusal with its reason, and what was not needed any more', async () => {
    const { submission, reference } = await receive(world)
    await officer.decide(submission, 1, { decision: 'refuse', note: 'Η κάρτα υπάρχει ήδη.' })
    const refused = await follow(reference)
    expect(refused).toMatchObject({ status: 'refused', decision: { id: 'refuse', reason: 'Η κάρτα υπάρχει ήδη.' } })
    expect(states(refused)).toEqual(['done', 'skipped', 'skipped', 'skipped', 'skipped'])
    expect(await page(reference, 'hu')).toContain('Nem fogadtuk be')
  })

  it('sees the reason and the remedy of the route that decided, in their language', async () => {
    await world.offer(
      movingDefinition((definition) => {
        const reason = { en: 'Not a resident', el: 'Δεν είστε κάτοικος' }
        definition.routes = [{ to: 'auto_reject', reason, remedy: { en: 'Object within 30 days', el: 'Ένσταση εντός 30 ημερών' } }]
      }),
    )
    const { reference } = await receive(world, {}, { version: 2 })
    expect(await follow(reference, 'el')).toMatchObject({ status: 'rejected', decision: { reason: 'Δεν είστε κάτοικος', remedy: 'Ένσταση εντός 30 ημερών' } })
    expect(await page(reference, 'en')).toContain('Object within 30 days')
  })
})
