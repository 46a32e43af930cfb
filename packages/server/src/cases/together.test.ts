import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findBreak } from '../audit/chain.ts'
import { movingDefinition, type Officer, officerOf, receive } from '../testing/cases.ts'
import { reading } from '../testing/reading.ts'
import { offerSealed, recipientsFor, sealedBody } from '../testing/sealed.ts'
import { answersOf, createWorld, newKey, plainPolicy, type World } from '../testing/world.ts'
import { decideTogether, mostTogether } from './decide-together.ts'
import type { CaseLine, CaseView } from './open-case.ts'

let world: World
let officer: Officer
beforeEach(async () => {
  world = await createWorld()
  await world.offer(movingDefinition())
  officer = await officerOf(world)
})
afterEach(() => world.close())

interface Told {
  results: ({ decided: CaseLine; refused?: never } | { decided?: never; refused: { type: string; title: string } & Record<string, unknown> })[]
}
const agencyOf = async () => world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
const audited = async (action: string) => (await (await agencyOf()).auditEvents(0, 1000)).filter((event) => event.action === action)
const json = async <T>(response: { json(): Promise<unknown> }) => (await response.json()) as T
const open = async (submission: string) => json<CaseView>(await officer.get(`/v1/admin/cases/${submission}`))
const seen = (submission: string, revision = 1) => ({ submission, revision })
const ask = (body: object, key: string | null = newKey()) =>
  officer.send('POST', '/v1/admin/cases/decisions', body, key === null ? {} : { 'Idempotency-Key': key })
const decide = async (body: object, key = newKey()) => (await json<Told>(await ask(body, key))).results
const brief = (results: Told['results']) =>
  results.map(({ decided, refused }) => (decided ? `${decided.status} ${decided.revision}` : `no: ${refused.type.split('/').at(-1)}`))

