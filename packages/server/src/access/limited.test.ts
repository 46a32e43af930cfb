import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decide } from '../cases/decide.ts'
import { exportCases } from '../cases/export/export-cases.ts'
import { handOutAttachment } from '../cases/hand-out-attachment.ts'
import { listCases } from '../cases/list-cases.ts'
import { openCase } from '../cases/open-case.ts'
import { Refused } from '../problem.ts'
import { type AgencyStore, Conflict } from '../store/store.ts'
import { movingDefinition, officerOf, receive } from '../testing/cases.ts'
import { reading } from '../testing/reading.ts'
import { createWorld, pdf, plainPolicy, type World } from '../testing/world.ts'
import { limitedTo } from './limited.ts'
import type { Reach } from './may.ts'

let world: World
let whole: AgencyStore
/** Cases by the service and the stage they stand at. */
const at: Record<string, string> = {}
let attachment = ''
const by = { actor: 'user:test', at: '2026-01-05T08:00:00.000Z' }

/** The second service's stages are of other units, and one stage of it is of a unit under a condition. */
const permit = () =>
  movingDefinition((definition) => {
    definition.id = 'permit'
    definition.agency.units = { ...definition.agency.units, front: { en: 'Front', el: 'F' } }
    definition.routes = [{ to: 'intake' }]
    definition.stages = [
      { id: 'intake', label: { en: 'I', el: 'I' }, unit: 'front', decisions: ['accept', 'refuse'] },
      { id: 'school', label: { en: 'S', el: 'S' }, units: [{ unit: 'desk' }], decisions: ['approve'] },
      { id: 'done', label: { en: 'D', el: 'D' } },
    ]
  })

beforeAll(async () => {
  world = await createWorld()
  await world.offer(movingDefinition(), plainPolicy)
  await world.offer(permit(), plainPolicy)
  whole = world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
  const officer = await officerOf(world)
  const send = async (service: string, answers: object = {}) => {
    const response = await world.send(
      { version: 1, language: 'en', answers: { name: 'Sam', student: false, cards: [], ...answers } },
      { service: `city/${service}` },
    )
    return (await response.json()).submission
  }
  at['library-card/intake'] = (await receive(world)).submission
  const moved = (await receive(world)).submission
  expect((await officer.decide(moved, 1, { decision: 'accept' })).status).toBe(200)
  at['library-card/check'] = moved
  at['permit/intake'] = await send('permit')
  const later = await send('permit')
  expect((await officer.decide(later, 1, { decision: 'accept' })).status).toBe(200)
  at['permit/school'] = later
  const closed = await send('permit')
  expect((await officer.decide(closed, 1, { decision: 'refuse', note: 'No.' })).status).toBe(200)
  at['permit/closed'] = closed

  const uploaded = await world.request('/v1/services/city/library-card/attachments?target=student_id&name=a.pdf', {
    method: 'POST',
    headers: { 'Content-Type': 'application/pdf' },
    body: pdf,
  })
  attachment = (await uploaded.json()).id
  at['library-card/file'] = (await receive(world, { student: true, school: 'Polytechnic' }, { documents: { student_id: [attachment] } })).submission
})
afterAll(() => world.close())

const none = { services: null, units: null }
const see = (...reach: Partial<Reach>[]) =>
  limitedTo(
    whole,
    reach.map((part) => ({ ...none, ...part })),
  )
const names = async (agency: AgencyStore, asked: Parameters<typeof listCases>[2] = {}) => {
  const seen: string[] = []
  for (let after: string | undefined; ; ) {
    const page = await listCases(world.adapters, agency, { ...asked, after, limit: '1' }, { id: 'u', now: world.adapters.clock.now() }, reading, by)
    seen.push(...page.cases.map(({ submission }) => Object.keys(at).find((name) => at[name] === submission) as string))
    if (page.next === null) return seen.sort()
    after = page.next
  }
}
const statusOf = (work: Promise<unknown>) =>
  work.then(
    () => 200,
    (error) => {
      if (error instanceof Refused) return error.status
      throw error
    },
  )

