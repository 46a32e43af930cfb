import { compactVerify, createLocalJWKSet } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findBreak } from '../audit/chain.ts'
import { readCode } from '../codes.ts'
import { canonical, digestOf } from '../digest.ts'
import { listOf } from '../files/files-suite.ts'
import type { AgencyStore } from '../store/store.ts'
import { answersOf, createWorld, definitionOf, foreign, newKey, pdf, plainPolicy, png, type World } from '../testing/world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
  await world.offer()
})
afterEach(() => world.close())

const city = async () => world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
const upload = (bytes: Uint8Array<ArrayBuffer>, type: string, { target = 'student_id', name = 'card.pdf' } = {}) =>
  world.request(`/v1/services/city/library-card/attachments?${new URLSearchParams({ target, name })}`, {
    method: 'POST',
    headers: { 'Content-Type': type },
    body: bytes,
  })

describe('the whole road', () => {
  it('answers 201 with what follows from the answers, and the case is found again by its code', async () => {
    const file = await upload(pdf, 'application/pdf')
    expect(file.status).toBe(201)
    const { id } = await file.json()
    expect(id).toMatch(/^[0-9a-z]{26}$/)

    const response = await world.send({
      ...answersOf({ student: true, school: 'Polytechnic', cards: [{ holder: 'Ada' }] }),
      documents: { student_id: [id] },
    })
    expect(response.status).toBe(201)
    const body = await response.json()
    expect(body).toMatchObject({
      receivedAt: '2026-01-05T08:00:00.000Z',
      documents: [{ id: 'student_id', copies: 1 }],
      computed: { cards_total: 2 },
      fee: { lines: [{ id: 'card', amount: 500, refundable: false }], total: 500 },
      route: { to: 'check', reason: { en: 'Students are checked' } },
    })
    expect(readCode(body.reference)).toHaveLength(26)

    const status = await world.request('/v1/status', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ reference: ` ${body.reference.toLowerCase().replaceAll('-', ' ').replaceAll('1', 'l').replaceAll('0', 'o')} ` }),
    })
    expect(status.status).toBe(200)
    expect(await status.json()).toEqual({
      agency: 'city',
      service: 'library-card',
      title: 'Get a library card',
      language: 'en',
      submission: body.submission,
      receivedAt: body.receivedAt,
      status: 'received',
      stage: { id: 'check', label: 'Check', unit: 'Front desk' },
      stages: [
        { id: 'intake', label: 'Intake', state: 'skipped' },
        { id: 'check', label: 'Check', state: 'current' },
        { id: 'issue', label: 'Issue', state: 'ahead' },
      ],
      fee: body.fee,
      locale: { timeZone: 'Europe/Athens', calendar: 'gregory', currency: 'EUR', decimals: 2 },
    })
  })

  it('signs a receipt that the published keys verify and that proves the answers to their holder', async () => {
    const body = await (await world.send(answersOf())).json()
    const keys = await (await world.request('/.well-known/guichet/keys.json')).json()
    const { payload, protectedHeader } = await compactVerify(body.receipt.jws, createLocalJWKSet(keys), { algorithms: ['Ed25519'] })
    expect(protectedHeader).toMatchObject({ alg: 'Ed25519', typ: 'eservice-receipt+jws' })
    const receipt = JSON.parse(new TextDecoder().decode(payload))
    expect(receipt).toEqual(body.receipt.payload)
    const stored = { name: 'Sam Okafor', student: false, cards: [] }
    expect(receipt.answersDigest).toBe(digestOf(receipt.salt, '.', canonical(stored)))
    expect(receipt.definitionDigest).toBe(digestOf(canonical(definitionOf())))
    // The control: another answer has another digest.
    expect(receipt.answersDigest).not.toBe(digestOf(receipt.salt, '.', canonical({ ...stored, name: 'Sam' })))
    const [head, , signature] = body.receipt.jws.split('.')
    const forged = `${head}.${Buffer.from(JSON.stringify({ ...receipt, submission: 'x' })).toString('base64url')}.${signature}`
    await expect(compactVerify(forged, createLocalJWKSet(keys))).rejects.toThrow()
  })

  it('writes submission, audit event, outbox and receipt together, in a chain that holds', async () => {
    const before = await (await city()).auditEvents(0, 1000)
    const body = await (await world.send(answersOf())).json()
    const events = await (await city()).auditEvents(0, 1000)
    expect(events).toHaveLength(before.length + 1)
    expect(events.at(-1)).toMatchObject({
      action: 'submission.received',
      actor: 'citizen',
      object: `submission:${body.submission}`,
      sequence: body.receipt.payload.auditSequence,
    })
    expect(findBreak(events)).toBeNull()
    const changed = events.map((event) => (event.sequence === 2 ? { ...event, actor: 'nobody' } : event))
    expect(findBreak(changed)).toBe(2)
    expect(findBreak(events.filter((event) => event.sequence !== 2))).toBe(3)
  })
})

