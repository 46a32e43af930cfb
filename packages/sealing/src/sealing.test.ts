import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { base64url, canonical, digestOf, fromBase64url, textOf, utf8 } from './bytes.ts'
import { clearPart, disagreement, fileInfo, fileMark, isOfCase, pieceBytes, type SealedPart, sealedSize, sizes, suiteName } from './envelope.ts'
import { openFile, sealFile } from './file.ts'
import { canSeal, type KeyPair, newKeyPair } from './hpke.ts'
import { type CannotOpen, openSubmission, type SealedCase } from './open.ts'
import { fingerprintOf, isPinned, keyId } from './recipients.ts'
import { type SealedService, sealSubmission, TooLong } from './seal.ts'

const digest = (letter: string) => `sha256-${letter.repeat(43)}`
const [now, recovery, stranger] = await Promise.all([newKeyPair(), newKeyPair(), newKeyPair()])
const service = (pair: KeyPair, more: Partial<SealedService> = {}): SealedService => ({
  agency: 'city',
  service: 'report',
  version: 3,
  definition: digest('d'),
  policy: digest('p'),
  epoch: 2,
  recipients: [
    { kind: 'service', key: pair.public },
    { kind: 'recovery', key: recovery.public },
  ],
  ...more,
})
const clear = clearPart({ language: 'en', answers: { district: 'north' } })
const answers = { district: 'north', what: 'ЯΔ secret 秘' }
const caseOf = (sealed: SealedPart, more: Partial<SealedCase> = {}): SealedCase => ({
  agency: 'city',
  service: 'report',
  version: 3,
  definition: digest('d'),
  submission: `01kbcdefgh${sealed.manifest.case}`,
  clear,
  sealed,
  ...more,
})
const why = (reason: CannotOpen['why']) => expect.objectContaining({ why: reason })

