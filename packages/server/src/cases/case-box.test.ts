import { describe, expect, it } from 'vitest'
import { attachmentBox, evidenceOfAttachment, nameOf } from '../files/attachment.ts'
import { KeyGone, newBox, openBox } from '../keys/seal-box.ts'
import { openPayload, sealEffects } from '../outbox/payload.ts'
import { testKek } from '../testing/month-key.ts'
import { refusalOf } from '../testing/refusal.ts'
import { caseBox, openAnswers, openInternalNote, openNote, openOutcome, reopened, sealInternalNote, sealNote, versionPart } from './case-box.ts'

const kek = testKek()
const asked: unknown[][] = []
const keysThat = (fails?: Error) => ({
  kek: (...args: unknown[]) => {
    asked.push(args)
    if (fails) throw fails
    return kek
  },
})
const adapters = (fails?: Error) => ({ keys: keysThat(fails) }) as never
const city = 'city' as never
const bytes = (text: string) => new TextEncoder().encode(text)
const json = (value: unknown) => bytes(JSON.stringify(value))
/** A case as it was sent in. */
const box = newBox(kek, 'city|card|c1')
const row = { id: 'c1', service: 'card', sealing: box.sealing }

describe('the box of a case', () => {
  it('opens with the key of its month what was sealed for this very case', () => {
    asked.length = 0
    expect(openAnswers(caseBox(adapters(), city, row), { answers: box.seal('answers', json({ name: 'Ana' })), amended: 0 })).toEqual({ name: 'Ana' })
    expect(asked).toEqual([['city', '2026-01']])
    for (const other of [
      { ...row, id: 'c2' },
      { ...row, service: 'permit' },
    ])
      expect(() => caseBox(adapters(), city, other)).toThrow()
    expect(() => caseBox(adapters(), 'town' as never, row)).toThrow()
  })

  it('is open where the policy keeps answers as they are', () => {
    const open = caseBox(adapters(), city, { ...row, sealing: null })
    expect(openAnswers(open, { answers: json({ name: 'Ana' }), amended: 3 })).toEqual({ name: 'Ana' })
  })

  it('is gone with its key, and anything else that goes wrong is a fault', async () => {
    expect(await refusalOf(() => caseBox(adapters(new KeyGone('2026-01')), city, row))).toEqual({ status: 410, code: 'erased' })
    expect(() => caseBox(adapters(new Error('disk')), city, row)).toThrow('disk')
    expect(() => reopened(keysThat() as never, city, box.sealing as never, 'city|card|c2')).toThrow(/unable to authenticate/i)
  })

  it('opens each version of what was sent in its own place alone', () => {
    const sealed = (part: 'answers' | 'outcome', amended: number) => box.seal(versionPart(part, amended), json({ amended }))
    expect(openAnswers(box, { answers: sealed('answers', 2), amended: 2 })).toEqual({ amended: 2 })
    expect(openOutcome(box, { outcome: sealed('outcome', 0), amended: 0 })).toEqual({ amended: 0 })
    // Neither an older version in the place of the newest, nor what follows from answers in theirs.
    expect(() => openAnswers(box, { answers: sealed('answers', 0), amended: 2 })).toThrow()
    expect(() => openAnswers(box, { answers: sealed('answers', 2), amended: 1 })).toThrow()
    expect(() => openAnswers(box, { answers: sealed('outcome', 2), amended: 2 })).toThrow()
    expect(() => openOutcome(box, { outcome: sealed('answers', 0), amended: 0 })).toThrow()
  })

  it('opens a note of its own step alone, and never what officers told each other as what the citizen reads', () => {
    const note = sealNote(box, 3, 'Come by.')
    expect(openNote(box, { number: 3, note })).toBe('Come by.')
    expect(openNote(box, { number: 3, note: null })).toBeNull()
    expect(() => openNote(box, { number: 4, note })).toThrow()
    const internal = sealInternalNote(box, '3', 'Looks odd.')
    expect(openInternalNote(box, { id: '3', note: internal })).toBe('Looks odd.')
    expect(() => openInternalNote(box, { id: '4', note: internal })).toThrow()
    expect(() => openNote(box, { number: 3, note: internal })).toThrow()
    expect(() => openInternalNote(box, { id: '3', note })).toThrow()
  })
})

