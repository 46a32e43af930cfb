/** What is asked before a submission is read, of its files, and into which box it goes. Over a whole server: submit.test.ts. */
import { beforeEach, describe, expect, it } from 'vitest'
import { caseBox, openAnswers, openOutcome } from '../cases/case-box.ts'
import { newBox, openBox } from '../keys/seal-box.ts'
import { testKek } from '../testing/month-key.ts'
import { refusalOf } from '../testing/refusal.ts'
import { admit, evidenceOf, isKey, readSubmission } from './admit.ts'
import { closed } from './conclusion.ts'
import { findFiles, inspect, inspectFiles } from './inspect.ts'
import { seal } from './seal.ts'

const now = new Date('2026-01-05T08:00:00.000Z')
const hours = (count: number) => new Date(now.getTime() - count * 3600_000).toISOString()
const refusal = { status: 403, code: 'origin' }
const given = { version: 2, language: 'en', answers: { name: 'Ana' } }
const bytesOf = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))

/** Writes down what it is asked, and answers. */
const noting =
  <Answer>(list: unknown[], answer: Answer) =>
  (...args: unknown[]): Answer => {
    list.push(args)
    return answer
  }

let asked: unknown[][]
beforeEach(() => {
  asked = []
})

const serviceOf = (change: object = {}, policy: object = {}) =>
  ({
    agency: { id: 'city' },
    sealed: null,
    version: {
      service: 'card',
      version: 2,
      publishedAt: hours(25),
      definition: { locale: { timeZone: 'Europe/Athens' }, window: { closes: '2026-02-01' } },
      ...change,
    },
    policy: { admit: async (...args: unknown[]) => noting(asked, null)(...args), ...policy },
  }) as never
/** An intake of `body`, of which it is said whether it was read. */
const intakeOf = (body: unknown = given, { service = serviceOf(), versions = [1, 3], ...more }: Record<string, unknown> & { versions?: number[] } = {}) => ({
  adapters: {
    live: {
      find: async (agency: string, name: string, version: number) =>
        agency === 'city' && name === 'card' && versions.includes(version) ? { version: { version } } : null,
    },
  },
  service,
  idempotencyKey: 'a-key-of-mine',
  now,
  origin: 'https://www.city.example',
  sameOrigin: false,
  client: '203.0.113.7',
  signedIn: null,
  body: {
    declared: 7,
    read: async (limit: number) => {
      asked.push(['read', limit])
      return body === 'too-large' ? body : bytesOf(body)
    },
  },
  ...more,
})
const admitted = (...args: Parameters<typeof intakeOf>) => refusalOf(() => admit(intakeOf(...args) as never))

describe('a submission is admitted', () => {
  it('by the policy of today, which hears who asks, from where and when, before anything is read', async () => {
    const proved = async () => true
    const signedIn = { provider: 'national' }
    const intake = intakeOf(given, { proved, trap: 'x', signedIn } as never)
    const taken = await admit(intake as never)
    expect(taken).toMatchObject({ key: 'a-key-of-mine', submission: given, bytes: bytesOf(given) })
    expect(taken.filledIn).toBe(intake.service)
    const evidence = {
      ...{ purpose: 'submit', agency: 'city', service: 'card', origin: 'https://www.city.example', sameOrigin: false, client: '203.0.113.7' },
      ...{ signedIn, proved, trap: 'x', now, localNow: '2026-01-05T10:00:00', window: { closes: '2026-02-01' }, body: intake.body },
    }
    expect(asked).toEqual([[evidence], ['read', 4_194_304]])
  })

  it('not where the policy is against it, and is not read then', async () => {
    const service = serviceOf({}, { admit: async () => ({ ...refusal, rule: 'origins' }) })
    expect(await admitted(given, { service })).toMatchObject(refusal)
    expect(asked).toEqual([])
  })

  it('with what nobody has shown taken as not shown', async () => {
    const evidence = evidenceOf('view', { service: serviceOf(), origin: null, sameOrigin: true, client: null, now }, null)
    expect(evidence).toMatchObject({ purpose: 'view', signedIn: null, trap: null, body: null, origin: null, sameOrigin: true, client: null })
    expect(await evidence.proved()).toBe(false)
  })

  it.each([undefined, '', 'short', '1234567', 'with a space', 'línea-once', 'x'.repeat(201)])('not without a key that is one: %j', async (key) => {
    expect(isKey(key)).toBe(false)
    expect(await admitted(given, { idempotencyKey: key })).toEqual({ status: 400, code: 'key-missing' })
    expect(asked).toEqual([])
  })
  it.each(['12345678', 'x'.repeat(200), '!~#$%&/()='])('with the key %j', (key) => expect(isKey(key)).toBe(true))

  it.each<[string, unknown, object]>([
    ['too large', 'too-large', { status: 413, code: 'too-large' }],
    ['no JSON', '{', { status: 400, code: 'json' }],
    ['of another shape', { version: 2 }, { status: 400, code: 'shape', errors: expect.any(Array) }],
  ])('not when it is %s', async (_, body, expected) => expect(await admitted(body)).toMatchObject(expected))

  it('says how much would have been taken', async () => {
    expect(await refusalOf(() => readSubmission({ body: { read: async () => 'too-large' } } as never))).toMatchObject({ params: { count: 4_194_304 } })
  })

  it.each<[string, number, string, boolean]>([
    ['the newest', 2, hours(1000), true],
    ['an older one, a day after it was replaced', 1, hours(24), true],
    ['an older one, later', 1, new Date(Date.parse(hours(24)) - 1).toISOString(), false],
    ['one that never was', 9, hours(1), false],
    ['one that is newer than the newest', 3, hours(1), false],
  ])('of %s of the versions', async (_, version, publishedAt, fits) => {
    expect(await admitted({ ...given, version }, { service: serviceOf({ publishedAt }) })).toEqual(fits ? null : { status: 409, code: 'version' })
  })
})

