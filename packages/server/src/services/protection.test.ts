import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Rule } from '../policy/rule.ts'
import { rules } from '../policy/rules.ts'
import { officerOf } from '../testing/cases.ts'
import { createWorld, definitionOf, foreign, own, plainPolicy, type World } from '../testing/world.ts'
import type { PolicyReview } from './protection.ts'

const outside: Rule = {
  name: 'x-quiet',
  stage: 'admit',
  presets: { open: {}, standard: {}, confidential: {}, sealed: {} },
  settle: () => () => null,
  explain: () => ({ citizen: [{ key: 'rule.x-quiet' }], author: [] }),
  schema: { title: 'Quiet', type: 'object', properties: { hours: { type: 'integer' } } },
  messages: { 'rule.x-quiet.title': { en: 'Quiet' }, 'rule.x-quiet': { en: 'Hush.' } },
}

let world: World
let cookie = ''
beforeAll(async () => {
  world = await createWorld({}, { rules: [...rules, outside] })
  await world.offer(
    definitionOf((definition) => {
      Object.assign(definition.pages[0]!.fields[0]!, { personalData: 'special' })
    }),
    plainPolicy,
  )
  await officerOf(world)
  const response = await world.request('/v1/admin/session', {
    method: 'POST',
    headers: { 'Sec-Fetch-Site': 'same-origin', Origin: own, 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: 'ada@city.example', password: 'correct horse battery' }),
  })
  cookie = (response.headers.get('set-cookie') ?? '').split(';')[0] as string
})
afterAll(() => world.close())

const review = async (policy: object, lang = 'en') => {
  const response = await world.request(`/v1/admin/services/library-card/policy/review?lang=${lang}`, {
    method: 'POST',
    headers: { 'Sec-Fetch-Site': 'same-origin', Origin: own, 'Content-Type': 'application/json', Cookie: cookie },
    body: JSON.stringify({ policy }),
  })
  return { status: response.status, ...((await response.json()) as unknown as PolicyReview) }
}

describe('what protects a service', () => {
  it('is told to whoever may show the service, and nobody else', async () => {
    const get = (origin: string) => world.request('/v1/services/city/library-card/protection?lang=en', { headers: { Origin: origin } })
    const answer = await get(foreign)
    expect(answer.status).toBe(200)
    const { preset, rules: said } = (await answer.json()) as unknown as { preset: string; rules: { rule: string; said: string[] }[] }
    expect(preset).toBe('standard')
    expect(said.find(({ rule }) => rule === 'encryption')?.said).toEqual(['Your answers and files are stored as they are, without encryption.'])
    expect(said.find(({ rule }) => rule === 'x-quiet')?.said).toEqual(['Hush.'])
    expect(said.every(({ said: sentences }) => sentences.length > 0)).toBe(true)
    expect((await get('https://any.example')).status).toBe(403)
  })

  it('is reviewed with a form for every rule, and what is too weak for the data', async () => {
    const { status, preset, rules: said, findings } = await review({ preset: 'open' })
    expect([status, preset]).toEqual([200, 'open'])
    expect(said.map(({ rule }) => rule)).toEqual([...rules, outside].map(({ name }) => name))
    for (const { schema } of said) expect(schema).toHaveProperty('type', 'object')
    expect(said.at(-1)?.schema).toEqual(outside.schema)
    expect(said.find(({ rule }) => rule === 'origins')).toMatchObject({ options: { allow: ['*'] }, preset: { allow: ['*'] } })
    const weak = findings.map(({ code, severity, pointer }) => [code, severity, pointer])
    for (const rule of ['origins', 'purpose', 'retention']) expect(weak).toContainEqual(['policy.weak', 'warning', `/policy/rules/${rule}`])
    // The control: a policy that is strong enough for such data.
    expect((await review({ preset: 'confidential' })).findings).toEqual([])
  })

  it('is said in the author’s language', async () => {
    const { findings } = await review({ rules: { encryption: { mode: 'none' } } }, 'hu')
    expect(findings.map(({ detail }) => detail)).toContain('A szolgáltatás személyes adatokat kér, és titkosítás nélkül tárolja őket')
  })

  it('names what cannot be meant, and questions that are not there', async () => {
    const { rules: said, findings } = await review({ rules: { origins: { allow: ['*'] } } })
    expect(findings).toMatchObject([{ code: 'policy.any-needs-open', severity: 'error', pointer: '/policy/rules/origins' }])
    expect(said.length).toBeGreaterThan(10)
    expect(
      (await review({ rules: { fields: { officer: { hidden: ['name', 'cards.holder', 'cards_total', 'documents.student_id', 'nothing'] } } } })).findings,
    ).toContainEqual(
      expect.objectContaining({
        code: 'policy.field-unknown',
        severity: 'error',
        params: { field: 'nothing' },
        detail: 'A rule names “nothing”, which this service does not have',
      }),
    )
    expect((await review({ rules: { 'x-unheard': {} } })).findings).toMatchObject([{ code: 'policy.rule-unknown' }])
  })

  it('refuses to publish a policy that names a question that is not there, or a delivery that it leaves nothing to', async () => {
    const refused = async (policy: object) => {
      const error = await world.offer(definitionOf(), policy as never).catch((thrown) => thrown)
      return error?.extras?.members.findings.filter(({ severity }: { severity: string }) => severity === 'error').map(({ code }: { code: string }) => code)
    }
    expect(await refused({ rules: { capacity: { slot: 'hour', perSlot: 1 } } })).toEqual(['policy.field-unknown'])
    expect(await refused({ rules: { outgoing: { allow: ['a.example'] } }, deliveries: { webhook: { endpoints: [{ url: 'https://b.example/' }] } } })).toEqual([
      'policy.outgoing',
    ])
    expect(
      await refused({ rules: { outgoing: { allow: ['b.example'] } }, deliveries: { webhook: { endpoints: [{ url: 'https://b.example/' }] } } }),
    ).toBeUndefined()
    const mailed = definitionOf((definition) => {
      definition.pages[0]!.fields.push({ id: 'mail', type: 'email', label: { en: 'E-mail', el: 'E-mail' } } as never)
    })
    const withMail = { preset: 'confidential', deliveries: { email: { to: 'mail' } } }
    const error = await world.offer(mailed, withMail as never).catch((thrown) => thrown)
    expect(JSON.stringify(error.extras?.members)).toContain('policy.delivery-hidden')
    await world.offer(mailed, { ...withMail, rules: { fields: { delivery: { see: ['mail'] } } } } as never)
  })
})