describe('hidden answers', () => {
  const secret = 'Polytechnic of Nowhere'
  it('never reach the disk', async () => {
    const response = await world.send({ ...answersOf({ name: 'Visible Name', student: false, school: secret, unheard: 'of such a field' }) })
    expect(response.status).toBe(201)
    const disk = world.disk()
    expect(disk).toContain('Visible Name')
    expect(disk).not.toContain(secret)
    expect(disk).not.toContain('of such a field')
  })

  it('nor does any answer in the clear when the policy seals', async () => {
    await world.offer(definitionOf(), { rules: { encryption: { mode: 'at-rest' } } })
    const response = await world.send({ ...answersOf({ name: 'Sealed Name' }), version: 2 })
    expect(response.status).toBe(201)
    const { reference, receipt } = await response.json()
    const disk = world.disk()
    for (const text of ['Sealed Name', reference, readCode(reference)!, receipt.jws, receipt.payload.salt]) expect(disk).not.toContain(text)
    // Sealed, not lost: the server itself opens the outcome.
    const status = await world.request('/v1/status', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ reference }) })
    expect((await status.json()).fee.total).toBe(250)
  })

  it('keeps tracking codes only as digests, whatever the policy', async () => {
    const { reference } = await (await world.send(answersOf())).json()
    const disk = world.disk()
    expect(disk).not.toContain(reference)
    expect(disk).not.toContain(readCode(reference)!)
    expect(disk).toContain(digestOf(readCode(reference)!))
  })
})