describe('files', () => {
  const row = (id: string, change: object = {}) => ({
    id,
    service: 'card',
    target: 'paper',
    submission: null,
    digest: `d-${id}`,
    type: 'application/pdf',
    size: 9,
    sealing: null,
    ...change,
  })
  const stored = [
    row('a'),
    row('b'),
    row('same', { digest: 'd-a' }),
    row('theirs', { submission: 's9' }),
    row('elsewhere', { service: 'permit' }),
    row('photo', { target: 'photo' }),
  ]
  const service = serviceOf()
  Object.assign(service as object, { agency: { id: 'city', attachments: async (ids: string[]) => stored.filter(({ id }) => ids.includes(id)) } })
  const sent = (...ids: string[]) => ids.map((id) => ({ id, target: 'paper', pointer: '/documents/paper' }))
  const found = (...ids: string[]) => findFiles({ service }, sent(...ids))
  const errors = (...codes: string[]) => ({ status: 422, code: 'answers', errors: codes.map((code) => ({ pointer: '/documents/paper', code })) })

  it('are those that were sent for this very place', async () => {
    expect(await found('b', 'a')).toEqual([
      { ...row('b'), pointer: '/documents/paper' },
      { ...row('a'), pointer: '/documents/paper' },
    ])
    expect(await found()).toEqual([])
  })

  it.each(['nowhere', 'theirs', 'elsewhere', 'photo'])('are missing when they are of another: %s', async (id) => {
    expect(await refusalOf(() => found('a', id))).toEqual(errors('file.missing'))
  })

  it('are sent once, whatever they are called; at two places they may be the same', async () => {
    expect(await refusalOf(() => found('a', 'a'))).toEqual(errors('file.twice'))
    expect(await refusalOf(() => found('a', 'same'))).toEqual(errors('file.twice'))
    const [first] = sent('a')
    const [second] = sent('same')
    expect(await findFiles({ service }, [first as never, { ...second, pointer: '/documents/paper/1' } as never])).toHaveLength(2)
    // One id is one file, wherever it is put.
    expect(await refusalOf(() => findFiles({ service }, [first as never, { ...first, pointer: '/other' } as never]))).toMatchObject({
      errors: [{ pointer: '/other', code: 'file.twice' }],
    })
  })

  it('are judged by the policy, all together', async () => {
    const judged: unknown[] = []
    const policy = (answer: object | null) => ({ inspect: async (...args: unknown[]) => noting(judged, answer)(...args) })
    const program = { definition: { documents: [{ id: 'paper', accept: ['pdf'], maxBytes: 5 }] }, nodes: new Map() } as never
    const of = (answer: object | null) => ({ adapters: {}, service: { agency: { id: 'city' }, policy: policy(answer) } }) as never
    await inspectFiles(of(null), { program }, [...(await found('a', 'b'))])
    const file = { size: 9, kind: 'pdf', declared: 'application/pdf', name: '', accept: ['pdf'], maxBytes: 5, picture: null }
    expect(judged).toEqual([[{ files: [file, file] }]])
    expect(await refusalOf(() => inspectFiles(of({ status: 422, code: 'file-too-large' }), { program }, []))).toMatchObject({
      status: 422,
      code: 'file-too-large',
    })
    // What is of no place of the version has no limits of it.
    await inspectFiles(of(null), { program }, [{ ...row('a', { target: 'gone' }), pointer: '/x' } as never])
    expect(judged[2]).toEqual([{ files: [{ ...file, accept: undefined, maxBytes: undefined }] }])
  })

  it('of a sealed service are not looked into, and of any other they are', async () => {
    const judged: unknown[] = []
    const policy = { inspect: async () => noting(judged, { status: 422, code: 'file-refused' })() }
    const intake = { adapters: {}, service: { ...Object(service), policy } }
    const valid = (sealed: object | null) =>
      ({ intake, filledIn: { sealed, program: { definition: {}, nodes: new Map() } }, submission: {}, given: sent('a') }) as never
    expect(await refusalOf(() => inspect(valid(null)))).toMatchObject({ code: 'file-refused' })
    expect(judged).toHaveLength(1)
    expect((await inspect(valid({}))).attachments).toMatchObject([{ id: 'a' }])
    expect(judged).toHaveLength(1)
  })
})