describe('a sealed submission', () => {
  it('opens with each key that it was sealed to, and with no other', async () => {
    const sealed = await sealSubmission(service(now), { clear, answers, files: [] })
    for (const pair of [now, recovery]) expect((await openSubmission(caseOf(sealed), pair)).answers).toEqual(answers)
    await expect(openSubmission(caseOf(sealed), stranger)).rejects.toEqual(why('recipient'))
    // Also when somebody writes the stranger in, or swaps the keys of two recipients.
    const id = await keyId(stranger.public)
    const written = structuredClone(sealed)
    ;(written.keys[0] as { recipient: string }).recipient = id
    written.manifest.recipients = [id, ...written.manifest.recipients.slice(1)]
    await expect(openSubmission(caseOf(written), stranger)).rejects.toThrow()
    const [one, other] = sealed.keys
    const swapped: SealedPart = {
      ...sealed,
      keys: [
        { ...one!, recipient: other!.recipient },
        { ...other!, recipient: one!.recipient },
      ],
    }
    await expect(openSubmission(caseOf(swapped), now)).rejects.toThrow()
  })

  it('is refused in any place but its own, and with any change', async () => {
    const sealed = await sealSubmission(service(now), { clear, answers, files: [] })
    const open = (more: Partial<SealedCase>) => openSubmission(caseOf(sealed, more), now)
    await expect(open({ service: 'other' })).rejects.toEqual(why('place'))
    await expect(open({ agency: 'town' })).rejects.toEqual(why('place'))
    await expect(open({ version: 4 })).rejects.toEqual(why('place'))
    await expect(open({ definition: digest('e') })).rejects.toEqual(why('place'))
    await expect(open({ submission: '01kbcdefgh0000000000000000' })).rejects.toEqual(why('place'))
    await expect(open({ clear: clearPart({ language: 'en', answers: { district: 'south' } }) })).rejects.toEqual(why('clear'))
    const other = await sealSubmission(service(now), { clear, answers: { what: 'other' }, files: [] })
    // The box of another case, with and without its digest.
    await expect(open({ sealed: { ...sealed, body: other.body } })).rejects.toEqual(why('body'))
    const manifest = { ...sealed.manifest, body: other.manifest.body }
    await expect(open({ sealed: { ...sealed, manifest, body: other.body } })).rejects.toThrow()
    await expect(open({ sealed: { ...sealed, keys: other.keys } })).rejects.toThrow()
    // Everything in the manifest is bound, the epoch and the files as well.
    const changes: Partial<SealedPart['manifest']>[] = [
      { epoch: 9 },
      { policy: digest('q') },
      { files: [{ id: 'a'.repeat(26), size: 1, digest: digest('f') }] },
    ]
    for (const change of changes) await expect(open({ sealed: { ...sealed, manifest: { ...sealed.manifest, ...change } } })).rejects.toThrow()
    // Whoever moves everything at once changes the case, which the keys are bound to.
    const moved = { ...sealed.manifest, case: other.manifest.case }
    await expect(open({ sealed: { ...sealed, manifest: moved }, submission: `01kbcdefgh${moved.case}` })).rejects.toThrow()
  })

  it('is opened by one who is named in its manifest alone, and sealed in a way that is known', async () => {
    const sealed = await sealSubmission(service(now), { clear, answers, files: [] })
    const opened = (change: Partial<SealedPart['manifest']>) => openSubmission(caseOf({ ...sealed, manifest: { ...sealed.manifest, ...change } }), now)
    await expect(opened({ suite: 'HPKE-other' as never })).rejects.toEqual(why('suite'))
    await expect(opened({ recipients: [await keyId(recovery.public)] })).rejects.toEqual(why('recipient'))
    expect(sealed.manifest.recipients).toEqual([...sealed.manifest.recipients].sort())
    expect(sealed.manifest).toMatchObject({ format: 1, epoch: 2, case: expect.stringMatching(/^[0-9abcdefghjkmnpqrstvwxyz]{16}$/) })
  })

  it('says of its files how they are opened, and to everybody else only what was sent', async () => {
    const note = { id: 'a'.repeat(26), key: 'k', name: 'a.pdf', type: 'application/pdf', size: 10, sealed: { size: 100, digest: digest('f') } }
    const part = clearPart({ language: 'en', answers: {}, documents: { plan: ['x'] }, atDesk: ['photo'] })
    expect(part).toEqual({ language: 'en', answers: {}, documents: { plan: ['x'] }, atDesk: ['photo'] })
    const sealed = await sealSubmission(service(now), { clear: part, answers, files: [note] })
    expect(sealed.manifest.files).toEqual([{ id: note.id, size: 100, digest: digest('f') }])
    const content = await openSubmission(caseOf(sealed, { clear: part }), now)
    const { sealed: _sealed, ...kept } = note
    expect(content).toEqual({ format: 1, answers, documents: { plan: ['x'] }, atDesk: ['photo'], files: [kept] })
  })

  it('fills a size to its last byte, and leaves no key in memory', async () => {
    const empty = canonical({ format: 1, answers: { text: '' }, documents: {}, atDesk: [], files: [] }).length
    const text = 'a'.repeat((sizes[0] as number) - empty)
    const made: Uint8Array[] = []
    const { getRandomValues } = crypto
    const spy = vi.spyOn(crypto, 'getRandomValues').mockImplementation((array) => {
      made.push(array as Uint8Array)
      return getRandomValues.call(crypto, array as never)
    })
    expect((await sealSubmission(service(now), { clear, answers: { text }, files: [] })).manifest.body.size).toBe(sizes[0])
    spy.mockRestore()
    const secrets = made.filter(({ length }) => length === 32)
    expect(secrets.length).toBeGreaterThan(0)
    expect(secrets[0]).toEqual(new Uint8Array(32))
    expect((await sealSubmission(service(now), { clear, answers: { text: `${text}a` }, files: [] })).manifest.body.size).toBe(sizes[1])
  })

  it('has one of four sizes, and never the same bytes twice', async () => {
    const seal = (text: string) => sealSubmission(service(now), { clear, answers: { text }, files: [] })
    const [short, longer] = await Promise.all([seal('a'), seal('a'.repeat(3000))])
    expect(short.body.length).toBe(longer.body.length)
    expect(short.body).not.toBe((await seal('a')).body)
    expect((await seal('a'.repeat(20_000))).manifest.body.size).toBe(sizes[2])
    await expect(seal('a'.repeat(262_144))).rejects.toBeInstanceOf(TooLong)
    expect(atob(short.body.replaceAll('-', '+').replaceAll('_', '/'))).not.toContain('text')
  })
})