describe('refused', () => {
  it('wrong answers, with the place and a sentence in the reader’s language', async () => {
    const response = await world.request('/v1/services/city/library-card/submissions', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': newKey(), 'Accept-Language': 'el' },
      body: JSON.stringify(answersOf({ name: '', student: true, cards: [{ holder: '' }] })),
    })
    expect(response.status).toBe(422)
    expect(response.headers.get('content-type')).toMatch('application/problem+json')
    const { errors } = await response.json()
    expect(errors.map((error: { pointer: string; code: string }) => [error.pointer, error.code])).toEqual([
      ['/name', 'required'],
      ['/school', 'required'],
      ['/cards/0/holder', 'required'],
      ['/documents/student_id', 'document.missing'],
    ])
    for (const { detail } of errors) expect(detail).toMatch(/[α-ω]/)
    expect(await (await city()).submissions()).toEqual([])
  })

  it.each([
    ['no key', () => world.send(answersOf(), { key: '' }), 400, 'key-missing'],
    ['a key too short to be random', () => world.send(answersOf(), { key: 'abc' }), 400, 'key-missing'],
    ['an unknown version', () => world.send({ ...answersOf(), version: 7 }), 409, 'version'],
    ['an unknown service', () => world.send(answersOf(), { service: 'city/nothing' }), 404, 'not-found'],
    ['an unknown agency', () => world.send(answersOf(), { service: 'town/library-card' }), 404, 'not-found'],
    ['another origin', () => world.send(answersOf(), { origin: 'https://evil.example' }), 403, 'origin'],
    ['a client without an address', () => world.send(answersOf(), { client: null }), 403, 'rate'],
    ['a key of the body that does not exist', () => world.send({ ...answersOf(), extra: 1 }), 400, 'shape'],
    ['no JSON', () => world.send(null, { raw: 'name=Sam' }), 400, 'json'],
    ['deep JSON', () => world.send(null, { raw: `{"a":${'['.repeat(40)}${']'.repeat(40)}}` }), 400, 'json'],
    ['JSON so deep that a parser could fall over', () => world.send(null, { raw: '['.repeat(100_000) }), 400, 'json'],
    ['many keys', () => world.send(null, { raw: `{${Array.from({ length: 2100 }, (_, i) => `"k${i}":1`).join(',')}}` }), 400, 'json'],
    ['a large body', () => world.send(null, { raw: `"${'x'.repeat(300_000)}"` }), 413, 'too-large'],
    ['__proto__', () => world.send(null, { raw: '{"version":1,"language":"en","answers":{"__proto__":{"admin":true}}}' }), 400, 'json'],
    ['an escaped __proto__', () => world.send(null, { raw: '{"version":1,"language":"en","answers":{"\\u005f_proto__":1}}' }), 400, 'json'],
    ['a lone surrogate', () => world.send(null, { raw: '{"version":1,"language":"en","answers":{"name":"\\ud800"}}' }), 400, 'json'],
    ['a number beyond the range', () => world.send(null, { raw: '{"version":1,"language":"en","answers":{"name":1e999}}' }), 400, 'json'],
    ['invalid UTF-8', () => world.send(null, { raw: new Uint8Array([0x22, 0xff, 0x22]) }), 400, 'json'],
  ])('%s', async (_, send, status, code) => {
    const response = await send()
    const body = await response.json()
    expect([response.status, body.type]).toEqual([status, `https://guichet.dev/problems/${code}`])
    expect(body.title).not.toBe('')
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })

  it('outside the window, but a retry of what was taken inside is answered', async () => {
    await world.offer(definitionOf((definition) => (definition.window = { opens: '2026-01-05', closes: '2026-01-05' })))
    const body = { ...answersOf(), version: 2 }
    const key = newKey()
    const first = await world.send(body, { key })
    expect(first.status).toBe(201)
    // 23:59:59 in Athens, then midnight.
    world.setTime('2026-01-05T21:59:59Z')
    expect((await world.send(body)).status).toBe(201)
    world.setTime('2026-01-05T22:00:00Z')
    expect((await world.send(body)).status).toBe(403)
    const again = await world.send(body, { key })
    expect([again.status, await again.text()]).toEqual([201, await first.text()])
    world.setTime('2026-01-04T21:59:59Z')
    expect((await (await world.send(body)).json()).type).toMatch('not-open')
  })

  it('too many from one address, and not from another', async () => {
    await world.offer(definitionOf(), { rules: { rate: { submissionsPerHour: 3 } } })
    const body = { ...answersOf(), version: 2 }
    const statuses = []
    for (let i = 0; i < 4; i++) statuses.push((await world.send(body)).status)
    expect(statuses).toEqual([201, 201, 201, 429])
    expect((await world.send(body, { client: '203.0.113.8' })).status).toBe(201)
    world.setTime('2026-01-05T08:20:01.000Z')
    expect((await world.send(body)).status).toBe(201)
  })
})

describe('idempotency', () => {
  it('50 at once with one key make one submission and one answer', async () => {
    const key = newKey()
    const responses = await Promise.all(Array.from({ length: 50 }, () => world.send(answersOf(), { key })))
    const taken = await Promise.all(responses.filter((response) => response.status === 201).map((response) => response.text()))
    expect(taken.length).toBeGreaterThan(0)
    expect(new Set(taken).size).toBe(1)
    for (const response of responses) expect([201, 409]).toContain(response.status)
    expect(await (await city()).submissions()).toHaveLength(1)
    expect(await (await world.send(answersOf(), { key })).text()).toBe(taken[0])
  })

  it('what is being worked on is said to be, and when to ask again; then it is answered to the byte', async () => {
    const live = (await world.adapters.live.find('city', 'library-card')) as { agency: AgencyStore }
    const { agency } = live
    let goOn = () => {}
    const held = new Promise<void>((resolve) => (goOn = resolve))
    let recording = false
    live.agency = {
      ...agency,
      async record(entry) {
        recording = true
        await held
        return agency.record(entry)
      },
    }
    const key = newKey()
    const first = world.send(answersOf(), { key })
    await expect.poll(() => recording).toBe(true)
    const second = await world.send(answersOf(), { key })
    expect([second.status, second.headers.get('retry-after'), (await second.json()).type]).toEqual([409, '1', 'https://guichet.dev/problems/key-running'])
    // Nor is another body anything else than a refusal meanwhile.
    expect((await world.send(answersOf({ name: 'Somebody Else' }), { key })).status).toBe(422)
    goOn()
    const answer = await first
    live.agency = agency
    const again = await world.send(answersOf(), { key })
    expect([answer.status, again.status, await again.text()]).toEqual([201, 201, await answer.text()])
    expect(await (await city()).submissions()).toHaveLength(1)
  })

  it('another body with the same key is refused, the same key at another service is another key', async () => {
    const key = newKey()
    await world.send(answersOf(), { key })
    const other = await world.send(answersOf({ name: 'Somebody Else' }), { key })
    expect([other.status, (await other.json()).type]).toEqual([422, 'https://guichet.dev/problems/key-reused'])
    await world.offer(definitionOf((definition) => (definition.id = 'second-card')))
    expect((await world.send(answersOf(), { key, service: 'city/second-card' })).status).toBe(201)
  })

  it('what got no answer can be withdrawn before something else is sent instead; what had arrived is told', async () => {
    const withdraw = (key?: string) =>
      world.request('/v1/services/city/library-card/submissions/withdrawal', { method: 'POST', headers: key ? { 'Idempotency-Key': key } : {} })
    const late = newKey()
    expect((await withdraw(late)).status).toBe(204)
    expect((await withdraw(late)).status).toBe(204)
    // It was on its way all the time, and comes now.
    expect((await world.send(answersOf(), { key: late })).status).toBe(422)
    expect(await (await city()).submissions()).toHaveLength(0)

    const arrived = newKey()
    const answer = await (await world.send(answersOf(), { key: arrived })).text()
    const told = await withdraw(arrived)
    expect([told.status, await told.text()]).toEqual([200, answer])
    expect(await (await city()).submissions()).toHaveLength(1)

    // One that was refused left nothing.
    const refused = newKey()
    expect((await world.send(answersOf({ name: '' }), { key: refused })).status).toBe(422)
    expect((await withdraw(refused)).status).toBe(204)
    for (const wrong of [undefined, 'short', 'with space inside']) expect((await withdraw(wrong)).status).toBe(400)
  })

  it('a key is free again after a refusal, so that answers can be corrected', async () => {
    const key = newKey()
    expect((await world.send(answersOf({ name: '' }), { key })).status).toBe(422)
    expect((await world.send(answersOf(), { key })).status).toBe(201)
  })
})