describe('a submission is kept', () => {
  const kek = testKek()
  const asAt = { atRest: (boxes: { atRest(): unknown }) => boxes.atRest(), asIs: (boxes: { asIs(): unknown }) => boxes.asIs() }
  const made = (how: keyof typeof asAt, change: { signedIn?: unknown; submission?: object; proved?: string[]; places?: object[]; route?: null } = {}) => {
    const months: unknown[] = []
    const keys = { pepper: Buffer.alloc(32), currentKek: noting(months, kek), kek: () => kek }
    const service = {
      agency: { id: 'city' },
      version: { service: 'card', definition: { locale: { timeZone: 'UTC' } } },
      policy: { seal: asAt[how], claim: () => change.places ?? [] },
    }
    const outcome = {
      ...{
        documents: [{ document: { id: 'paper' }, copies: 2 }],
        computed: { echo: 'Ana' },
        fee: { lines: [], total: 0 },
        route: change.route === null ? null : { to: 'desk' },
      },
    }
    const clean = {
      ...{ intake: { adapters: { keys }, service, now, signedIn: change.signedIn ?? null }, answers: { name: 'Ana', b: 1 }, outcome },
      ...{ submission: { ...given, ...change.submission }, verified: ['name'], proved: change.proved ?? [] },
    }
    const sealed = seal(clean as never)
    const bytes = { answers: Buffer.from(sealed.answers), outcome: Buffer.from(sealed.outcome) }
    const { row } = closed({ submission: { sealing: null, ...bytes } as never, seal: sealed.box.secret })
    return { ...sealed, row, months, keys }
  }
  const kept = { documents: [{ id: 'paper', copies: 2 }], computed: { echo: 'Ana' }, fee: { lines: [], total: 0 }, route: 'desk', atDesk: [] }

  it('sealed with the key of the month, for this very case, where the policy says so', async () => {
    const one = made('atRest')
    expect(one.months).toEqual([['city', now]])
    expect(Buffer.concat([one.row.answers, one.row.outcome]).toString('latin1')).not.toContain('Ana')
    const row = { id: one.id, service: 'card', sealing: one.row.sealing }
    const box = caseBox({ keys: one.keys } as never, 'city' as never, row)
    expect(openAnswers(box, { answers: one.row.answers, amended: 0 })).toEqual({ name: 'Ana', b: 1 })
    expect(openOutcome(box, { outcome: one.row.outcome, amended: 0 })).toEqual(kept)
    // Neither in the other's place, nor with another case's box.
    expect(() => openAnswers(box, { answers: one.row.outcome, amended: 0 })).toThrow()
    expect(() => openAnswers(newBox(kek, `city|card|${one.id}`), { answers: one.row.answers, amended: 0 })).toThrow()
    expect(made('atRest').id).not.toBe(one.id)
  })

  it('as it is where the policy says that', () => {
    const one = made('asIs')
    expect([one.months, one.box]).toEqual([[], openBox])
    expect([one.row.sealing, Buffer.from(one.row.answers).toString(), one.answers]).toEqual([null, '{"b":1,"name":"Ana"}', '{"b":1,"name":"Ana"}'])
    expect(JSON.parse(Buffer.from(one.row.outcome).toString())).toEqual(kept)
  })

  it('with how its sender was signed in, what was proved and what is given back, if anything', () => {
    const outcomeOf = (change: Parameters<typeof made>[1]) => JSON.parse(Buffer.from(made('asIs', change).outcome).toString())
    const ana = { provider: 'national', level: 'high', subject: 'ana', claims: {}, evidence: 'e' }
    expect(outcomeOf({ signedIn: ana })).toEqual({ ...kept, signIn: { provider: 'national', level: 'high', fields: ['name'] } })
    expect(outcomeOf({ signedIn: 'ended' })).toEqual(kept)
    expect(outcomeOf({ route: null })).toEqual({ ...kept, route: null })
    expect(outcomeOf({ proved: ['/email'], submission: { atDesk: ['paper'] } })).toEqual({ ...kept, atDesk: ['paper'], proved: ['/email'] })
    const place = (counter: string, more: object = {}) => ({ counter, most: 1, full: { code: 'full' }, before: null, ...more })
    expect(outcomeOf({ places: [place('all'), place('person', { givenBack: true })] })).toEqual({ ...kept, givesBack: ['person'] })
    expect(made('asIs', { places: [place('all')] }).places).toEqual([place('all')])
  })

  it('under the name that was sealed in the browser, with what came sealed', () => {
    const sealed = { manifest: { case: '0123456789abcdef' }, keys: [], body: 'AAAA' }
    const one = made('asIs', { submission: { sealed } })
    expect(one.id).toMatch(/^[0-9a-z]{10}0123456789abcdef$/)
    expect(JSON.parse(Buffer.from(one.outcome).toString()).sealed).toEqual({
      part: sealed,
      clear: expect.objectContaining({ language: 'en', answers: { name: 'Ana' } }),
    })
  })
})