describe('what the server checks', async () => {
  const file = { id: 'a'.repeat(26), size: 100, digest: digest('f') }
  const note = { id: file.id, key: 'k', name: 'a.pdf', type: 'application/pdf', size: 10, sealed: { size: 100, digest: digest('f') } }
  const sealed = await sealSubmission(service(now), { clear, answers, files: [note] })
  const ids = await Promise.all([now, recovery].map((pair) => keyId(pair.public)))
  const expected = {
    agency: 'city',
    service: 'report',
    version: 3,
    definition: digest('d'),
    policy: digest('p'),
    suite: suiteName,
    clear: await digestOf(canonical(clear)),
    body: sealed.manifest.body.digest,
    recipients: [ids],
    files: [file],
  }

  it('agrees with what was sent, and names what does not', () => {
    expect(disagreement(sealed, expected)).toBeNull()
    expect(disagreement(sealed, { ...expected, recipients: [[ids[0] as string], ids.toReversed()] })).toBeNull()
    const cases: [string, object][] = [
      ['service', { agency: 'town' }],
      ['service', { service: 'other' }],
      ['version', { version: 2 }],
      ['version', { definition: digest('x') }],
      ['version', { policy: digest('x') }],
      ['suite', { suite: 'other' }],
      ['clear', { clear: digest('x') }],
      ['body', { body: digest('x') }],
      ['recipients', { recipients: [] }],
      ['recipients', { recipients: [[ids[0]]] }],
      ['recipients', { recipients: [[...ids, digest('x')]] }],
      ['recipients', { recipients: [[ids[0], digest('x')]] }],
      ['files', { files: [{ ...file, id: 'b'.repeat(26) }] }],
      ['files', { files: [{ ...file, size: 99 }] }],
      ['files', { files: [] }],
      ['files', { files: [{ ...file, digest: digest('x') }] }],
      ['files', { files: [file, file] }],
    ]
    for (const [name, change] of cases) expect(disagreement(sealed, { ...expected, ...change } as never)).toBe(name)
    expect(disagreement({ ...sealed, body: sealed.body.slice(4) }, expected)).toBe('size')
    expect(disagreement({ ...sealed, keys: sealed.keys.slice(1) }, expected)).toBe('recipients')
    expect(disagreement({ ...sealed, keys: [sealed.keys[0]!, sealed.keys[0]!] }, expected)).toBe('recipients')
  })

  it('knows the case by the end of its number', () => {
    expect(isOfCase(`01kbcdefgh${sealed.manifest.case}`, sealed.manifest)).toBe(true)
    expect(isOfCase(sealed.manifest.case, sealed.manifest)).toBe(false)
    expect(isOfCase('01kbcdefgh0000000000000000', sealed.manifest)).toBe(false)
  })
})

describe('a set of recipients', () => {
  it('has a fingerprint of its keys, whatever their order and epoch', async () => {
    const print = await fingerprintOf(service(now))
    expect(print).toMatch(/^sha256-[\w-]{43}$/)
    expect(await fingerprintOf(service(now, { epoch: 7, recipients: service(now).recipients.toReversed() }))).toBe(print)
    for (const other of [service(stranger), service(now, { service: 'other' }), service(now, { recipients: service(now).recipients.slice(1) })])
      expect(await fingerprintOf(other)).not.toBe(print)
    expect(isPinned(print, null)).toBe(true)
    expect(isPinned(print, `sha256-x ${print}`)).toBe(true)
    for (const pins of ['', ' ', 'sha256-x', print.slice(0, -1)]) expect(isPinned(print, pins)).toBe(false)
  })
})

const streamOf = (bytes: Uint8Array, size: number) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size))
      controller.close()
    },
  })
const read = async (stream: ReadableStream<Uint8Array>) => new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer())

