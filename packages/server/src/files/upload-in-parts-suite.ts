/** What holds for a file that arrives in parts, wherever its bytes and its rows are. */
import { createHash } from 'node:crypto'
import type { Policy } from '@guichet/schemas'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { officerOf } from '../testing/cases.ts'
import { clockAlone } from '../testing/clock-alone.ts'
import type { TestS3 } from '../testing/s3.ts'
import { answersOf, createWorld, definitionOf, foreign, plainPolicy, type TestResponse, type World } from '../testing/world.ts'
import { listOf } from './files-suite.ts'
import { purgeUploads } from './upload.ts'
import { largestPart, leastPart } from './upload-in-parts.ts'

const service = '/v1/services/city/library-card'
const part = leastPart
/** Text that tells its place, so that parts in another order would be seen. */
const contentOf = (size: number) => Uint8Array.from({ length: size }, (_, i) => 97 + ((i * 7 + (i >> 10)) % 26))
const digestOf = (bytes: Uint8Array) => `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`
const policy = (rules: Policy['rules'] = {}): Policy => ({
  rules: { ...plainPolicy.rules, uploads: { types: ['txt', 'pdf'], maxBytes: 20_000_000, maxFiles: 50 }, ...rules },
})
const definition = definitionOf(({ documents }) => Object.assign(documents?.[0] as object, { accept: ['txt', 'pdf'], maxBytes: 10_000_000 }))

export type Place = readonly [name: string, start: () => Promise<TestS3 | null>]
export const inFolder: Place = ['a folder', async () => null]

