import type { Policy, ServiceDefinition } from '@guichet/schemas'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { findBreak } from '../audit/chain.ts'
import type { CaseView } from '../cases/open-case.ts'
import { canonical } from '../digest.ts'
import { canonicalDigest } from '../receipts/receipt.ts'
import type { LiveService } from '../services/live.ts'
import type { StatusView } from '../submissions/follow.ts'
import { movingDefinition, type Officer, officerOf, receive } from '../testing/cases.ts'
import { createWorld, foreign, newKey, own, pdf, plainPolicy, png, type TestResponse, type World } from '../testing/world.ts'
import { onlineTerms } from './online.ts'

let world: World
let officer: Officer
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const policyOf = (additions: object = {}): Policy => ({ rules: { origins: { allow: [foreign] }, additions } }) as Policy
async function offer(policy: Policy = policyOf(), change: (definition: ServiceDefinition) => void = () => {}) {
  await world.offer(movingDefinition(change), policy)
}
const start = async (policy?: Policy, change?: (definition: ServiceDefinition) => void) => {
  await offer(policy, change)
  officer = await officerOf(world)
}
/** Officers sign in again each day. */
const goTo = async (time: string) => {
  world.setTime(time)
  await officer.renew()
}
const city = async () => world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
const body = async <T>(response: { json(): Promise<unknown> }) => (await response.json()) as T
const caseOf = async (submission: string) => body<CaseView>(await officer.get(`/v1/admin/cases/${submission}?purpose=handling`))
const post = (path: string, content: object, headers: Record<string, string> = {}) =>
  world.request(path, { method: 'POST', headers: { 'Content-Type': 'application/json', Origin: own, ...headers }, body: JSON.stringify(content) })
const at = (submission: string) => `/v1/services/city/library-card/cases/${submission}`
const follow = async (reference: string) => body<StatusView>(await post('/v1/status', { reference }))
const asked = (submission: string, reference: string) => post(`${at(submission)}/asked`, { reference })
const add = (submission: string, content: object, key = newKey(), headers = {}) =>
  post(`${at(submission)}/submissions`, content, { 'Idempotency-Key': key, ...headers })
const ask = (submission: string, revision: number, of: object, decision = 'ask_more') =>
  officer.decide(submission, revision, { decision, note: 'Please give your full name.', ask: { fields: [], documents: [], ...of } })
const codeOf = async (response: TestResponse) => `${response.status} ${(await response.json()).type?.split('/').at(-1)}`
interface View {
  number: number
  view: { definition: ServiceDefinition; open: { state: string }; asks?: object; messages: object }
  answers: Record<string, unknown>
}
const upload = async (name: string, content: Uint8Array<ArrayBuffer> = pdf, type = 'application/pdf') => {
  const response = await world.request(`/v1/services/city/library-card/attachments?target=student_id&name=${name}`, {
    method: 'POST',
    headers: { 'Content-Type': type },
    body: content,
  })
  expect(response.status).toBe(201)
  return (await response.json()).id
}

const student = async () => receive(world, { student: true, school: 'Polytechnic' }, { documents: { student_id: [await upload('a.pdf')] } })