describe('a sealed file', () => {
  const info = fileInfo({ agency: 'city', service: 'report' })
  const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7) % 251)

  it('comes back as it was, however it was cut', async () => {
    for (const length of [0, 1, pieceBytes - 1, pieceBytes, pieceBytes + 1, 3 * pieceBytes]) {
      const sealed = await sealFile(streamOf(bytes(length), 10_000), info)
      const content = await read(sealed.content)
      expect(content.length).toBe(sealedSize(length))
      expect(content.slice(0, fileMark.length)).toEqual(fileMark)
      expect(await read(openFile(streamOf(content, 33_333), sealed.key, info))).toEqual(bytes(length))
    }
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 90 }), async (file, size) => {
        const sealed = await sealFile(streamOf(file, size), info)
        expect(await read(openFile(streamOf(await read(sealed.content), size), sealed.key, info))).toEqual(file)
      }),
      { numRuns: 30 },
    )
  })

  it('is refused cut short, longer, in another order, doubled, for another service, or with another key', async () => {
    const sealed = await sealFile(streamOf(bytes(4 * pieceBytes), pieceBytes), info)
    const content = await read(sealed.content)
    const head = content.length - 4 * (pieceBytes + 16)
    const pieces = Array.from({ length: 4 }, (_, i) => content.slice(head + i * (pieceBytes + 16), head + (i + 1) * (pieceBytes + 16)))
    const [a, b, c, d] = pieces as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
    const open = async (order: Uint8Array[], key = sealed.key, about = info) =>
      read(openFile(streamOf(new Uint8Array(await new Blob([content.slice(0, head), ...order] as BlobPart[]).arrayBuffer()), 50_000), key, about))
    expect(await open([a, b, c, d])).toEqual(bytes(4 * pieceBytes))
    for (const order of [[a, b, c], [a], [], [b, a, c, d], [a, c, b, d], [a, a, b, c, d], [a, b, c, d, d], [a, b, d], [a, b, c, d.slice(0, -1)]])
      await expect(open(order)).rejects.toThrow()
    await expect(open([a, b, c, d], (await newKeyPair()).private)).rejects.toThrow()
    await expect(open([a, b, c, d], sealed.key, fileInfo({ agency: 'city', service: 'other' }))).rejects.toThrow()
    await expect(read(openFile(streamOf(utf8('%PDF-1.4 not sealed at all, and long enough to be read as one'), 9), sealed.key, info))).rejects.toThrow(
      'no sealed file',
    )
  })

  it('opens though it comes exactly in its pieces, and is none while its head is not whole', async () => {
    const sealed = await sealFile(streamOf(bytes(3 * pieceBytes), pieceBytes), info)
    const content = await read(sealed.content)
    const head = fileMark.length + 32
    const parts = [content.slice(0, head)]
    for (let at = head; at < content.length; at += pieceBytes + 16) parts.push(content.slice(at, at + pieceBytes + 16))
    const inParts = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const part of parts) controller.enqueue(part)
        controller.close()
      },
    })
    expect(await read(openFile(inParts, sealed.key, info))).toEqual(bytes(3 * pieceBytes))
    for (const length of [0, 1, fileMark.length, head - 1])
      await expect(read(openFile(streamOf(content.slice(0, length), 7), sealed.key, info))).rejects.toThrow('no sealed file')
  })

  it('lets go of what it reads when nobody wants the rest, sealing and opening', async () => {
    const source = (pieces: Uint8Array[]) => {
      const seen = { given: 0, cancelled: false }
      const stream = new ReadableStream<Uint8Array>(
        {
          pull(controller) {
            const piece = pieces[seen.given++]
            if (piece) controller.enqueue(piece)
            else controller.close()
          },
          cancel() {
            seen.cancelled = true
          },
        },
        { highWaterMark: 0 },
      )
      return { seen, stream }
    }
    const plain = source(Array.from({ length: 9 }, () => new Uint8Array(pieceBytes)))
    const sealed = await sealFile(plain.stream, info)
    // Nothing is read before somebody asks.
    expect(plain.seen.given).toBe(0)
    const reader = sealed.content.getReader()
    await reader.read()
    await reader.read()
    await reader.cancel()
    expect(plain.seen.cancelled).toBe(true)

    const whole = await sealFile(streamOf(bytes(8 * pieceBytes), pieceBytes), info)
    const content = await read(whole.content)
    const shut = source(Array.from({ length: Math.ceil(content.length / 10_000) }, (_, i) => content.slice(i * 10_000, (i + 1) * 10_000)))
    const opening = openFile(shut.stream, whole.key, info).getReader()
    expect((await opening.read()).value).toHaveLength(pieceBytes)
    expect(shut.seen.given).toBeLessThan(9)
    await opening.cancel()
    expect(shut.seen.cancelled).toBe(true)
  })

  it('takes no more than it was asked for', async () => {
    let given = 0
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        given++
        controller.enqueue(new Uint8Array(pieceBytes))
      },
    })
    const sealed = await sealFile(endless, info)
    const reader = sealed.content.getReader()
    for (let i = 0; i < 3; i++) await reader.read()
    expect(given).toBeLessThan(7)
    await reader.cancel()
  })
})

describe('the means', () => {
  it('are there in this runtime, and are missed where they are not', async () => {
    expect(await canSeal()).toBe(true)
    const spy = vi.spyOn(crypto.subtle, 'generateKey').mockRejectedValueOnce(new Error('no X25519'))
    expect(await canSeal()).toBe(false)
    expect(spy).toHaveBeenCalledWith({ name: 'X25519' }, false, ['deriveBits'])
    spy.mockRestore()
  })

  it('write bytes as base64url, also many, and read nothing else', () => {
    const many = Uint8Array.from({ length: 100_001 }, (_, i) => i)
    expect(base64url(many)).toBe(Buffer.from(many).toString('base64url'))
    expect(fromBase64url(base64url(many))).toEqual(many)
    expect(base64url(Uint8Array.of(251, 255))).toBe('-_8')
    for (const text of ['a+b=', ' AAAA', 'AAAA ', 'é']) expect(() => fromBase64url(text), text).toThrow(TypeError)
  })

  it('take for text only UTF-8, and for JSON only what is', async () => {
    expect(textOf(Uint8Array.of(0xef, 0xbb, 0xbf, 65))).toBe('\ufeffA')
    expect(() => textOf(Uint8Array.of(0xff))).toThrow()
    expect(() => canonical(undefined)).toThrow('not a JSON value')
    expect(await digestOf(Uint8Array.of(0xff))).toBe('sha256-qBAK5qoZQNC2Y7sxzUZhQuu9vVGHExuS2TgYmHgy64k')
    expect(await digestOf('abc')).toBe(await digestOf(utf8('abc')))
  })
})