describe('the box of a file', () => {
  const owner = 'city|card|attachment a1'
  const sealed = newBox(kek, owner)
  const file = { id: 'a1', service: 'card', sealing: sealed.sealing, name: sealed.seal('name', bytes('αίτηση.pdf')) }

  it('opens what was sealed for this very file, its name too', () => {
    expect(nameOf(adapters(), city, file as never)).toBe('αίτηση.pdf')
    expect(() => nameOf(adapters(), city, { ...file, id: 'a2' } as never)).toThrow()
    expect(() => attachmentBox(adapters(), 'town' as never, file as never)).toThrow()
    // A file is no case, though it had the same id.
    expect(() => caseBox(adapters(), city, file)).toThrow()
    // What is in it is not its name.
    expect(() => nameOf(adapters(), city, { ...file, name: sealed.seal('content', bytes('x')) } as never)).toThrow()
  })

  it('is open where it was kept as it is, and gone with its key', async () => {
    expect(nameOf(adapters(), city, { ...file, sealing: null, name: bytes('a.pdf') } as never)).toBe('a.pdf')
    expect(await refusalOf(() => nameOf(adapters(new KeyGone('2026-01')), city, file as never))).toEqual({ status: 410, code: 'erased' })
  })
})

describe('the evidence of a file', () => {
  const file = { id: 'a1', service: 'card', size: 9, sealing: null, type: 'image/png', name: bytes('a.png') }
  const read: unknown[][] = []
  const files = {
    read: (...args: unknown[]) => {
      read.push(args)
      return new Blob([bytes('no picture')]).stream()
    },
  }
  const evidence = (change: object, limits: object) =>
    evidenceOfAttachment({ ...Object(adapters()), files } as never, city, { ...file, ...change } as never, limits)

  it('is what is known of it, and its content is looked at where a picture of a size is asked for alone', async () => {
    const limits = { accept: ['png'], maxBytes: 10 }
    const known = { size: 9, kind: 'png', declared: 'image/png', name: '', ...limits, picture: null }
    expect(await evidence({}, limits)).toEqual(known)
    expect(await evidence({ type: 'application/pdf' }, { minPixels: [10, 20] })).toMatchObject({ kind: 'pdf', picture: null })
    expect(await evidence({ type: 'text/odd' }, { minPixels: [10, 20] })).toMatchObject({ kind: null, picture: null })
    expect(read).toEqual([])
    // One that cannot be read has no size.
    expect((await evidence({}, { minPixels: [10, 20] })).picture).toEqual({ least: [10, 20], pixels: null })
    expect(read).toEqual([['city', 'a1', openBox]])
  })
})

describe('what waits to be delivered', () => {
  const now = new Date('2026-01-05T08:00:00.000Z')
  const [one, two] = sealEffects([1, 2].map((n) => ({ kind: 'webhook', destination: `d${n}`, payload: { n, name: 'Ana' } })) as never, box, now)
  const claimed = { service: 'card', submission: 'c1', sealing: box.sealing }
  const opened = (change: object) => openPayload(keysThat() as never, city, { ...claimed, ...one, ...change } as never)

  it('lies sealed with its case, and opens for that and for this delivery alone', () => {
    expect([one, two]).toMatchObject([
      { kind: 'webhook', destination: 'd1' },
      { kind: 'webhook', destination: 'd2' },
    ])
    expect(one?.id).not.toBe(two?.id)
    expect(Buffer.from(one?.payload as Uint8Array).toString('latin1')).not.toContain('Ana')
    expect(opened({})).toEqual({ n: 1, name: 'Ana' })
    for (const change of [{ id: two?.id }, { payload: two?.payload }, { submission: 'c2' }, { service: 'permit' }]) expect(() => opened(change)).toThrow()
    expect(() => openPayload(keysThat(new KeyGone('2026-01')) as never, city, { ...claimed, ...one } as never)).toThrow(KeyGone)
  })

  it('is as it is where its case is', () => {
    expect(opened({ sealing: null, payload: json({ n: 1 }) })).toEqual({ n: 1 })
  })
})
