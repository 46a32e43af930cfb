import { createPublicKey, verify } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { attachmentBox } from '../files/attachment.ts'
import { filePath } from '../files/files.ts'
import { KeyGone } from '../keys/seal-box.ts'
import type { AgencyStore } from '../store/store.ts'
import { movingDefinition, type Officer, officerOf, receive } from '../testing/cases.ts'
import { createWorld, pdf, type TestResponse, type World } from '../testing/world.ts'
import { resumeErasures, takeExport } from './approvals.ts'
import { keepRetention } from './retention.ts'
import { shred } from './shred.ts'
import type { Retention } from './terms.ts'

let world: World
let ada: Officer
let agency: AgencyStore
const sealed = { rules: { rate: { submissionsPerHour: 10_000, uploadsPerHour: 10_000 }, 'four-eyes': { export: false, erasure: true } } }
const reason = 'Wanted by the person it is about'

beforeEach(async () => {
  world = await createWorld()
  await world.offer(movingDefinition(), sealed)
  ada = await officerOf(world)
  agency = world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
})
afterEach(() => world.close())

const post = (path: string, body: object) => ada.send('POST', path, body)
const withFile = async () => {
  const uploaded = await world.request('/v1/services/city/library-card/attachments?target=student_id&name=a.pdf', {
    method: 'POST',
    headers: { 'Content-Type': 'application/pdf' },
    body: pdf,
  })
  const { id } = await uploaded.json()
  return { ...(await receive(world, { student: true, school: 'Polytechnic' }, { documents: { student_id: [id] } })), file: id }
}
/** Somebody else of the agency, without a browser: what they decide goes through the same function as the route. */
const ben = { actor: 'user:ben', at: '2026-01-05T08:00:00.000Z' }
const decide = async (id: string, allowed = true, by = ben) => {
  const { decideApproval } = await import('./approvals.ts')
  return decideApproval(world.adapters, world.config, agency, id, allowed, by)
}
const code = async (answer: TestResponse) =>
  `${answer.status} ${String((await answer.json()).type)
    .split('/')
    .at(-1)}`
interface Asked {
  approval: { id: string; reason: string | null; state: string }
  certificate: string | null
}
const idOf = async (answer: TestResponse) => ((await answer.json()) as unknown as Asked).approval.id
const refused = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error) => error.code,
  )