export const uploadInPartsSuite = (places: readonly Place[]) =>
  describe.each(places)('a file in parts, kept in %s', (_, start) => {
    let s3: TestS3 | null
    let world: World
    beforeAll(async () => {
      s3 = await start()
    })
    afterAll(() => s3?.stop())
    beforeEach(async () => {
      world = await createWorld(
        s3 ? { S3_ENDPOINT: s3.place.endpoint, S3_BUCKET: s3.place.bucket, S3_ACCESS_KEY_ID: 'S3RVER', S3_SECRET_ACCESS_KEY: 'S3RVER' } : {},
      )
      await world.offer(definition, policy())
    })
    afterEach(async () => {
      // The object store outlives the world.
      for (const file of await kept()) await world.adapters.files.remove(await cityId(), file)
      await world.close()
    })

    const cityId = async () => (await world.adapters.store.findAgency('city'))!
    const city = async () => world.adapters.store.agency(await cityId())
    const kept = async () => listOf(world.adapters.files.putBefore(await cityId(), new Date('2100-01-01')))
    const begin = (size: number | null, headers: Record<string, string> = {}, { name = 'a.txt', target = 'student_id' } = {}) =>
      world.request(`${service}/attachments?${new URLSearchParams({ target, name })}`, {
        method: 'POST',
        headers: { 'Content-Type': 'text/plain', 'Upload-Complete': '?0', ...(size === null ? {} : { 'Upload-Length': String(size) }), ...headers },
      })
    const placeOf = (answer: TestResponse) => {
      expect(answer.status).toBe(201)
      return answer.headers.get('location') as string
    }
    const append = (place: string, offset: number, bytes: Uint8Array, complete: boolean, headers: Record<string, string> = {}) =>
      world.request(place, {
        method: 'PATCH',
        headers: {
          'Content-Type': 'application/partial-upload',
          'Upload-Offset': String(offset),
          'Upload-Complete': complete ? '?1' : '?0',
          'Content-Digest': digestOf(bytes),
          ...headers,
        },
        ...(bytes.length > 0 ? { body: new Uint8Array(bytes) } : {}),
      })
    const offsetOf = async (place: string) => {
      const head = await world.request(place, { method: 'HEAD' })
      return head.status === 200 ? Number(head.headers.get('upload-offset')) : head.status
    }
    /** All parts but the last, which is told that it is. */
    const send = async (place: string, content: Uint8Array, from = 0, size = part) => {
      let answer: TestResponse
      do {
        const piece = content.subarray(from, from + size)
        answer = await append(place, from, piece, from + piece.length === content.length, { 'Repr-Digest': digestOf(content) })
        from += piece.length
      } while (from < content.length && answer.status === 204)
      return answer
    }
    const claim = (id: string) => world.send({ ...answersOf({ student: true, school: 'S' }), documents: { student_id: [id] } })

    it.each([1, part - 1, part, part + 1, 5 * part, 5 * part + 17])('of %i bytes is the same as one that came in one request', async (size) => {
      const content = contentOf(size)
      const arrived = await send(placeOf(await begin(size)), content)
      expect(arrived.status).toBe(201)
      const whole = await world.request(`${service}/attachments?target=student_id&name=a.txt`, {
        method: 'POST',
        headers: { 'Content-Type': 'text/plain' },
        body: content,
      })
      const { id, ...told } = await arrived.json()
      const { id: otherId, ...other } = await whole.json()
      expect(told).toEqual(other)
      expect(told.size).toBe(size)
      // Of the parts nothing is left.
      expect((await kept()).sort()).toEqual([id, otherId].sort())
      const { submission } = await (await claim(id)).json()
      const officer = await officerOf(world)
      const handed = await officer.get(`/v1/admin/cases/${submission}/attachments/${id}`)
      expect(Buffer.from(await handed.arrayBuffer()).equals(content)).toBe(true)
    })

    it('of no bytes is refused before it begins, as it is in one request', async () => {
      expect((await begin(0)).status).toBe(422)
      expect((await begin(1)).status).toBe(201)
    })

    it('is told how it may be sent, and goes on from where it is after each part', async () => {
      const content = contentOf(3 * part)
      const begun = await begin(content.length)
      const limits = `min-append-size=${leastPart}, max-append-size=${largestPart}, max-age=172800`
      expect(begun.headers.get('upload-limit')).toBe(`max-size=10000000, ${limits}`)
      const place = placeOf(begun)
      expect(place).toMatch(/^\/v1\/services\/city\/library-card\/uploads\/[A-Za-z0-9_-]{43}$/)
      for (let at = 0; at < 2 * part; at += part) {
        const head = await world.request(place, { method: 'HEAD' })
        expect(
          Object.fromEntries(
            ['upload-offset', 'upload-length', 'upload-complete', 'upload-limit', 'cache-control'].map((name) => [name, head.headers.get(name)]),
          ),
        ).toEqual({
          'upload-offset': String(at),
          'upload-length': String(content.length),
          'upload-complete': '?0',
          'upload-limit': limits,
          'cache-control': 'no-store',
        })
        const answer = await append(place, at, content.subarray(at, at + part), false)
        expect([answer.status, answer.headers.get('upload-offset')]).toEqual([204, String(at + part)])
      }
      expect((await send(place, content, 2 * part)).status).toBe(201)
      // The answer was lost: what it has become is still told, until a submission has it.
      const looked = await (await world.request(place)).json()
      expect(looked).toMatchObject({ complete: true, offset: content.length, attachment: { name: 'a.txt', size: content.length } })
      const again = await append(place, content.length, new Uint8Array(), true)
      expect([again.status, (await again.json()).type]).toEqual([400, 'https://iana.org/assignments/http-problem-types#completed-upload'])
      await claim((looked.attachment as { id: string }).id)
      expect((await world.request(place)).status).toBe(404)
    })

    it('takes its first part with its beginning, and its end without a part', async () => {
      const content = contentOf(part + 5)
      const begun = await world.request(`${service}/attachments?target=student_id&name=a.txt`, {
        method: 'POST',
        headers: { 'Content-Type': 'text/plain', 'Upload-Complete': '?0', 'Upload-Length': String(content.length) },
        body: content.slice(0, part),
      })
      const place = placeOf(begun)
      expect(begun.headers.get('upload-offset')).toBe(String(part))
      expect((await append(place, part, content.subarray(part), false)).status).toBe(204)
      expect((await append(place, content.length, new Uint8Array(), true)).status).toBe(201)
    })

    it('keeps nothing of a part that breaks off, wherever that is, and goes on', async () => {
      const content = contentOf(4 * part)
      const place = placeOf(await begin(content.length))
      for (let at = 0; at < content.length; at += part) {
        const breaking = new ReadableStream<Uint8Array>({
          start: (controller) => controller.enqueue(content.slice(at, at + 1000)),
          pull: (controller) => controller.error(new Error('the line broke')),
        })
        const headers = {
          'Content-Type': 'application/partial-upload',
          'Upload-Offset': String(at),
          'Upload-Complete': at + part === content.length ? '?1' : '?0',
        }
        const broken = await world.app.request(
          place,
          { method: 'PATCH', headers, body: breaking, duplex: 'half' } as RequestInit,
          { client: '203.0.113.7' } as never,
        )
        expect(broken.status).toBeGreaterThanOrEqual(400)
        expect(await offsetOf(place)).toBe(at)
        // Less than was declared is no part either.
        const short = await append(place, at, content.subarray(at, at + part - 1), at + part === content.length, { 'Content-Length': String(part) })
        expect(short.status).toBe(400)
        expect(await kept()).toHaveLength(at / part)
        expect((await append(place, at, content.subarray(at, at + part), at + part === content.length)).status).toBe(at + part === content.length ? 201 : 204)
      }
      expect(await kept()).toHaveLength(1)
    })

    it('takes one of many parts for the same place, and one of many ends', async () => {
      const content = contentOf(2 * part)
      const place = placeOf(await begin(content.length))
      const first = await Promise.all(Array.from({ length: 5 }, () => append(place, 0, content.subarray(0, part), false)))
      expect(first.map(({ status }) => status).sort()).toEqual([204, 409, 409, 409, 409])
      const lost = first.find(({ status }) => status === 409) as TestResponse
      expect(lost.headers.get('upload-offset')).toBe(String(part))
      expect(await lost.json()).toMatchObject({
        type: 'https://iana.org/assignments/http-problem-types#mismatching-upload-offset',
        'expected-offset': part,
        'provided-offset': 0,
      })
      expect(await kept()).toHaveLength(1)
      expect((await append(place, part, content.subarray(part), false)).status).toBe(204)
      const ends = await Promise.all(Array.from({ length: 4 }, () => append(place, content.length, new Uint8Array(), true)))
      expect(ends.map(({ status }) => status).sort()).toEqual([201, 400, 400, 400])
      const attachment = (await ends.find(({ status }) => status === 201)?.json()) as { id: string }
      expect(await kept()).toEqual([attachment.id])
      expect(world.log.filter((line) => JSON.parse(line).level >= 50)).toEqual([])
    })

    it('says no to a wrong place, to lies about its length, and to what is too large or too small', async () => {
      const content = contentOf(3 * part)
      const place = placeOf(await begin(2 * part))
      const status = async (answer: Promise<TestResponse>) => {
        const { status, headers } = await answer
        return [status, headers.get('upload-offset')]
      }
      const piece = content.subarray(0, part)
      for (const offset of [1, part, 10 ** 14]) expect(await status(append(place, offset, piece, false))).toEqual([409, '0'])
      for (const offset of ['-1', '1.5', 'x', '']) expect((await append(place, 0, piece, false, { 'Upload-Offset': offset })).status).toBe(400)
      expect((await append(place, 0, piece, false, { 'Upload-Complete': '1' })).status).toBe(400)
      expect((await append(place, 0, piece, false, { 'Content-Type': 'text/plain' })).status).toBe(415)
      // Longer than the file, whether that is declared or not; complete before it is.
      for (const declared of [{}, { 'Content-Length': String(content.length) }] as Record<string, string>[]) {
        const long = await append(place, 0, content, false, declared)
        expect([long.status, (await long.json()).type]).toEqual([400, 'https://iana.org/assignments/http-problem-types#inconsistent-upload-length'])
        expect((await append(place, 0, piece, true, Object.keys(declared).length > 0 ? { 'Content-Length': String(part) } : {})).status).toBe(400)
      }
      expect((await append(place, 0, new Uint8Array(), true)).status).toBe(400)
      expect(await status(append(place, 0, new Uint8Array(), false))).toEqual([204, '0'])
      expect((await append(place, 0, piece.subarray(1), false)).status).toBe(400)
      expect((await append(place, 0, piece, false, { 'Content-Digest': digestOf(content) })).status).toBe(400)
      expect(await offsetOf(place)).toBe(0)
      expect(await kept()).toEqual([])
      // A part that is larger than parts are.
      const large = placeOf(await begin(largestPart + part))
      const most = contentOf(largestPart + 1)
      for (const declared of [{}, { 'Content-Length': String(most.length) }] as Record<string, string>[]) {
        const answer = await append(large, 0, most, false, declared)
        expect([answer.status, answer.headers.get('upload-limit')]).toEqual([413, expect.stringContaining(`max-append-size=${largestPart}`)])
      }
      // Control: all of these would have been taken.
      expect((await append(place, 0, piece, false)).status).toBe(204)
      expect((await append(large, 0, most.subarray(0, largestPart), false)).status).toBe(204)
    })

    it('is asked about by the policy before a byte is taken', async () => {
      expect((await begin(null)).status).toBe(400)
      expect((await begin(10_000_001)).status).toBe(413)
      expect((await begin(5, {}, { target: 'nothing' })).status).toBe(422)
      expect((await begin(5, { Origin: 'https://elsewhere.example' })).status).toBe(403)
      await world.offer(definition, policy({ rate: { submissionsPerHour: 100, uploadsPerHour: 1 } }))
      const place = placeOf(await begin(2 * part))
      expect((await begin(5)).status).toBe(429)
      // The file was counted when it was begun: its parts are not files.
      expect((await send(place, contentOf(2 * part))).status).toBe(201)
      await (await city()).setQuotas({ storedBytes: 10 * part }, { actor: 'operator', at: '2026-01-05T08:00:00.000Z' })
    })

    it('has its place in the agency’s quota from the beginning', async () => {
      await (await city()).setQuotas({ storedBytes: 3 * part }, { actor: 'operator', at: '2026-01-05T08:00:00.000Z' })
      placeOf(await begin(2 * part))
      expect((await begin(2 * part)).status).toBe(507)
      placeOf(await begin(part))
    })

    it('is looked at when it is whole, and what is refused leaves nothing', async () => {
      for (const [content, name] of [
        [new Uint8Array([...contentOf(part), ...new TextEncoder().encode('<script>x</script>')]), 'a.txt'],
        [new Uint8Array([...contentOf(part), 0]), 'a.txt'],
        [contentOf(part + 1), 'a.exe'],
      ] as const) {
        const place = placeOf(await begin(content.length, {}, { name }))
        const answer = await send(place, content)
        expect([answer.status, answer.headers.get('upload-complete')]).toEqual([422, '?1'])
        expect(await offsetOf(place)).toBe(404)
      }
      const content = contentOf(part + 1)
      const other = placeOf(await begin(content.length))
      await append(other, 0, content.subarray(0, part), false)
      const answer = await append(other, part, content.subarray(part), true, { 'Repr-Digest': digestOf(content.slice(1)) })
      expect([answer.status, (await answer.json()).type]).toEqual([422, 'https://guichet.dev/problems/digest'])
      expect(await offsetOf(other)).toBe(404)
      expect(await kept()).toEqual([])
      expect(await (await city()).auditEvents(0, 100)).not.toContainEqual(expect.objectContaining({ action: 'attachment.received' }))
    })

    it('can be given up, and is gone then', async () => {
      const place = placeOf(await begin(2 * part))
      await append(place, 0, contentOf(part), false)
      expect(await kept()).toHaveLength(1)
      expect((await world.request(place, { method: 'DELETE' })).status).toBe(204)
      expect(await kept()).toEqual([])
      for (const answer of [await world.request(place, { method: 'DELETE' }), await append(place, part, contentOf(part), true), await world.request(place)])
        expect(answer.status).toBe(404)
    })

    it('is over after its time, by the clock, and swept away by the time that was lived', async () => {
      const place = placeOf(await begin(2 * part))
      await append(place, 0, contentOf(part), false)
      world.setTime('2026-01-07T07:59:59.000Z')
      expect(await offsetOf(place)).toBe(part)
      expect(await purgeUploads(world.adapters, 48, { orphans: false })).toBe(0)
      world.setTime('2026-01-07T08:00:01.000Z')
      expect(await offsetOf(place)).toBe(404)
      // A clock that is ahead of the time that was lived destroys nothing.
      const behind = { ...world.adapters, lived: clockAlone({ now: () => new Date('2026-01-07T07:59:59.000Z') }) }
      expect(await purgeUploads(behind, 48, { orphans: false })).toBe(0)
      expect(await kept()).toHaveLength(1)
      expect(await purgeUploads(world.adapters, 48, { orphans: false })).toBe(1)
      expect(await kept()).toEqual([])
    })

    it('tells nothing to anybody else', async () => {
      const place = placeOf(await begin(2 * part))
      await world.offer(
        definitionOf((other) => Object.assign(other, { id: 'other-card', documents: definition.documents })),
        policy(),
      )
      await world.offer(definition, policy(), 'town')
      const id = place.split('/').at(-1) as string
      const other = `${id.slice(0, -1)}${id.endsWith('A') ? 'B' : 'A'}`
      const bodies = new Set<string>()
      for (const address of [
        `${service}/uploads/${other}`,
        `${service}/uploads/x`,
        `/v1/services/city/other-card/uploads/${id}`,
        `/v1/services/town/library-card/uploads/${id}`,
      ])
        for (const answer of [
          await world.request(address),
          await append(address, 0, contentOf(part), false),
          await world.request(address, { method: 'DELETE' }),
        ]) {
          expect(answer.status).toBe(404)
          bodies.add(await answer.text())
        }
      expect(bodies.size).toBe(1)
      expect((await append(place, 0, contentOf(part), false, { Origin: 'https://elsewhere.example' })).status).toBe(403)
      // Control: whoever began it goes on, and from a page that may embed the service.
      expect((await append(place, 0, contentOf(part), false, { Origin: foreign })).status).toBe(204)
      const preflight = await world.request(place, { method: 'OPTIONS', headers: { Origin: foreign, 'Access-Control-Request-Method': 'PATCH' } })
      expect(preflight.headers.get('access-control-allow-methods')).toContain('PATCH')
      for (const name of ['Upload-Offset', 'Upload-Complete', 'Content-Digest', 'Repr-Digest'])
        expect(preflight.headers.get('access-control-allow-headers')).toContain(name)
      expect(preflight.headers.get('accept-patch')).toBe('application/partial-upload')
    })

    it('keeps name and bytes sealed while they are on their way', async () => {
      await world.offer(definition, { rules: { ...policy().rules, encryption: { mode: 'at-rest' } } })
      const content = new TextEncoder().encode('Kanari-in-a-part '.repeat(8000))
      const place = placeOf(await begin(content.length, {}, { name: 'Kanari-in-a-name.txt' }))
      await append(place, 0, content.subarray(0, part), false)
      await world.adapters.store.check()
      const everything = () => world.disk() + world.log.join('\n') + (s3?.asked.map(({ body }) => body.toString('latin1')).join('\n') ?? '')
      expect(everything()).not.toMatch(/Kanari-in-a-(part|name)/)
      const arrived = await send(place, content, part)
      expect(arrived.status).toBe(201)
      expect(await arrived.json()).toMatchObject({ name: 'Kanari-in-a-name.txt', size: content.length })
      expect(everything()).not.toMatch(/Kanari-in-a-(part|name)/)
    })
  })