describe('attachments', () => {
  it('are refused by content, by place, by size', async () => {
    const html = new TextEncoder().encode('<!doctype html><script>alert(1)</script>')
    for (const [response, status] of [
      [await upload(html, 'application/pdf'), 422],
      [await upload(png, 'application/pdf'), 422],
      [await upload(pdf, 'application/pdf', { target: 'nothing' }), 422],
      [await upload(pdf, 'application/pdf', { target: 'name' }), 422],
      [await upload(new Uint8Array([...pdf, ...new Uint8Array(60_000)]), 'application/pdf'), 413],
      [await upload(new Uint8Array(), 'application/pdf'), 422],
    ] as const)
      expect([response.status, response.headers.get('content-type')]).toEqual([status, 'application/problem+json; charset=utf-8'])
    // Nothing is left behind, and what fits is taken.
    expect(await listOf(world.adapters.files.putBefore((await city()).id, new Date('2100-01-01')))).toEqual([])
    expect((await upload(png, 'image/png', { name: 'card.png' })).status).toBe(201)
    expect((await upload(png, 'application/octet-stream', { name: 'card.png' })).status).toBe(201)
  })

  it('belong to one submission: not to another one, not to another place, not twice', async () => {
    const { id } = await (await upload(pdf, 'application/pdf')).json()
    const body = { ...answersOf({ student: true, school: 'Polytechnic' }), documents: { student_id: [id, id] } }
    const twice = await world.send(body)
    expect((await twice.json()).errors).toMatchObject([{ pointer: '/documents/student_id', code: 'file.twice' }])
    body.documents.student_id = [id]
    expect((await world.send(body)).status).toBe(201)
    expect((await (await world.send(body)).json()).errors).toMatchObject([{ code: 'file.missing' }])
    body.documents.student_id = ['0'.repeat(26)]
    expect((await (await world.send(body)).json()).errors).toMatchObject([{ code: 'file.missing' }])
  })

  const withPhoto = (more: object = {}) =>
    definitionOf((definition) => {
      definition.pages[0].fields.push({ id: 'photo', type: 'file', label: { en: 'Photo', el: 'Φωτογραφία' }, accept: ['png', 'pdf'], ...more })
    })
  const sendPhoto = (version: number, photo: object) => world.send({ ...answersOf({ photo: [photo] }), version })

  it('of file fields are described by our record, whatever the client says of them', async () => {
    await world.offer(withPhoto())
    const { digest: _, ...held } = await (await upload(png, 'image/png', { target: 'photo', name: 'me.png' })).json()
    const taken = await sendPhoto(2, { ...held, size: 1, type: 'application/pdf', name: 'invoice-of-somebody.pdf' })
    expect(taken.status).toBe(201)
    const { payload } = (await taken.json()).receipt
    const stored = { name: 'Sam Okafor', student: false, cards: [], photo: [{ ...held, name: 'me.png', size: png.length, type: 'image/png' }] }
    expect(payload.answersDigest).toBe(digestOf(payload.salt, '.', canonical(stored)))
    expect(world.disk()).toContain('me.png')
    expect(world.disk()).not.toContain('invoice-of-somebody')
  })

  it('of file fields are checked as they are, not as the client says they are', async () => {
    await world.offer(withPhoto())
    const held = await (await upload(png, 'image/png', { target: 'photo', name: 'me.png' })).json()
    const { id } = held
    await world.offer(withPhoto({ maxBytes: png.length - 1 }))
    expect((await (await sendPhoto(3, { id, name: 'me.png', type: 'image/png', size: 1 })).json()).errors).toMatchObject([
      { pointer: '/photo', code: 'file.tooLarge' },
    ])
    await world.offer(withPhoto({ accept: ['pdf'] }))
    expect((await (await sendPhoto(4, { id, name: 'me.pdf', type: 'application/pdf', size: png.length })).json()).errors).toMatchObject([
      { pointer: '/photo', code: 'file.wrongType' },
    ])
    // A file that came for another place is none of this one's, and nothing is said about it.
    const document = await (await upload(pdf, 'application/pdf')).json()
    const across = await sendPhoto(4, { id: document.id, name: 'x.pdf', type: 'application/pdf', size: 5 })
    expect((await across.json()).errors).toMatchObject([{ pointer: '/photo', code: 'file.missing' }])
  })

  it('are pictures of the least size that a document asks for, at upload and again when sent in', async () => {
    const asking = (least: [number, number]) =>
      definitionOf((definition) => Object.assign(definition.documents![0]!, { accept: ['png', 'pdf'], minPixels: least }))
    await world.offer(asking([2, 1]))
    const small = await upload(png, 'image/png', { name: 'card.png' })
    expect([small.status, await small.json()]).toMatchObject([
      422,
      { type: 'https://guichet.dev/problems/picture-small', title: 'This picture is too small. It must be at least 2 by 1 pixels' },
    ])
    const lying = new Uint8Array(png)
    lying[19] = 200
    expect((await (await upload(lying, 'image/png', { name: 'card.png' })).json()).type).toMatch('picture-unreadable')
    // The least size is about pictures: a scan in a PDF is taken.
    expect((await upload(pdf, 'application/pdf')).status).toBe(201)

    await world.offer(asking([1, 1]))
    const { id } = await (await upload(png, 'image/png', { name: 'card.png' })).json()
    const body = { ...answersOf({ student: true, school: 'Polytechnic' }), documents: { student_id: [id] } }
    await world.offer(asking([300, 400]), { rules: { encryption: { mode: 'at-rest' } } })
    expect((await (await world.send({ ...body, version: 4 })).json()).type).toMatch('picture-small')
    expect((await world.send({ ...body, version: 3 })).status).toBe(201)
  })

  it('of documents that are not asked for stay unclaimed and are purged after two days', async () => {
    const { purgeUploads } = await import('../files/upload.ts')
    const { id } = await (await upload(pdf, 'application/pdf')).json()
    expect((await world.send({ ...answersOf(), documents: { student_id: [id] } })).status).toBe(201)
    const [row] = await (await city()).attachments([id])
    expect(row?.submission).toBeNull()
    world.setTime('2026-01-07T07:59:00Z')
    expect(await purgeUploads(world.adapters, 48)).toBe(0)
    world.setTime('2026-01-07T08:01:00Z')
    expect(await purgeUploads(world.adapters, 48)).toBe(1)
    expect(await (await city()).attachments([id])).toEqual([])
  })

  it('are sealed on disk under at-rest, name and content, and opened again', async () => {
    await world.offer(definitionOf(), { rules: { encryption: { mode: 'at-rest' } } })
    const content = new TextEncoder().encode('%PDF-1.4 a very particular content %%EOF')
    const { id } = await (await upload(content, 'application/pdf', { name: 'a-telling-name.pdf' })).json()
    expect(world.disk()).not.toContain('very particular')
    expect(world.disk()).not.toContain('a-telling-name')
    const { reopenBox } = await import('../keys/seal-box.ts')
    const agency = await city()
    const [row] = await agency.attachments([id])
    const box = reopenBox(world.adapters.keys.kek(agency.id, row!.sealing!.bucket), row!.sealing!, `city|library-card|attachment ${id}`)
    expect(Buffer.from(await new Response(world.adapters.files.read(agency.id, id, box)).arrayBuffer()).toString()).toContain('very particular')
    expect(() => reopenBox(world.adapters.keys.kek(agency.id, row!.sealing!.bucket), row!.sealing!, `town|library-card|attachment ${id}`)).toThrow()
  })
})

