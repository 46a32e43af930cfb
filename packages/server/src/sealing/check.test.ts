/** What of a sealed submission can be checked without opening it. On a whole server: sealed.test.ts. */
import { newKeyPair, sealSubmission } from '@guichet/sealing'
import { describe, expect, it } from 'vitest'
import { checkSealedOrNot, checkSealedPart } from './check.ts'

const place = { agency: 'city', service: 'card', version: 3, definition: 'sha256-definition', policy: 'sha256-policy', epoch: 1 }
const clear = { language: 'en', answers: { student: true }, documents: {}, atDesk: [] }
const file = { id: 'f1', size: 100, digest: 'sha256-file' }

/** What a browser sends to the keys that are published, as far as it has come when it is checked. */
async function made({ published = true } = {}) {
  const [service, recovery] = [await newKeyPair(), await newKeyPair()]
  const recipients = [
    { kind: 'service' as const, key: service.public },
    { kind: 'recovery' as const, key: recovery.public },
  ]
  const files = [{ id: file.id, key: 'k', name: 'a.pdf', type: 'application/pdf', size: 50, sealed: { size: file.size, digest: file.digest } }]
  const sealed = await sealSubmission({ ...place, recipients }, { clear, answers: { name: 'Sam' }, files })
  const asked: unknown[] = []
  const agency = {
    id: 'city',
    async sealingKeys(kind: string, owner: string) {
      asked.push([kind, owner])
      const pair = kind === 'service' ? service : recovery
      return published ? [{ number: 1, publicKey: pair.public, createdAt: '2026-01-05T08:00:00.000Z' }] : []
    },
  }
  const log: unknown[][] = []
  const valid = {
    intake: { now: new Date('2026-01-05T08:00:00.000Z'), service: { agency }, adapters: { log: { warn: (...args: unknown[]) => log.push(args) } } },
    filledIn: { version: { service: 'card', version: 3, digest: 'sha256-definition' }, sealed: { clear: ['student'], policy: 'sha256-policy' } },
    submission: { language: 'en', answers: clear.answers, sealed },
    answers: clear.answers,
  }
  return { valid, sealed, asked, log }
}
type Made = Awaited<ReturnType<typeof made>>
const check = (valid: object, files: object[] = [file]) =>
  checkSealedPart(valid as never, files as never).then(
    () => 'taken',
    ({ status, code, message }) => (status ? `${status} ${code}` : message),
  )

describe('sealed or not', () => {
  const of = (terms: object | null, part: object | undefined, answers: object = { a: 1, b: 2 }, sent: object = { b: 2, a: 1 }) => {
    try {
      checkSealedOrNot({ filledIn: { sealed: terms }, submission: { sealed: part, answers: sent }, answers } as never)
      return 'taken'
    } catch (error) {
      const { status, code } = error as { status: number; code: string }
      return `${status} ${code}`
    }
  }

  it('is what the service says', () => {
    expect([of({}, {}), of(null, undefined), of({}, undefined), of(null, {})]).toEqual(['taken', 'taken', '422 sealed', '422 sealed'])
  })

  it('has in the clear exactly what was checked; what is open may hold more, which is not kept', () => {
    expect([of({}, {}, { a: 1 }), of({}, {}, { a: 1, b: 3 }), of(null, undefined, { a: 1 })]).toEqual(['422 sealed', '422 sealed', 'taken'])
  })
})

describe('a sealed submission', () => {
  it('is taken when it is for this place, to the keys that are published, with the files that came', async () => {
    const { valid, log, asked } = await made()
    expect([await check(valid), log]).toEqual(['taken', []])
    expect(asked).toEqual([
      ['service', 'card'],
      ['recovery', ''],
    ])
  })

  it.each<[string, string, string, (made: Made) => unknown]>([
    ['service', 'another agency', '422 sealed', ({ valid }) => (valid.intake.service.agency.id = 'town')],
    ['service', 'another service', '422 sealed', ({ valid }) => (valid.filledIn.version.service = 'permit')],
    ['version', 'another version', '422 sealed', ({ valid }) => (valid.filledIn.version.version = 4)],
    ['version', 'another definition', '422 sealed', ({ valid }) => (valid.filledIn.version.digest = 'sha256-other')],
    ['version', 'another policy', '422 sealed', ({ valid }) => (valid.filledIn.sealed.policy = 'sha256-other')],
    ['suite', 'another suite', '422 sealed', ({ sealed }) => (sealed.manifest.suite = 'none')],
    ['clear', 'another clear part', '422 sealed', ({ valid }) => (valid.submission.language = 'el')],
    ['body', 'other bytes', '422 sealed', ({ sealed }) => (sealed.body = `${sealed.body[0] === 'A' ? 'B' : 'A'}${sealed.body.slice(1)}`)],
    ['recipients', 'one recipient less', '409 sealed-keys', ({ sealed }) => [sealed.manifest.recipients.pop(), sealed.keys.pop()]],
  ])('is refused for its %s: %s', async (disagrees, _, refusal, change) => {
    const one = await made()
    change(one)
    expect(await check(one.valid)).toBe(refusal)
    const { version } = one.valid.filledIn
    expect(one.log).toEqual([[{ agency: one.valid.intake.service.agency.id, service: version.service, disagrees }, 'a sealed submission was refused']])
  })

  it('is refused with other files than it names, or when nothing is published', async () => {
    const { valid } = await made()
    expect([await check(valid, []), await check(valid, [{ ...file, digest: 'sha256-other' }])]).toEqual(['422 sealed', '422 sealed'])
    expect(await check((await made({ published: false })).valid)).toBe('409 sealed-keys')
  })

  it('is not looked for in an open service', async () => {
    const { valid, asked } = await made()
    expect(await check({ ...valid, filledIn: { ...valid.filledIn, sealed: null } })).toBe('taken')
    expect(await check({ ...valid, submission: { ...valid.submission, sealed: undefined } })).toBe('taken')
    expect(asked).toEqual([])
  })
})