describe('when an officer asks for more', () => {
  it('the citizen reads what is asked for and answers it: a new version, with the one before it beside it', async () => {
    await start({ ...policyOf(), deliveries: { webhook: { endpoints: [{ url: 'https://hooks.example.org/in', events: ['submission.changed'] }] } } } as Policy)
    const { submission, reference } = await receive(
      world,
      { name: 'Sam O.', student: true, school: 'Polytechnic' },
      { documents: { student_id: [await upload('old.pdf')] } },
    )
    const before = await caseOf(submission)
    expect(before.askable).toEqual({ fields: ['name', 'student', 'school', 'cards'], documents: ['student_id'], otherwise: null })
    // Monday noon; the term ends on Thursday. It is asked on Wednesday, with one working day left.
    await goTo('2026-01-07T10:00:00.000Z')
    const moved = await ask(submission, 1, { fields: ['name'], documents: ['student_id'], until: '2026-01-20' })
    expect([moved.status, (await moved.json()) as unknown]).toEqual([
      200,
      expect.objectContaining({ status: 'waiting', dueAt: '2026-01-20T21:59:59.999Z', revision: 2 }),
    ])
    expect(await follow(reference)).toMatchObject({
      status: 'waiting',
      decision: { id: 'ask_more', reason: 'Please give your full name.' },
      ask: { until: '2026-01-20', online: true, what: ['Full name', 'Student card'] },
    })
    expect((await follow(reference)).dueAt).toBeUndefined()

    const shown = await body<View>(await asked(submission, reference))
    expect(shown.number).toBe(2)
    expect(shown.answers).toEqual({})
    expect(shown.view.definition.pages.map(({ fields }) => fields.map(({ id }) => id))).toEqual([['name']])
    expect(shown.view.definition.documents).toMatchObject([{ id: 'student_id', copies: 1, maxFiles: 2 }])
    // Nothing of what was sent in is in it, and nothing that the service asks else.
    for (const secret of ['Sam O.', 'Polytechnic', 'old.pdf', 'routes', 'stages']) expect(JSON.stringify(shown.view.definition)).not.toContain(secret)

    await goTo('2026-01-15T09:00:00.000Z')
    const file = await upload('new.png', png, 'image/png')
    const key = newKey()
    const content = { reference, number: 2, version: 1, language: 'en', answers: { name: 'Sam Okafor' }, documents: { student_id: [file] }, atDesk: [] }
    const answer = await add(submission, content, key)
    expect(answer.status).toBe(201)
    const first = await answer.json()
    expect(first).toMatchObject({
      submission,
      amendment: 3,
      receipt: { payload: { amendment: 3, submission, attachments: [{ target: 'student_id', size: png.length }] } },
    })
    const { payload } = first.receipt
    expect(payload.answersDigest).toBe(canonicalDigest(payload.salt, canonical({ name: 'Sam Okafor' })))

    // The answer was lost: asking again with the same key is answered the same, and changes nothing.
    const again = await add(submission, content, key)
    expect([again.status, await again.json()]).toEqual([201, first])
    expect(await codeOf(await add(submission, { ...content, answers: { name: 'Else' } }, key))).toBe('422 key-reused')
    // Another attempt finds that it was answered.
    expect(await codeOf(await add(submission, content))).toBe('409 addition-over')
    expect(await codeOf(await asked(submission, reference))).toBe('409 addition-over')

    const after = await caseOf(submission)
    expect(after).toMatchObject({
      status: 'in_review',
      stage: 'intake',
      revision: 3,
      amended: 3,
      late: false,
      // One working day was left: Friday.
      dueAt: '2026-01-16T21:59:59.999Z',
      answers: { name: 'Sam Okafor', student: true, school: 'Polytechnic' },
      asked: null,
      earlier: [{ number: 3, answers: { name: 'Sam O.', student: true, school: 'Polytechnic' } }],
      history: [{ decision: 'ask_more' }, { decision: 'answer', actor: 'citizen', from: { status: 'waiting' }, to: { status: 'in_review' } }],
    })
    const [old] = before.attachments
    expect(after.outcome.replaced).toEqual([old?.id])
    expect(after.attachments.map(({ id }) => id).toSorted()).toEqual([old?.id, file].toSorted())
    expect(await follow(reference)).toMatchObject({ status: 'in_review', answeredAt: '2026-01-15T09:00:00.000Z', decision: { id: 'ask_more' } })

    const agency = await city()
    const events = await agency.auditEvents(0, 1000)
    expect(findBreak(events)).toBeNull()
    expect(events.filter(({ action }) => action === 'submission.changed').at(-1)).toMatchObject({
      actor: 'citizen',
      sequence: payload.auditSequence,
      details: { decision: 'answer', revision: 3, answers: payload.answersDigest, attachments: 1 },
    })
    expect(await agency.deliveries('waiting', 10)).toHaveLength(2)
    // On disk nothing of it is readable.
    for (const word of ['Okafor', 'Polytechnic', 'full name']) expect(world.disk()).not.toContain(word)
  })

  it('two answers of one moment are one; an officer who goes on first ends it', async () => {
    await start()
    const { submission, reference } = await receive(world)
    await ask(submission, 1, { fields: ['name'] })
    const content = { reference, number: 2, answers: { name: 'Sam A' } }
    const key = newKey()
    const same = await Promise.all([1, 2, 3].map(() => add(submission, content, key)))
    expect(same.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(new Set(await Promise.all(same.map((one) => one.text()))).size).toBe(1)
    expect((await caseOf(submission)).earlier).toHaveLength(1)

    await ask(submission, 3, { fields: ['name'] })
    const different = await Promise.all(['B', 'C'].map((name) => add(submission, { ...content, number: 4, answers: { name } })))
    expect(different.map(({ status }) => status).toSorted()).toEqual([201, 409])
    // Each version is kept, under its own revision.
    const { earlier, revision } = await caseOf(submission)
    expect(earlier.map(({ answers }) => answers.name)).toEqual(['Sam Okafor', 'Sam A'])

    await ask(submission, revision, { fields: ['name'] })
    await officer.decide(submission, revision + 1, { decision: 'refuse', note: 'No.' })
    expect(await codeOf(await add(submission, { ...content, number: revision + 1 }))).toBe('409 addition-over')
  })

  it('what comes again while the first is being kept is answered as the first, however far it has come', async () => {
    await start()
    const { submission, reference } = await receive(world)
    await ask(submission, 1, { fields: ['name'] })
    const { agency } = (await world.adapters.live.find('city', 'library-card'))!
    const content = { reference, number: 2, answers: { name: 'Sam A' } }
    const key = newKey()
    // The second has looked for the first in vain, and reads the case when the first is done with it.
    const steps = agency.caseSteps.bind(agency)
    let first: Promise<TestResponse> | null = null
    const late = vi.spyOn(agency, 'caseSteps').mockImplementationOnce(async (id) => {
      first = add(submission, content, key)
      await first
      return steps(id)
    })
    const second = await add(submission, content, key)
    late.mockRestore()
    expect([second.status, await second.text()]).toEqual([201, await (await first!).text()])
    // Not so with another key: that is another answer.
    expect(await codeOf(await add(submission, content))).toBe('409 addition-over')
    expect((await caseOf(submission)).earlier).toHaveLength(1)
  })

  it('answers of other questions are left behind, and what is asked for is needed', async () => {
    await start()
    const { submission, reference } = await student()
    await ask(submission, 1, { fields: ['school'], documents: ['student_id'] })
    const wrong = await add(submission, { reference, number: 2, answers: { name: 'Somebody Else' } })
    expect(wrong.status).toBe(422)
    expect((await wrong.json()).errors.map(({ pointer }) => pointer)).toEqual(['/school', '/documents/student_id'])
    // A file of another case, or of nobody, is none.
    const [theirs] = (await caseOf(submission)).attachments
    for (const file of [theirs?.id, '0'.repeat(26)])
      expect((await add(submission, { reference, number: 2, answers: { school: 'ETH' }, documents: { student_id: [file] } })).status).toBe(422)
    const right = await add(submission, {
      reference,
      number: 2,
      answers: { school: 'ETH', name: 'Somebody Else', x: 1 },
      documents: { student_id: [await upload('b.png', png, 'image/png')] },
    })
    expect(right.status).toBe(201)
    expect((await caseOf(submission)).answers).toMatchObject({ name: 'Sam Okafor', student: true, school: 'ETH' })
  })

  it('what follows from the asked question alone is asked with it, and what follows from the answers is worked out anew', async () => {
    await start()
    const { submission, reference } = await receive(world)
    await ask(submission, 1, { fields: ['student', 'cards'] })
    const { view } = await body<View>(await asked(submission, reference))
    expect(view.definition.pages[0]?.fields.map(({ id, when }) => [id, when])).toEqual([
      ['student', undefined],
      ['school', { var: 'student' }],
      ['cards', undefined],
    ])
    expect((await (await add(submission, { reference, number: 2, answers: { student: true } })).json()).errors).toMatchObject([
      { pointer: '/school', code: 'required' },
    ])
    expect((await add(submission, { reference, number: 2, answers: { student: true, school: 'ETH', cards: [{ holder: 'Kim' }] } })).status).toBe(201)
    expect(await caseOf(submission)).toMatchObject({
      answers: { name: 'Sam Okafor', student: true, school: 'ETH', cards: [{ holder: 'Kim' }] },
      outcome: { computed: { cards_total: 2 }, fee: { total: 500 }, documents: [{ id: 'student_id' }], route: 'intake' },
      earlier: [{ answers: { name: 'Sam Okafor', student: false }, outcome: { fee: { total: 250 } } }],
    })
  })

  it('files come also when the service has closed, but only those that are asked for', async () => {
    await start(policyOf(), (definition) => {
      definition.window = { closes: '2026-01-10T12:00' } as never
    })
    const { submission, reference } = await student()
    await ask(submission, 1, { documents: ['student_id'] })
    world.setTime('2026-01-12T10:00:00.000Z')
    const bring = (path: string) =>
      world.request(`${path}/attachments?target=student_id&name=late.png`, { method: 'POST', headers: { 'Content-Type': 'image/png' }, body: png })
    expect(await codeOf(await bring('/v1/services/city/library-card'))).toBe('403 closed')
    const file = await bring(at(submission))
    expect(file.status).toBe(201)
    expect((await add(submission, { reference, number: 2, answers: {}, documents: { student_id: [(await file.json()).id] } })).status).toBe(201)
    // Nothing is asked for any more, nor of any other case.
    for (const other of [submission, '0'.repeat(26)]) expect(await codeOf(await bring(at(other)))).toBe('404 not-found')
  })
})

describe('who holds the code', () => {
  it('reads back what the policy names, and nothing else', async () => {
    await start(policyOf({ prefill: ['school'] }))
    const { submission, reference } = await student()
    await ask(submission, 1, { fields: ['name', 'school'] })
    expect((await body<View>(await asked(submission, reference))).answers).toEqual({ school: 'Polytechnic' })
    // Not once something else has to be shown first; and then nothing is taken without it.
    await offer(policyOf({ prefill: ['school'], proof: ['name'] }))
    await ask(submission, 2, { fields: ['school'] })
    const shown = await body<View>(await asked(submission, reference))
    expect(shown.answers).toEqual({})
    expect(shown.view.definition.pages.map(({ id, fields }) => [id, fields.map((field) => field.id)])).toEqual([
      ['known', ['name']],
      ['asked', ['school']],
    ])
    for (const name of [undefined, 'Somebody Else', ['Sam Okafor'], { a: 1 }]) {
      const refused = await add(submission, { reference, number: 3, answers: { school: 'ETH', name } })
      expect([refused.status, (await refused.json()).errors]).toEqual([422, [expect.objectContaining({ pointer: '/name', code: 'addition.unknown' })]])
    }
    expect((await caseOf(submission)).earlier).toEqual([])
    expect((await add(submission, { reference, number: 3, answers: { school: 'ETH', name: ' sam  OKAFOR' } })).status).toBe(201)
    // What shows who they are is not changed by it.
    expect((await caseOf(submission)).answers).toMatchObject({ name: 'Sam Okafor', school: 'ETH' })
  })

  it('cannot guess for long what else has to be shown', async () => {
    await start(policyOf({ proof: ['name'] }))
    const { submission, reference } = await student()
    await ask(submission, 1, { fields: ['school'] })
    const tried = []
    for (let i = 0; i < 8; i++) tried.push((await add(submission, { reference, number: 2, answers: { school: 'ETH', name: `Sam ${i}` } })).status)
    expect(tried).toEqual([422, 422, 422, 422, 422, 422, 429, 429])
  })

  it('finds nothing with another code, another number, or from a page that may not embed the service', async () => {
    await start()
    const [mine, other] = [await receive(world), await receive(world)]
    await ask(mine.submission, 1, { fields: ['name'] })
    const content = { number: 2, answers: { name: 'X' } }
    for (const [submission, reference] of [
      [mine.submission, other.reference],
      [other.submission, mine.reference],
      ['0'.repeat(26), mine.reference],
      [mine.submission, 'nonsense'],
    ] as const) {
      expect(await codeOf(await asked(submission, reference))).toBe('404 code-unknown')
      expect(await codeOf(await add(submission, { ...content, reference }))).toBe('404 code-unknown')
    }
    const from = (origin: string) => add(mine.submission, { ...content, reference: mine.reference }, newKey(), { Origin: origin })
    expect((await from('https://evil.example')).status).toBe(403)
    // The control: the page that may.
    expect((await from(foreign)).status).toBe(201)
  })

  it.each([
    ['by the policy', policyOf({ online: false }), 'policy'],
    ['by the confidential preset', { ...policyOf(), preset: 'confidential' } as Policy, 'policy'],
  ])('is sent elsewhere %s, and officers are told that they cannot ask online', async (_, policy, otherwise) => {
    await start()
    const { submission, reference } = await receive(world)
    await ask(submission, 1, { fields: ['name'] })
    await offer(policy)
    expect((await follow(reference)).ask).toEqual({ online: false, what: [] })
    expect(await codeOf(await asked(submission, reference))).toBe('409 addition-over')
    expect(await codeOf(await add(submission, { reference, number: 2, answers: { name: 'X' } }))).toBe('409 addition-over')
    expect((await caseOf(submission)).askable).toEqual({ fields: [], documents: [], otherwise })
  })

  it('is sent elsewhere where a sign-in is asked for, unless something else shows who they are; and where officers alone open what is sent', () => {
    const live = (more: object, proof: string[] = []) =>
      ({ sealed: null, policy: { terms: () => ({ online: true, proof, prefill: [] }), asks: {} }, ...more }) as unknown as LiveService
    const signIn = (proof: string[]) => ({ policy: { terms: () => ({ online: true, proof, prefill: [] }), asks: { signIn: { demand: 'required' } } } })
    const plain = live({})
    expect(onlineTerms(plain, plain).otherwise).toBeNull()
    expect(onlineTerms(live(signIn([])), plain).otherwise).toBe('sign-in')
    expect(onlineTerms(live(signIn(['name'])), plain).otherwise).toBeNull()
    for (const [latest, filledIn] of [
      [live({ sealed: {} }), plain],
      [plain, live({ sealed: {} })],
    ] as const)
      expect(onlineTerms(latest, filledIn).otherwise).toBe('sealed')
  })
})

describe('an officer', () => {
  it('asks for what the citizen can answer, and says until when', async () => {
    // Who takes one of so many places at a school, cannot change it afterwards.
    await start({ rules: { ...plainPolicy.rules, capacity: { slot: 'school', perSlot: 5 } } } as Policy)
    const { submission } = await receive(world)
    const { askable } = await caseOf(submission)
    expect(askable.fields).toEqual(['name', 'student', 'cards'])
    const wrong = async (of: object, decision?: string) =>
      ((await (await ask(submission, 1, of, decision)).json()).errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`)
    expect(await wrong({ fields: ['name', 'school', 'cards.holder', 'nothing'] })).toEqual(
      ['/ask/fields/1', '/ask/fields/2', '/ask/fields/3'].map((at) => `${at} case.not-askable`),
    )
    expect(await wrong({ documents: ['paper'] })).toEqual(['/ask/documents/0 case.not-askable'])
    for (const until of ['2026-01-05', '2020-01-01', '2026-02-30', '2028-01-01', 'soon'])
      expect(await wrong({ fields: ['name'], until })).toEqual(['/ask/until case.until'])
    expect(await wrong({ fields: ['name'] }, 'refuse')).toEqual(['/ask case.not-asking'])
    expect((await caseOf(submission)).revision).toBe(1)
  })

  it('who asks once more does not begin the term of the office anew', async () => {
    await start()
    const { submission, reference } = await receive(world)
    await goTo('2026-01-07T10:00:00.000Z')
    await ask(submission, 1, { fields: ['name'] })
    await goTo('2026-01-12T10:00:00.000Z')
    await ask(submission, 2, { fields: ['student'] })
    await goTo('2026-01-14T10:00:00.000Z')
    expect((await add(submission, { reference, number: 3, answers: { student: false } })).status).toBe(201)
    expect((await caseOf(submission)).dueAt).toBe('2026-01-15T21:59:59.999Z')
  })

  it('sends a case back, and has it again at the same stage with what was decided before', async () => {
    await start()
    const { submission, reference } = await receive(world)
    await officer.decide(submission, 1, { decision: 'accept' })
    expect((await ask(submission, 2, { fields: ['name'] }, 'send_back')).status).toBe(200)
    expect(await follow(reference)).toMatchObject({ status: 'returned', ask: { online: true } })
    expect((await add(submission, { reference, number: 3, answers: { name: 'Sam B' } })).status).toBe(201)
    expect(await caseOf(submission)).toMatchObject({ status: 'in_review', stage: 'check', offers: ['approve', 'part_approve', 'reject', 'send_back'] })
  })
})
