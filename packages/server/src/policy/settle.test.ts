import type { Policy } from '@guichet/schemas'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openBox } from '../keys/seal-box.ts'
import { Refused } from '../problem.ts'
import type { AgencyId } from '../store/store.ts'
import { evidence } from '../testing/evidence.ts'
import { presetOf, presets } from './preset.ts'
import { memoryRates } from './rate/rates.ts'
import { type ClaimEvidence, grave, PolicyError, type ReadEvidence, type Rule, type SealEvidence } from './rule.ts'
import { rules } from './rules.ts'
import { type Settled, settlePolicy } from './settle.ts'

const now = new Date('2026-01-05T08:00:00Z')
const sealing: SealEvidence = { atRest: () => ({ ...openBox, sealing: { mode: 'at-rest', bucket: '', key: '' } }), asIs: () => openBox }
const claiming: ClaimEvidence = {
  agency: 'city' as AgencyId,
  service: 'card',
  answers: {},
  signedIn: null,
  pseudonym: (of) => of,
  now,
  today: () => ({ date: '2026-01-05', begins: '2026-01-04T22:00:00.000Z', ends: '2026-01-05T22:00:00.000Z' }),
}
const reading: ReadEvidence = {
  deed: 'open',
  agency: 'city' as AgencyId,
  service: 'card',
  reader: { id: 'user:1', roles: ['officer'] },
  client: '203.0.113.7',
  purpose: null,
  now,
}

/** A rule that answers what it is told to. */
const telling = (stage: Rule['stage'], ask: (...args: never[]) => unknown): Rule =>
  ({
    name: 'x-telling',
    stage,
    presets: { open: {}, standard: {}, confidential: {}, sealed: {} },
    settle: () => ask,
    explain: () => ({ citizen: [], author: [] }),
  }) as unknown as Rule
const withoutSeal = rules.filter(({ stage }) => stage !== 'seal')

/** Whether a policy with nothing but this rule, and one to seal, lets through. */
async function lets(stage: Rule['stage'], ask: (...args: never[]) => unknown): Promise<boolean> {
  const own = telling(stage, ask)
  const policy: Settled = settlePolicy({}, stage === 'seal' ? [own] : [own, ...rules.filter((rule) => rule.stage === 'seal')])
  if (stage === 'admit') return (await policy.admit(evidence())) === null
  if (stage === 'inspect') return (await policy.inspect({ files: [] })) === null
  if (stage === 'read') return (await policy.read(reading)) === null
  if (stage === 'reveal') return policy.reveal({ roles: ['officer'], way: 'case' })('name') === true
  try {
    if (stage === 'claim') policy.claim(claiming)
    else policy.seal(sealing)
    return true
  } catch (error) {
    expect(error).toBeInstanceOf(Refused)
    expect((error as Refused).status).toBe(503)
    return false
  }
}

const asking = ['admit', 'inspect', 'read', 'reveal', 'claim', 'seal'] as const
/** What each stage takes for a yes, besides which everything is a no. */
const yes: Record<(typeof asking)[number], unknown> = {
  admit: null,
  inspect: null,
  read: null,
  reveal: () => true,
  claim: [],
  seal: openBox,
}
const nonsense = fc.oneof(
  fc.anything().filter((value) => value !== null),
  fc.record({ status: fc.anything(), code: fc.anything() }),
  fc.constantFrom<unknown>(
    undefined,
    true,
    false,
    0,
    '',
    'null',
    {},
    { status: 200, code: 'rate' },
    { status: 429 },
    { code: 'rate' },
    Promise.resolve(undefined),
  ),
)