describe('erasing a case', () => {
  it('takes somebody else, and then opens it nowhere, with its files; others open', async () => {
    const [gone, kept] = [await withFile(), await withFile()]
    const row = (await agency.attachments([gone.file]))[0]!
    const before = await agency.submission(gone.submission)
    const asked = await post(`/v1/admin/cases/${gone.submission}/erasure`, { reason })
    expect(asked.status).toBe(202)
    const { approval: request, certificate: none } = (await asked.json()) as unknown as Asked
    expect([request.reason, none]).toEqual([reason, null])
    const { id } = request
    expect(await code(await post(`/v1/admin/approvals/${id}/decision`, { decision: 'approve' }))).toBe('403 approval-own')
    expect(await code(await post(`/v1/admin/cases/${gone.submission}/erasure`, { reason }))).toBe('409 approval-open')
    expect((await ada.get(`/v1/admin/cases/${gone.submission}`)).status).toBe(200)

    const { approval, certificate } = await decide(id)
    expect(approval).toMatchObject({ state: 'done', reason: null, requestedBy: `user:${ada.user}`, decidedBy: 'user:ben' })
    expect((await ada.get(`/v1/admin/cases/${gone.submission}`)).status).toBe(404)
    expect((await ada.get(`/v1/admin/cases/${kept.submission}`)).status).toBe(200)
    expect((await ada.get(`/v1/admin/cases/${kept.submission}/attachments/${kept.file}`)).status).toBe(200)
    expect([gone.file, kept.file].map((file) => existsSync(join(world.folder, 'files', filePath(agency.id, file))))).toEqual([false, true])
    // Whoever has the rows from a backup.
    const { caseBox } = await import('../cases/case-box.ts')
    expect(() => caseBox(world.adapters, agency.id, before!)).toThrow('erased')
    expect(() => attachmentBox(world.adapters, agency.id, row)).toThrow('erased')
    expect(() => world.adapters.keys.kek(agency.id, '2026-01').wrapping(`city|library-card|${gone.submission}`)).toThrow(KeyGone)

    const list = (await (await ada.get('/v1/admin/certificates')).json()) as unknown as { certificates: object[] }
    expect(list.certificates).toEqual([expect.objectContaining({ id: certificate, kind: 'case', cases: 1, ready: true })])
    const jws = await (await ada.get(`/v1/admin/certificates/${certificate}`)).text()
    const [head, payload, signature] = jws.split('.') as [string, string, string]
    const [key] = world.adapters.keys.publicKeys
    expect(verify(null, Buffer.from(`${head}.${payload}`), createPublicKey({ key: key as never, format: 'jwk' }), Buffer.from(signature, 'base64url'))).toBe(
      true,
    )
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({
      agency: 'city',
      kind: 'case',
      cases: 1,
      files: 1,
      keys: [{ month: '2026-01', count: 2, whole: false }],
      grounds: { submission: gone.submission, requestedBy: `user:${ada.user}`, approvedBy: 'user:ben', policy: { people: 2 } },
    })
    expect((await agency.auditEvents(0, 500)).map(({ action }) => action)).toEqual(
      expect.arrayContaining(['approval.requested', 'approval.given', 'submission.erased', 'keys.destroyed']),
    )
  })

  it('does nothing when it is refused, late, or not for a reason', async () => {
    const { submission } = await receive(world)
    const ask = async () => idOf(await post(`/v1/admin/cases/${submission}/erasure`, { reason }))
    expect((await decide(await ask(), false)).approval).toMatchObject({ state: 'refused', reason: null })
    const second = await ask()
    world.setTime('2026-01-13T08:00:00.000Z')
    await ada.renew()
    expect(await refused(decide(second, true, { ...ben, at: '2026-01-13T08:00:00.000Z' }))).toBe('approval-closed')
    const list = (await (await ada.get('/v1/admin/approvals')).json()) as unknown as { approvals: { state: string }[] }
    expect(list.approvals.map(({ state }) => state).sort()).toEqual(['expired', 'refused'])
    expect((await post(`/v1/admin/cases/${submission}/erasure`, { reason: ' ' })).status).toBe(422)
    expect((await post('/v1/admin/cases/none/erasure', { reason })).status).toBe(404)
    expect((await ada.get(`/v1/admin/cases/${submission}`)).status).toBe(200)
  })

  it('is forbidden by a hold, which takes two people to lift, and keeps its reason sealed', async () => {
    const { submission } = await receive(world)
    const first = await idOf(await post(`/v1/admin/cases/${submission}/erasure`, { reason }))
    expect((await post(`/v1/admin/cases/${submission}/hold`, { reason: 'Court of X' })).status).toBe(201)
    expect(world.disk()).not.toContain('Court of X')
    expect(await refused(decide(first))).toBe('held')
    expect(await code(await post(`/v1/admin/cases/${submission}/erasure`, { reason }))).toBe('409 held')
    expect(await code(await post(`/v1/admin/cases/${submission}/hold`, { reason }))).toBe('409 held')
    expect(await (await ada.get(`/v1/admin/cases/${submission}/hold`)).json()).toEqual({
      hold: { reason: 'Court of X', setBy: `user:${ada.user}`, setAt: '2026-01-05T08:00:00.000Z' },
    })
    const lift = (await (await post(`/v1/admin/cases/${submission}/hold/release`, { reason: 'Ended' })).json()).id
    expect(await code(await post(`/v1/admin/approvals/${lift}/decision`, { decision: 'approve' }))).toBe('403 approval-own')
    expect((await decide(lift)).approval.state).toBe('done')
    expect(await (await ada.get(`/v1/admin/cases/${submission}/hold`)).json()).toEqual({ hold: null })
    expect((await post(`/v1/admin/cases/${submission}/erasure`, { reason })).status).toBe(202)
  })

  it('goes on where it was broken off: before the rows are gone, and before the keys are', async () => {
    const [one, two] = [await receive(world), await withFile()]
    const id = await idOf(await post(`/v1/admin/cases/${one.submission}/erasure`, { reason }))
    await agency.decideApproval(id, 'approved', ben)
    // The server stopped here. Keys of the second are put down, and were not destroyed.
    const details = { service: 'library-card', policy: { after: 'received' as const, months: 1 } }
    const { erasableOf } = await import('./erase-cases.ts')
    const erasable = await erasableOf(agency, { id: two.submission, service: 'library-card', bucket: '2026-01' })
    await agency.eraseCases({ id: 'c', kind: 'retention', at: ben.at, details }, [erasable], null, ben)
    expect((await ada.get('/v1/admin/certificates/c')).status).toBe(404)
    await resumeErasures(world.adapters, world.config, agency, new Date(ben.at))
    expect([await agency.submission(one.submission), (await agency.approval(id))?.state, await agency.shreds()]).toEqual([null, 'done', []])
    expect((await ada.get('/v1/admin/certificates/c')).status).toBe(200)
    for (const owner of [`city|library-card|${one.submission}`, `city|library-card|${two.submission}`, `city|library-card|attachment ${two.file}`])
      expect(() => world.adapters.keys.kek(agency.id, '2026-01').wrapping(owner)).toThrow(KeyGone)
  })

  it('is done at once where the policy says that one person is enough; an export asks for two where it says so', async () => {
    const { submission } = await receive(world)
    await world.offer(movingDefinition(), { rules: { ...sealed.rules, 'four-eyes': { export: true, erasure: false } } })
    const exported = () => ada.get('/v1/admin/services/library-card/export.csv?purpose=report')
    expect(await code(await exported())).toBe('403 approval-missing')
    const id = (await (await post('/v1/admin/services/library-card/export-approval', { purpose: 'report' })).json()).id
    await decide(id)
    expect((await exported()).status).toBe(200)
    expect(await code(await exported())).toBe('403 approval-missing')
    const done = (await (await post(`/v1/admin/cases/${submission}/erasure`, { reason })).json()) as unknown as Asked
    expect(done.approval).toMatchObject({ state: 'done', decidedBy: 'policy' })
    expect(await agency.submission(submission)).toBeNull()
    const jws = await (await ada.get(`/v1/admin/certificates/${done.certificate}`)).text()
    expect(JSON.parse(Buffer.from(jws.split('.')[1] as string, 'base64url').toString()).grounds.policy).toEqual({ people: 1 })
  })

  it('lets an export that two people agreed on be taken once', async () => {
    await receive(world)
    const asked = await post('/v1/admin/services/library-card/export-approval', { purpose: 'Yearly report' })
    const { id } = await asked.json()
    const by = { actor: `user:${ada.user}`, at: ben.at }
    expect(await refused(takeExport(agency, 'library-card', by))).toBe('approval-missing')
    await decide(id)
    expect(await refused(takeExport(agency, 'library-card', by))).toBe('done')
    expect(await refused(takeExport(agency, 'library-card', by))).toBe('approval-missing')
    expect((await post('/v1/admin/services/none/export-approval', { purpose: 'x' })).status).toBe(404)
  })
})

