import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { purgeUploads } from '../files/upload.ts'
import { createWorld, foreign, pdf, type World } from '../testing/world.ts'
import { largestDraft } from './drafts.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
  await world.offer()
})
afterEach(() => world.close())

const id = createHash('sha256').update('one').digest('base64url')
const address = (of = id) => `/v1/services/city/library-card/drafts/${of}`
const sealed = Buffer.from('sealed by the browser').toString('base64url')
const put = (headers: Record<string, string>, more: object = {}, options: { id?: string; client?: string } = {}) =>
  world.request(address(options.id), {
    method: 'PUT',
    client: options.client,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ version: 1, content: sealed, attachments: [], ...more }),
  })
const make = (more: object = {}, options: { id?: string; client?: string } = {}) => put({ 'If-None-Match': '*' }, more, options)
const open = (of = id) => world.request(address(of))

describe('a draft', () => {
  it('is saved, opened, saved again and deleted', async () => {
    const made = await make()
    expect([made.status, made.headers.get('etag')]).toEqual([200, '"1"'])
    expect(await made.json()).toEqual({ revision: 1, expiresAt: '2026-02-04T08:00:00.000Z' })
    const first = await open()
    expect([first.headers.get('etag'), first.headers.get('cache-control')]).toEqual(['"1"', 'no-store'])
    expect(await first.json()).toEqual({ version: 1, revision: 1, expiresAt: '2026-02-04T08:00:00.000Z', content: sealed })

    world.setTime('2026-01-10T08:00:00Z')
    const other = Buffer.from('later').toString('base64url')
    expect(await (await put({ 'If-Match': '"1"' }, { content: other, version: 2 })).json()).toEqual({ revision: 2, expiresAt: '2026-02-09T08:00:00.000Z' })
    expect(await (await open()).json()).toMatchObject({ version: 2, revision: 2, content: other })

    expect((await world.request(address(), { method: 'DELETE' })).status).toBe(204)
    expect((await world.request(address(), { method: 'DELETE' })).status).toBe(204)
    expect((await open()).status).toBe(404)
  })

  it('is never overwritten by whoever has not seen the last save', async () => {
    await make()
    const wrong: Record<string, string>[] = [{ 'If-None-Match': '*' }, { 'If-Match': '"2"' }, { 'If-Match': '*' }, { 'If-Match': 'W/"1"' }]
    for (const headers of wrong) {
      const refused = await put(headers, { content: 'AAAA' })
      expect([refused.status, (await refused.json()).type]).toEqual([412, 'https://guichet.dev/problems/stale'])
    }
    expect((await put({})).status).toBe(428)
    expect(await (await open()).json()).toMatchObject({ revision: 1, content: sealed })
  })

  it('is kept under a digest: neither the id nor a code is on disk', async () => {
    await make()
    expect(world.disk()).toContain('sealed by the browser')
    expect(world.disk()).not.toContain(id)
    expect(world.log.join('')).not.toContain(id)
  })

  it('gives the same answer to an id that never was, to one that is gone, and to what is no id', async () => {
    await make()
    await world.request(address(), { method: 'DELETE' })
    const never = createHash('sha256').update('never').digest('base64url')
    const answers = await Promise.all([open(never), open(), open('K7QF')].map(async (answer) => [(await answer).status, await (await answer).text()]))
    expect(answers[0]?.[0]).toBe(404)
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).toEqual(answers[0])
  })

  it('belongs to one service of one agency', async () => {
    await world.offer(undefined, undefined, 'town')
    await make()
    expect((await world.request(`/v1/services/town/library-card/drafts/${id}`)).status).toBe(404)
  })

  it('is over after its time, and the files it held go with it', async () => {
    const upload = await world.request('/v1/services/city/library-card/attachments?target=student_id&name=card.pdf', {
      method: 'POST',
      headers: { 'Content-Type': 'application/pdf' },
      body: pdf,
    })
    const attachment = (await upload.json()).id
    const agency = world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
    await make({ attachments: [attachment] })
    world.setTime('2026-02-03T08:00:00Z')
    expect(await purgeUploads(world.adapters, 48)).toBe(0)
    expect(await agency.attachments([attachment])).toHaveLength(1)
    world.setTime('2026-02-04T08:00:00Z')
    expect((await open()).status).toBe(404)
    world.setTime('2026-02-04T08:00:01Z')
    await purgeUploads(world.adapters, 48)
    expect(await agency.attachments([attachment])).toEqual([])
    // Really gone, and not merely too old to be shown.
    world.setTime('2026-02-01T08:00:00Z')
    expect((await open()).status).toBe(404)
  })

  it('has a limit in size, in files and in shape', async () => {
    const just = Buffer.alloc(largestDraft).toString('base64url')
    expect((await make({ content: just })).status).toBe(200)
    expect((await put({ 'If-Match': '"1"' }, { content: `${just}AA` })).status).toBe(400)
    expect((await put({ 'If-Match': '"1"' }, { content: just.repeat(2) })).status).toBe(413)
    for (const wrong of [{ content: 'not base64!' }, { content: '' }, { attachments: ['../x'] }, { attachments: Array(201).fill('a'.repeat(26)) }, { more: 1 }])
      expect((await put({ 'If-Match': '"1"' }, wrong)).status, JSON.stringify(wrong).slice(0, 80)).toBe(400)
  })

  it('is made, saved and looked for only so often by one client', async () => {
    const other = (i: number) => createHash('sha256').update(`n${i}`).digest('base64url')
    for (let i = 0; i < 60; i++) expect((await make({}, { id: other(i), client: '198.51.100.1' })).status).toBe(200)
    const refused = await make({}, { id: other(60), client: '198.51.100.1' })
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60'])
    expect((await put({ 'If-Match': '"1"' }, {}, { id: other(0), client: '198.51.100.1' })).status).toBe(200)
    expect((await make({}, { id: other(60), client: '198.51.100.2' })).status).toBe(200)
    let last = 0
    for (let i = 0; i < 241; i++) last = (await open(other(1000 + i))).status
    expect(last).toBe(429)
  })

  it('is for the pages that may embed the service, and no others', async () => {
    const preflight = await world.request(address(), {
      method: 'OPTIONS',
      headers: { Origin: foreign, 'Access-Control-Request-Method': 'PUT', 'Access-Control-Request-Headers': 'content-type,if-match' },
    })
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, foreign])
    expect(preflight.headers.get('access-control-allow-methods')).toBe('PUT, GET, DELETE')
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/If-Match, If-None-Match/)
    const evil = await put({ 'If-None-Match': '*', Origin: 'https://evil.example' })
    expect([evil.status, evil.headers.get('access-control-allow-origin')]).toEqual([403, null])
    expect((await open()).status).toBe(404)
  })
})