describe('one decision about several cases', () => {
  it('is made about each by itself: a step, a leaf and the messages of its own', async () => {
    await world.offer(movingDefinition(), {
      ...plainPolicy,
      deliveries: { webhook: { endpoints: [{ url: 'https://hooks.example.org/in', events: ['submission.changed'] }] } },
    })
    const cases = []
    for (let i = 0; i < 3; i++) cases.push(seen((await receive(world, {}, { version: 2 })).submission))
    expect(brief(await decide({ cases, decision: 'refuse', note: ' Not this year. ' }))).toEqual(['refused 2', 'refused 2', 'refused 2'])
    for (const { submission } of cases) {
      const { status, history } = await open(submission)
      expect([status, history]).toMatchObject(['refused', [{ number: 2, decision: 'refuse', note: 'Not this year.', actor: `user:${officer.user}` }]])
    }
    expect((await audited('submission.changed')).map(({ object }) => object)).toEqual(cases.map(({ submission }) => `submission:${submission}`))
    expect(findBreak(await (await agencyOf()).auditEvents(0, 1000))).toBeNull()
    expect((await (await agencyOf()).deliveries('waiting', 10)).map(({ submission }) => submission).sort()).toEqual(cases.map((one) => one.submission).sort())
  })

  it('is refused about those that cannot take it, and made about the others', async () => {
    const [here, moved, further] = [await receive(world), await receive(world), await receive(world)].map(({ submission }) => submission) as [
      string,
      string,
      string,
    ]
    await officer.decide(moved, 1, { decision: 'ask_more', note: 'Which?' })
    await officer.decide(further, 1, { decision: 'accept' })
    const results = await decide({ cases: [seen(moved), seen(here), seen(further, 2), seen('01never')], decision: 'accept' })
    expect(brief(results)).toEqual(['no: stale', 'in_review 2', 'no: decision', 'no: not-found'])
    // Told as for a single case: what others did meanwhile, what is wrong with it, in words.
    expect(results[0]?.refused).toMatchObject({ revision: 2, meanwhile: [{ decision: 'ask_more' }], title: expect.stringMatching(/\w{4}/) })
    expect(results[2]?.refused).toMatchObject({ errors: [{ pointer: '/decision', code: 'case.not-offered', detail: expect.stringMatching(/\w{4}/) }] })
    expect([(await open(moved)).revision, (await open(further)).revision]).toEqual([2, 2])
    // Without the reason that the citizens have to be told, none is refused.
    expect(brief(await decide({ cases: [seen(here, 2)], decision: 'reject' }))).toEqual(['no: decision'])
  })

  it('is kept to four eyes, case by case', async () => {
    await world.offer(
      movingDefinition((definition) => {
        for (const stage of definition.stages ?? []) if (stage.id === 'check') stage.fourEyes = true
      }),
    )
    const [mine, theirs] = [(await receive(world, {}, { version: 2 })).submission, (await receive(world, {}, { version: 2 })).submission]
    await officer.decide(mine, 1, { decision: 'accept' })
    const agency = await agencyOf()
    const asked = { decision: 'accept', key: newKey(), actor: 'user:bo', now: world.adapters.clock.now(), reading }
    expect(await decideTogether(world.adapters, world.config, agency, { ...asked, cases: [seen(theirs)] })).toMatchObject([{ decided: { stage: 'check' } }])
    expect(brief(await decide({ cases: [seen(mine, 2), seen(theirs, 2)], decision: 'approve' }))).toEqual(['no: four-eyes', 'approved 3'])
  })

  it('is sent again after a lost answer, and made once', async () => {
    const cases = [seen((await receive(world)).submission), seen((await receive(world)).submission)]
    const key = newKey()
    const body = { cases, decision: 'accept', note: 'In order.' }
    const first = await decide(body, key)
    expect(await decide(body, key)).toEqual(first)
    // Half of it, as when the line broke between two requests; and after the case has gone on.
    expect(await decide({ ...body, cases: cases.slice(1) }, key)).toEqual(first.slice(1))
    await officer.decide(cases[0]!.submission, 2, { decision: 'approve' })
    expect(brief(await decide(body, key))).toEqual(['approved 3', 'in_review 2'])
    expect((await open(cases[1]!.submission)).history).toHaveLength(1)
    expect(await audited('submission.changed')).toHaveLength(3)
    // Nothing else is taken for it: another key, other words, somebody else.
    expect(brief(await decide(body))).toEqual(['no: stale', 'no: stale'])
    expect(brief(await decide({ ...body, note: 'Not in order.' }, key))).toEqual(['no: stale', 'no: stale'])
    const asked = { ...body, key, now: world.adapters.clock.now(), reading }
    for (const [actor, status] of [
      [`user:${officer.user}`, undefined],
      ['user:bo', 412],
    ] as const) {
      const [result] = await decideTogether(world.adapters, world.config, await agencyOf(), { ...asked, actor })
      expect((result as { error?: { status: number } }).error?.status).toBe(status)
    }
  })

  it('leaves alone what the store would not take, and goes on', async () => {
    const cases = [seen((await receive(world)).submission), seen((await receive(world)).submission), seen((await receive(world)).submission)]
    const agency = await agencyOf()
    const failing: typeof agency = {
      ...agency,
      async moveCase(change) {
        if (change.from.id === cases[1]?.submission) throw new Error('no room')
        await agency.moveCase(change)
      },
    }
    const asked = { cases, decision: 'accept', key: newKey(), actor: 'user:bo', now: world.adapters.clock.now(), reading }
    const results = await decideTogether(world.adapters, world.config, failing, asked)
    expect(results).toMatchObject([{ decided: { revision: 2 } }, { error: { message: 'no room' } }, { decided: { revision: 2 } }])
    expect(await open(cases[1]!.submission)).toMatchObject({ revision: 1, history: [] })
    // The same once more does what was left, and only that.
    expect((await decideTogether(world.adapters, world.config, agency, asked)).map((one) => one.decided?.revision)).toEqual([2, 2, 2])
    expect(await audited('submission.changed')).toHaveLength(3)
  })

  it('is not made about sealed cases, which somebody has to open', async () => {
    const sealed = await offerSealed(world, ['student', 'cards'], movingDefinition())
    const body = await sealedBody(await recipientsFor(world), sealed.definition, ['student', 'cards'], { answers: answersOf().answers })
    const { submission } = await json<{ submission: string }>(await world.send(body))
    expect(brief(await decide({ cases: [seen(submission)], decision: 'refuse', note: 'Unread.' }))).toEqual(['no: open-each'])
    expect((await officer.decide(submission, 1, { decision: 'refuse', note: 'Read.' })).status).toBe(200)
  })

  it('is offered in the list by what each case allows', async () => {
    const [one, two] = [(await receive(world)).submission, (await receive(world)).submission]
    await officer.decide(one, 1, { decision: 'accept' })
    const { cases } = await json<{ cases: { submission: string; offers: string[] }[] }>(await officer.get('/v1/admin/cases'))
    expect(Object.fromEntries(cases.map(({ submission, offers }) => [submission, offers]))).toEqual({
      [one]: ['approve', 'part_approve', 'reject', 'send_back'],
      [two]: ['accept', 'refuse', 'send_back', 'ask_more'],
    })
    const sealed = await offerSealed(world, ['student', 'cards'], movingDefinition())
    const body = await sealedBody(await recipientsFor(world), sealed.definition, ['student', 'cards'], { answers: answersOf().answers })
    const closed = await json<{ submission: string }>(await world.send(body))
    const listed = await json<{ cases: { submission: string; offers: string[] }[] }>(await officer.get('/v1/admin/cases'))
    expect(listed.cases.find(({ submission }) => submission === closed.submission)?.offers).toEqual([])
    expect((await json<{ needNote: string[] }>(await officer.get('/v1/admin/desk'))).needNote).toEqual(['reject', 'refuse', 'send_back', 'ask_more'])
  })

  it('names each case once, so many at a time, and has a key', async () => {
    const { submission } = await receive(world)
    const refused = async (body: object, key?: string | null) => {
      const { type, errors } = await (await ask(body, key)).json()
      return [type.split('/').at(-1), errors?.[0]?.pointer]
    }
    const body = { cases: [seen(submission)], decision: 'accept' }
    expect(await refused(body, null)).toEqual(['key-missing', undefined])
    expect(await refused({ ...body, cases: [seen('a'), seen(submission), seen(submission)] })).toEqual(['shape', '/cases/2/submission'])
    expect(await refused({ ...body, cases: [] })).toEqual(['shape', '/cases'])
    const many = Array.from({ length: mostTogether + 1 }, (_, i) => seen(`case-${i}`))
    expect(await refused({ ...body, cases: many })).toEqual(['shape', '/cases'])
    expect(brief(await decide({ ...body, cases: many.slice(1) }))).toEqual(Array(mostTogether).fill('no: not-found'))
    expect(await refused({ ...body, cases: [{ submission }] })).toEqual(['shape', '/cases/0/revision'])
    expect(await open(submission)).toMatchObject({ revision: 1 })
  })
})