describe('retention', () => {
  const keep = (retention: Retention | null) => keepRetention(world.adapters, world.config, () => retention)

  it('destroys what is old enough and not held, and the whole key when nothing of its month is left', async () => {
    const [one, held] = [await withFile(), await receive(world)]
    await post(`/v1/admin/cases/${held.submission}/hold`, { reason: 'Court' })
    world.setTime('2026-02-10T08:00:00.000Z')
    const later = await receive(world)
    world.setTime('2026-03-05T07:59:00.000Z')
    expect(await keep({ after: 'received', months: 2 })).toBe(0)
    world.setTime('2026-03-05T08:01:00.000Z')
    expect(await keep(null)).toBe(0)
    expect(await keep({ after: 'received', months: 2 })).toBe(1)
    expect((await agency.submissions()).map(({ id }) => id)).toEqual([held.submission, later.submission])
    expect(existsSync(join(world.folder, 'files', filePath(agency.id, one.file)))).toBe(false)
    const state = () => world.adapters.keys.months('city').find(({ bucket }) => bucket === '2026-01')
    expect(state()).toMatchObject({ destroyed: false })
    await ada.renew()
    const lift = (await (await post(`/v1/admin/cases/${held.submission}/hold/release`, { reason: 'Ended' })).json()).id
    await decide(lift, true, { ...ben, at: '2026-03-05T08:01:00.000Z' })
    expect(await keep({ after: 'received', months: 2 })).toBe(1)
    expect(state()).toMatchObject({ destroyed: true })
    expect((await agency.certificates(10)).map(({ kind, cases, jws }) => [kind, cases, jws !== null])).toEqual([
      ['retention', 1, true],
      ['retention', 1, true],
    ])
    expect((await ada.get(`/v1/admin/cases/${later.submission}`)).status).toBe(200)
  })

  it('is what the policy says', async () => {
    await receive(world)
    world.setTime('2026-03-05T08:00:00.001Z')
    expect(await keepRetention(world.adapters, world.config)).toBe(0)
    await world.offer(movingDefinition(), { rules: { ...sealed.rules, retention: { after: 'received', months: 2 } } })
    expect(await keepRetention(world.adapters, world.config)).toBe(1)
  })

  it('counts from the closing where the policy says so', async () => {
    const [open, closed] = [await receive(world), await receive(world)]
    await ada.decide(closed.submission, 1, { decision: 'refuse', note: 'No.' })
    world.setTime('2027-01-05T08:00:00.001Z')
    expect(await keep({ after: 'closed', months: 12 })).toBe(1)
    expect((await agency.submissions()).map(({ id }) => id)).toEqual([open.submission])
  })

  it('never destroys the key of a month because of a clock or an empty database', async () => {
    await receive(world)
    world.setTime('2036-01-05T08:00:00.000Z')
    // Nothing was deleted in this run, so no key is looked at.
    await shred(world.adapters, world.config, agency)
    expect(await keep(null)).toBe(0)
    expect(world.adapters.keys.months('city').find(({ bucket }) => bucket === '2026-01')).toMatchObject({ destroyed: false })
    const early = { ...world.adapters, lived: { before: async () => '2026-01-05T00:00:00.000Z' as never, apart: () => 0 } }
    expect(await keepRetention(early, world.config, () => ({ after: 'received', months: 1 }))).toBe(0)
  })
})