describe('cases', () => {
  it.each<[string, Partial<Reach>[], string[]]>([
    ['of one service', [{ services: ['permit'] }], ['permit/closed', 'permit/intake', 'permit/school']],
    [
      'of a unit, in whichever service; a stage may have several',
      [{ units: ['desk'] }],
      ['library-card/check', 'library-card/file', 'library-card/intake', 'permit/school'],
    ],
    ['of a unit in one service', [{ services: ['permit'], units: ['desk'] }], ['permit/school']],
    [
      'of two memberships, whose limits do not mix',
      [
        { services: ['permit'], units: ['desk'] },
        { services: ['library-card'], units: ['front'] },
      ],
      ['permit/school'],
    ],
    [
      'of a whole service and of a unit of it',
      [{ services: ['permit'], units: ['front'] }, { services: ['permit'] }],
      ['permit/closed', 'permit/intake', 'permit/school'],
    ],
    ['of no service', [{ services: [] }], []],
    ['of a unit that is none', [{ units: ['nobody'] }], []],
    ['of a service that is none', [{ services: ['nothing', 'of-another'] }], []],
  ])('%s', async (_, reach, expected) => {
    const agency = await see(...reach)
    expect(await names(agency)).toEqual(expected)
    // One by one, by their files, and in an export it is the same.
    for (const [name, id] of Object.entries(at)) {
      const mine = expected.includes(name)
      expect(await statusOf(openCase(world.adapters, agency, id, by, reading))).toBe(mine ? 200 : 404)
      expect(await agency.caseSteps(id)).toHaveLength(mine && ['library-card/check', 'permit/school', 'permit/closed'].includes(name) ? 1 : 0)
      expect(await agency.attachmentsOf(id)).toHaveLength(mine && name === 'library-card/file' ? 1 : 0)
    }
    const file = { submission: at['library-card/file'] as string, attachment }
    expect(await statusOf(handOutAttachment(world.adapters, agency, file, by, reading))).toBe(expected.includes('library-card/file') ? 200 : 404)
    expect(await agency.attachments([attachment])).toHaveLength(expected.includes('library-card/file') ? 1 : 0)
    for (const service of ['library-card', 'permit']) {
      const allowed = await agency.versions(service)
      const request = { service, format: 'jsonl' as const, purpose: 'test', byteOrderMark: false }
      if (allowed.length === 0) {
        expect(await statusOf(exportCases(world.adapters, agency, request, by, reading))).toBe(404)
        continue
      }
      const text = await new Response(await exportCases(world.adapters, agency, request, by, reading)).text()
      const rows = text.split('\n').filter(Boolean)
      expect(rows.map((row) => JSON.parse(row).submission).sort()).toEqual(
        expected
          .filter((name) => name.startsWith(`${service}/`))
          .map((name) => at[name])
          .sort(),
      )
    }
  })

  it('are listed by status and stage as well, within the limit', async () => {
    const desk = await see({ units: ['desk'] })
    expect(await names(desk, { service: 'permit', stage: 'intake' })).toEqual([])
    expect(await names(desk, { service: 'permit', stage: 'school' })).toEqual(['permit/school'])
    expect(await names(desk, { status: 'received' })).toEqual(['library-card/file', 'library-card/intake'])
    const permitOnly = await see({ services: ['permit'] })
    expect(await names(permitOnly, { service: 'library-card' })).toEqual([])
    expect(await names(permitOnly, { status: 'received' })).toEqual(['permit/intake'])
  })

  it('are decided by those who see them, and gone for them when they have moved on', async () => {
    const request = { revision: 1, decision: 'accept', actor: 'user:test', now: new Date(by.at), submission: at['permit/intake'] as string, reading }
    const front = await see({ services: ['permit'], units: ['front'] })
    const desk = await see({ services: ['permit'], units: ['desk'] })
    expect(await statusOf(decide(world.adapters, world.config, desk, request))).toBe(404)
    expect(await statusOf(decide(world.adapters, world.config, front, request))).toBe(200)
    expect([await front.submission(request.submission), (await desk.submission(request.submission))?.stage]).toEqual([null, 'school'])
    const from = (await whole.submission(request.submission))!
    const move = { from, to: from, decision: 'approve', note: null, by, outbox: [] }
    await expect(front.moveCase(move)).rejects.toThrow(Conflict)
    expect((await whole.submission(request.submission))?.revision).toBe(from.revision)
  })
})

describe('services and numbers', () => {
  it('are those of the limit', async () => {
    const mine = await see({ services: ['permit'] })
    expect((await mine.services()).map(({ id }) => id)).toEqual(['permit'])
    expect([await mine.service('library-card'), await mine.version('library-card', 1), await mine.versions('library-card')]).toEqual([null, null, []])
    expect((await mine.version('permit', 1))?.version).toBe(1)
    expect(await mine.published('library-card')).toEqual([])
    await expect(mine.saveService({ id: 'library-card', definition: {}, policy: {} }, 1, by)).rejects.toThrow(Conflict)
    await expect(mine.saveService({ id: 'new-one', definition: {}, policy: {} }, null, by)).rejects.toThrow(Conflict)
    await expect(mine.submissions()).rejects.toThrow()
    const days = await mine.daily('2026-01-01', '2026-01-31')
    expect(new Set(days.map(({ service }) => service))).toEqual(new Set(['permit']))
    const desk = await see({ units: ['desk'] })
    expect(await desk.daily('2026-01-01', '2026-01-31')).toEqual([])
  })

  it('are everything without a limit: the same object, at no cost', async () => {
    expect(await limitedTo(whole, 'everything')).toBe(whole)
    expect(new Set((await whole.daily('2026-01-01', '2026-01-31')).map(({ service }) => service))).toEqual(new Set(['', 'library-card', 'permit']))
  })
})