describe('a policy', () => {
  it('is the standard preset where nothing is said', async () => {
    const policy = settlePolicy({})
    expect(policy.preset).toBe('standard')
    expect(await policy.admit(evidence({ origin: 'https://any.example' }))).toMatchObject({ code: 'origin', rule: 'origins' })
    expect(await policy.admit(evidence())).toBeNull()
    expect(policy.seal(sealing).sealing).not.toBeNull()
    expect(await settlePolicy({ preset: 'open' }).admit(evidence({ origin: 'https://any.example' }))).toBeNull()
  })

  it('reads the word that was standard’s before as standard', async () => {
    const published = { preset: 'strict', rules: { rate: { submissionsPerHour: 10 } } } as Policy
    expect(presetOf(published)).toBe('standard')
    expect(settlePolicy(published).preset).toBe('standard')
    expect(await settlePolicy(published).admit(evidence({ origin: 'https://any.example' }))).toMatchObject({ code: 'origin' })
  })

  it.each(presets)('can be meant as %s', (preset) => {
    expect(settlePolicy({ preset }).preset).toBe(preset)
  })

  it.each(asking)('denies when a rule of stage %s throws, at once or later', async (stage) => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (thrown) => {
        const fails = () => {
          throw thrown
        }
        expect(await lets(stage, fails)).toBe(false)
        const failsLater = () => Promise.reject(new Error('later'))
        expect(await lets(stage, failsLater)).toBe(false)
        if (stage === 'reveal') for (const see of [fails, failsLater]) expect(await lets(stage, () => see)).toBe(false)
      }),
      { numRuns: 50 },
    )
  })

  it.each(asking)('denies when a rule of stage %s answers nonsense, and lets its yes through: the control', async (stage) => {
    await fc.assert(
      fc.asyncProperty(nonsense, async (answer) => {
        if (stage === 'claim' && Array.isArray(answer) && answer.length === 0) return
        expect(await lets(stage, () => answer)).toBe(false)
        if (stage === 'reveal' && answer !== true) expect(await lets(stage, () => () => answer)).toBe(false)
      }),
      { numRuns: 300 },
    )
    expect(await lets(stage, () => yes[stage])).toBe(true)
  })

  it('says which rule refuses', async () => {
    const refusal = { status: 429, code: 'rate' as const, headers: { 'Retry-After': '1' } }
    const policy = settlePolicy({}, [...rules, telling('admit', () => refusal)])
    expect(await policy.admit(evidence())).toEqual({ ...refusal, rule: 'x-telling' })
    expect(await policy.admit(evidence(), ['origins'])).toBeNull()
  })

  it('takes the places that its rules ask for, and no others', () => {
    const place = { counter: 'all', most: 3, full: { code: 'rate' as const }, before: null }
    expect(settlePolicy({}, [...rules, telling('claim', () => [place])]).claim(claiming)).toContainEqual(place)
    for (const wrong of [
      { ...place, counter: 'a'.repeat(201) },
      { ...place, most: 1.5 },
      { ...place, most: '3' },
      { ...place, full: { code: 1 } },
      { ...place, full: null },
      null,
    ])
      expect(() => settlePolicy({}, [...rules, telling('claim', () => [place, wrong])]).claim(claiming)).toThrow(Refused)
  })

  it('shows a field only if every rule shows it', () => {
    const policy = settlePolicy({}, [...rules, telling('reveal', () => (path: string) => path === 'name'), telling('reveal', () => () => true)])
    const sees = policy.reveal({ roles: ['officer'], way: 'case' })
    expect([sees('name'), sees('birth')]).toEqual([true, false])
  })

  it('takes options over the preset, one by one', async () => {
    const policy = settlePolicy({ rules: { size: { maxKeys: 10 } } } as never)
    const body = (keys: number) => ({
      declared: null,
      read: async () => new TextEncoder().encode(JSON.stringify(Object.fromEntries(Array.from({ length: keys }, (_, i) => [i, 0])))),
    })
    expect(await policy.admit(evidence({ body: body(10) }))).toBeNull()
    expect(await policy.admit(evidence({ body: body(11) }))).toMatchObject({ code: 'json' })
  })

  it('hands out the options that other parts keep to, and none of a rule that is not there', () => {
    const keeping = {
      ...telling('terms', () => ({})),
      name: 'x-keeping',
      settle: (options: object) => options,
      presets: { open: {}, standard: { months: 12 }, confidential: {}, sealed: {} },
    }
    const policy = settlePolicy({ rules: { 'x-keeping': { years: 2 } } } as never, [...rules, keeping as never])
    expect(policy.terms(keeping)).toEqual({ months: 12, years: 2 })
    expect(() => policy.terms({ ...keeping, name: 'x-other' })).toThrow('x-other: rule-unknown')
  })

  it('is refused where it names rules or options that do not exist', () => {
    for (const policy of [
      { rules: { unheard: {} } },
      { rules: { 'x-unheard': {} } },
      { rules: { size: { unheard: 1 } } },
      { preset: 'lax' },
      { rules: { size: { maxBytes: 'many' } } },
      { deliveries: { pigeon: {} } },
    ])
      expect(() => settlePolicy(policy as never)).toThrow(PolicyError)
  })

  it.each<[object, Partial<PolicyError>]>([
    [{ rules: { 'x-unheard': {} } }, { rule: 'x-unheard', code: 'rule-unknown', part: 'rules' }],
    [{ rules: { size: { maxBytes: 'many' } } }, { rule: 'size', code: 'shape', part: 'rules' }],
    [{ deliveries: { webhook: { colour: 1 } } }, { rule: 'webhook', code: 'shape', part: 'deliveries' }],
    [{ preset: 'lax' }, { rule: 'policy', code: 'shape', part: 'rules' }],
    [{ colour: 1 }, { rule: 'policy', code: 'shape', part: 'rules' }],
  ])('says what it is that cannot be meant: %j', (policy, fault) => {
    let thrown: unknown
    try {
      settlePolicy(policy)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(PolicyError)
    expect(thrown).toMatchObject({ ...fault, message: `${fault.rule}: ${fault.code}` })
  })

  it('takes a refusal for one by its status, and whatever is none for an error of its own', async () => {
    const statusFor = async (status: number) => (await settlePolicy({}, [...rules, telling('read', () => ({ status, code: 'rate' }))]).read(reading))?.status
    expect([await statusFor(400), await statusFor(599), await statusFor(399), await statusFor(600), await statusFor(400.5)]).toEqual([400, 599, 503, 503, 503])
    const broken = { status: 503, code: 'policy', rule: 'x-telling' }
    for (const answer of [{ status: 400 }, { status: '400', code: 'rate' }, 'no', Promise.reject(new Error('no')), Promise.resolve('no')])
      expect(await settlePolicy({}, [...rules, telling('read', () => answer)]).read(reading)).toEqual(broken)
    expect(
      await settlePolicy({}, [
        ...rules,
        telling('inspect', () => {
          throw new Error('no')
        }),
      ]).inspect({ files: [] }),
    ).toEqual(broken)
  })

  it('waits for an answer that is not there yet, whatever kind of promise it is', async () => {
    const thenable = (answer: unknown) => ({ then: (done: (value: unknown) => void) => done(answer) })
    const asked = (answer: unknown) => settlePolicy({}, [...rules, telling('admit', () => answer)]).admit(evidence())
    expect([await asked(Promise.resolve(null)), await asked(thenable(null))]).toEqual([null, null])
    expect(await asked(thenable({ status: 429, code: 'rate' }))).toEqual({ status: 429, code: 'rate', rule: 'x-telling' })
  })

  it('asks no further rule after the first that refuses', async () => {
    const asked: string[] = []
    const rule = (name: string, refusal: object | null) => ({ ...telling('admit', () => (asked.push(name) ? refusal : refusal)), name: `x-${name}` })
    const policy = settlePolicy({}, [
      rule('one', null),
      rule('two', { status: 403, code: 'rate' }),
      rule('three', null),
      ...rules.filter(({ stage }) => stage === 'seal'),
    ] as Rule[])
    expect(await policy.admit(evidence())).toMatchObject({ rule: 'x-two' })
    expect(asked).toEqual(['one', 'two'])
    expect(await policy.admit(evidence(), ['x-three'])).toBeNull()
    expect(asked).toEqual(['one', 'two', 'three'])
  })

  it('takes the longest name of a counter that there may be', () => {
    const place = { counter: 'a'.repeat(200), most: 0, full: { code: 'full' as const }, before: null }
    expect(settlePolicy({}, [...rules, telling('claim', () => [place])]).claim(claiming)).toEqual([place])
    for (const wrong of [
      { ...place, counter: 1 },
      { ...place, most: Number.NaN },
    ])
      expect(() => settlePolicy({}, [...rules, telling('claim', () => [wrong])]).claim(claiming)).toThrow(new Refused(503, 'policy'))
    expect(() => settlePolicy({}, [...rules, telling('claim', () => 'aaa')]).claim(claiming)).toThrow(new Refused(503, 'policy'))
  })

  it('tells the page what its rules want, together', () => {
    expect(settlePolicy({}).asks).toEqual({})
    const asks = settlePolicy({ rules: { 'proof-of-work': { demand: 'required', effort: 4 }, 'sign-in': { demand: 'optional' } } } as Policy).asks
    expect(asks).toMatchObject({ proofOfWork: 4, signIn: { demand: 'optional', level: 'low' } })
  })

  it('gives rules the means of the server, and its own where there are none', async () => {
    let given: unknown
    const own = {
      ...telling('admit', () => null),
      settle: (_options: object, _preset: string, means: unknown) => {
        given = means
        return () => null
      },
    } as unknown as Rule
    const means = { rates: memoryRates() }
    settlePolicy({}, [own, ...rules], means)
    expect(given).toBe(means)
    settlePolicy({}, [own, ...rules])
    expect(given).toEqual({ rates: { take: expect.any(Function), purge: expect.any(Function) } })
  })

  it('asks of the rules that there are: cheap ones first, and a place is taken before it is sealed', () => {
    expect(rules.map(({ name }) => name)).toEqual([
      ...['origins', 'rate', 'sign-in', 'size', 'window', 'honeypot', 'proof-of-work', 'uploads', 'one-per-person', 'capacity', 'encryption'],
      ...['networks', 'purpose', 'fields', 'outgoing', 'retention', 'four-eyes', 'additions'],
    ])
    expect(presetOf({})).toBe('standard')
    expect(presetOf({ preset: 'sealed' })).toBe('sealed')
    const kinds = ['special', 'criminal', 'child', 'contact'] as const
    expect(kinds.map((kind) => grave(new Set([kind])))).toEqual([true, true, true, false])
  })

  it('seals by exactly one rule', () => {
    const seal = rules.find((rule) => rule.stage === 'seal') as Rule
    expect(() => settlePolicy({}, withoutSeal)).toThrow('policy: one-seal-rule')
    expect(() => settlePolicy({}, [...rules, seal])).toThrow('policy: one-seal-rule')
  })
})