describe('the tenant wall', () => {
  it('gives another agency’s things the same answer as things that do not exist', async () => {
    await world.offer(definitionOf(), plainPolicy, 'town')
    const { id } = await (await upload(pdf, 'application/pdf')).json()
    const body = { ...answersOf({ student: true, school: 'Polytechnic' }), documents: { student_id: [id] } }
    const across = await world.send(body, { service: 'town/library-card' })
    const unknown = await world.send({ ...body, documents: { student_id: ['0'.repeat(26)] } }, { service: 'town/library-card' })
    expect(await across.json()).toEqual(await unknown.json())
    expect((await world.send(body)).status).toBe(201)
    const town = world.adapters.store.agency((await world.adapters.store.findAgency('town'))!)
    expect(await town.submissions()).toEqual([])
    expect(await town.attachments([id])).toEqual([])
  })

  it('answers a wrong and an unknown code alike', async () => {
    const ask = async (reference: string) => {
      const response = await world.request('/v1/status', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ reference }),
      })
      return [response.status, await response.text()]
    }
    const wrong = await ask('hello')
    expect(wrong[0]).toBe(404)
    expect(await ask('0'.repeat(26))).toEqual(wrong)
    expect(await ask('x'.repeat(27))).toEqual(wrong)
  })
})

describe('cross-origin', () => {
  const view = (origin?: string) => world.request('/v1/services/city/library-card', { headers: origin ? { Origin: origin } : {} })
  it('lets exactly the listed origin read, and never with credentials', async () => {
    const listed = await view(foreign)
    expect(listed.status).toBe(200)
    expect(listed.headers.get('access-control-allow-origin')).toBe(foreign)
    for (const origin of ['https://www.city.example.evil', 'http://www.city.example', 'https://city.example', 'https://www.city.example:8443', 'null']) {
      const response = await view(origin)
      expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([403, null])
      expect(response.headers.get('vary')).toMatch('Origin')
    }
    const own = await view('http://127.0.0.1:8080')
    expect([own.status, own.headers.get('access-control-allow-origin')]).toEqual([200, null])
    const none = await view()
    expect([none.status, none.headers.get('vary')]).toEqual([200, expect.stringMatching('Origin')])
    for (const response of [listed, own, none]) expect(response.headers.get('access-control-allow-credentials')).toBeNull()
  })

  it('answers preflights the same way', async () => {
    const preflight = (origin: string) =>
      world.request('/v1/services/city/library-card/submissions', {
        method: 'OPTIONS',
        headers: { Origin: origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type,idempotency-key' },
      })
    const good = await preflight(foreign)
    expect([good.status, good.headers.get('access-control-allow-origin'), good.headers.get('access-control-allow-methods')]).toEqual([204, foreign, 'POST'])
    expect(good.headers.get('access-control-allow-headers')).toMatch(/idempotency-key/i)
    const bad = await preflight('https://evil.example')
    expect([bad.status, bad.headers.get('access-control-allow-origin')]).toEqual([403, null])
  })

  it('lets a page read refusals of its own submissions', async () => {
    const response = await world.send(answersOf({ name: '' }), { origin: foreign })
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([422, foreign])
  })
})

describe('the log', () => {
  it('holds no answers, codes, addresses or names of files', async () => {
    const { id } = await (await upload(pdf, 'application/pdf', { name: 'diagnosis.pdf' })).json()
    const { reference } = await (await world.send({ ...answersOf({ student: true, school: 'Canary School' }), documents: { student_id: [id] } })).json()
    await world.request('/v1/status', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ reference }) })
    await world.send(answersOf({ name: '' }))
    const log = world.log.join('\n')
    expect(log).toContain('/v1/services/:agency/:service/submissions')
    for (const secret of ['Canary School', 'Sam Okafor', 'diagnosis', reference, '203.0.113.7']) expect(log).not.toContain(secret)
  })
})
