import type { Policy, ServiceDefinition } from '@guichet/schemas'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deliveryKinds } from '../deliveries/deliveries.ts'
import type { DeliveryKind } from '../deliveries/delivery.ts'
import { sightRoles } from '../policy/fields/rule.ts'
import { rules } from '../policy/rules.ts'
import { reading } from '../testing/reading.ts'
import { createWorld, definitionOf, pdf, type World } from '../testing/world.ts'
import { exportCases } from './export/export-cases.ts'
import { handOutAttachment } from './hand-out-attachment.ts'
import { listCases } from './list-cases.ts'
import { openCase } from './open-case.ts'
import type { Reading } from './reading.ts'

/** Passes on all that deliveries are told. */
const all: DeliveryKind<object> = () => ({
  fault: () => null,
  plan: () => (happening) => [{ destination: 'all', payload: (happening.submission?.answers ?? {}) as never }],
  deliver: async () => ({ state: 'done' }),
})

/** Each answer is a word of its own, which stands in no other text. */
const text = (id: string, more: object = {}) => ({ id, type: 'text', label: { en: `Question ${id}` }, maxLength: 80, ...more })
const definition = (): ServiceDefinition =>
  definitionOf((made) => {
    made.pages[0]!.fields = [
      text('alpha'),
      text('beta'),
      { id: 'arranged', type: 'group', label: { en: 'Arranged' }, fields: [text('gamma')] },
      { id: 'people', type: 'group', label: { en: 'People' }, repeat: { min: 0, max: 5 }, fields: [text('delta'), text('epsilon')] },
      { id: 'count', type: 'money', label: { en: 'Number' } },
    ] as never
    made.computed = [
      { id: 'echo', type: 'text', value: { cat: ['echo of ', { var: 'alpha' }] } },
      { id: 'echoed', type: 'text', value: { cat: [{ var: 'echo' }, ' again'] } },
    ] as never
    made.documents = [{ id: 'paper', label: { en: 'Paper' } }] as never
    made.fee = { lines: [{ id: 'per', label: { en: 'Each' }, amount: { var: 'count' } }] } as never
    made.routes = []
  })
const canaries: Record<string, string> = {
  alpha: 'kanarienvogel-alpha',
  beta: 'kanarienvogel-beta',
  gamma: 'kanarienvogel-gamma',
  'people.delta': 'kanarienvogel-delta',
  'people.epsilon': 'kanarienvogel-epsilon',
  count: '704417',
  'documents.paper': 'kanarienvogel-paper',
}
const answers = {
  alpha: canaries.alpha,
  beta: canaries.beta,
  gamma: canaries.gamma,
  people: [{ delta: canaries['people.delta'], epsilon: canaries['people.epsilon'] }],
  count: 704417,
}

const paths = [...Object.keys(canaries), 'people', 'echo', 'echoed']
const sight = fc.record({ see: fc.oneof(fc.constant(['*']), fc.subarray(paths)), hidden: fc.subarray(paths, { maxLength: 4 }) }, { requiredKeys: [] })
const policies: fc.Arbitrary<Policy> = fc.record({
  preset: fc.constantFrom('open', 'standard', 'confidential'),
  rules: fc.record({
    fields: fc.record(Object.fromEntries(sightRoles.map((role) => [role, sight])), { requiredKeys: [] }),
    encryption: fc.record({ mode: fc.constantFrom('at-rest', 'none') }),
  }),
  deliveries: fc.constant({ 'x-all': {} }),
}) as never

let world: World
beforeAll(async () => {
  world = await createWorld({}, { deliveryKinds: { ...deliveryKinds, 'x-all': all } })
})
afterAll(() => world.close())

let made = 0
/** Offers the service under the policy in a world, sends in, and gives all that comes out, by the way it takes. */
async function waysOut(of: World, policy: Policy, roles: string[]) {
  const service = `card-${++made}`
  await of.offer({ ...definition(), id: service }, policy)
  const uploaded = await of.request(`/v1/services/city/${service}/attachments?target=paper&name=${canaries['documents.paper']}.pdf`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/pdf' },
    body: pdf,
  })
  const { id: file } = await uploaded.json()
  const sent = await of.send(
    { version: 1, language: 'en', answers, documents: { paper: [file] } },
    { service: `city/${service}`, client: `10.0.${made >> 8}.${made & 255}` },
  )
  expect(sent.status).toBe(201)
  const { submission } = await sent.json()
  const agency = of.adapters.store.agency((await of.adapters.store.findAgency('city'))!)
  const by = { actor: 'user:test', at: '2026-01-05T08:00:00.000Z' }
  const who: Reading = { ...reading, roles: () => roles, purpose: 'handling' }
  const told: string[] = []
  const live = (await of.adapters.live.find('city', service))!
  const happening = {
    event: { type: 'submission.received', timestamp: by.at, data: {} },
    statusUrl: '',
    submission: { language: 'en', answers: answers as never, program: live.program },
  }
  for (const { payload } of live.effects(happening as never, () => told.push('fault'))) told.push(JSON.stringify(payload))
  const exported = async (format: 'csv' | 'jsonl') =>
    new Response(await exportCases(of.adapters, agency, { service, format, purpose: 'handling', byteOrderMark: false }, by, who)).text()
  const attachment = handOutAttachment(of.adapters, agency, { submission, attachment: file }, by, who).then(
    async ({ content, headers }) => {
      await content.cancel()
      return JSON.stringify(headers)
    },
    (error) => String(error),
  )
  return {
    roles: {
      case: JSON.stringify(await openCase(of.adapters, agency, submission, by, who)),
      list: JSON.stringify(await listCases(of.adapters, agency, { service }, { id: 'test', now: new Date(by.at) }, who, by)),
      csv: await exported('csv'),
      jsonl: await exported('jsonl'),
      attachment: await attachment,
    },
    deliveries: { told: told.join('\n') },
    nobody: { audit: JSON.stringify((await agency.auditEvents(0, 100_000)).slice(-20)), log: of.log.splice(0).join('\n') },
  }
}

/** Whether the policy shows a path to any of the roles; said here a second time, in other words than the rule's. */
function shows(policy: Policy, roles: readonly string[], path: string): boolean {
  const given = (policy.rules?.fields ?? {}) as Record<string, { see?: string[]; hidden?: string[] }>
  const under = path.includes('.') && !path.startsWith('documents.') ? [path, path.split('.')[0] as string] : [path]
  return roles.some((role) => {
    if (!(sightRoles as readonly string[]).includes(role)) return false
    const closed = policy.preset === 'confidential' && (role === 'key' || role === 'delivery')
    const see = given[role]?.see ?? (closed ? [] : ['*'])
    return (see.includes('*') || under.some((part) => see.includes(part))) && !under.some((part) => given[role]?.hidden?.includes(part))
  })
}

const found = (out: object, canary: string) => Object.entries(out).flatMap(([way, said]) => (said.includes(canary) ? [way] : []))

describe('what a policy does not show', () => {
  it('comes out by no way, whatever the policy, the role and the encryption; and what it shows does', async () => {
    let [hidden, shown] = [0, 0]
    await fc.assert(
      fc.asyncProperty(policies, fc.subarray(['owner', 'officer', 'key', 'auditor', 'unheard']), async (policy, roles) => {
        const out = await waysOut(world, policy, roles)
        for (const [path, canary] of Object.entries(canaries)) {
          const inMind = `${path} for ${roles.join()} under ${JSON.stringify(policy)}`
          if (shows(policy, roles, path)) {
            shown++
            expect(found(out.roles, canary), inMind).toContain(path.startsWith('documents.') ? 'attachment' : 'csv')
          } else {
            hidden++
            expect(found(out.roles, canary), inMind).toEqual([])
          }
          expect(found(out.deliveries, canary).length > 0, inMind).toBe(shows(policy, ['delivery'], path) && !path.startsWith('documents.'))
          expect(found(out.nobody, canary), inMind).toEqual([])
        }
      }),
      { numRuns: 25, seed: 6, endOnFailure: true },
    )
    expect(Math.min(hidden, shown)).toBeGreaterThan(50)
  }, 60_000)

  it('would come out by every one of them if nothing were left out: the control', async () => {
    const reveal = rules.find(({ stage }) => stage === 'reveal')!
    const open = { ...reveal, settle: () => () => () => true } as never
    const other = await createWorld({}, { deliveryKinds: { ...deliveryKinds, 'x-all': all }, rules: rules.map((rule) => (rule === reveal ? open : rule)) })
    const policy = { rules: { fields: Object.fromEntries(sightRoles.map((role) => [role, { see: [] }])) }, deliveries: { 'x-all': {} } } as never
    const out = await waysOut(other, policy, ['officer'])
    expect(found({ ...out.roles, ...out.deliveries }, canaries.alpha!)).toEqual(['case', 'csv', 'jsonl', 'told'])
    expect(found(out.roles, canaries['documents.paper']!)).toEqual(['case', 'attachment'])
    await other.close()
  })

  it('takes with it what is computed from it, at any remove, and the fee', async () => {
    const out = await waysOut(world, { rules: { fields: { officer: { hidden: ['alpha'] } } }, deliveries: { 'x-all': {} } } as never, ['officer'])
    expect(found(out.roles, 'kanarienvogel-alpha')).toEqual([])
    const { hidden, outcome } = JSON.parse(out.roles.case)
    expect(hidden).toEqual(['alpha', 'echo', 'echoed'])
    expect(outcome.fee.total).toBe(704417)
    const other = await waysOut(world, { rules: { fields: { officer: { hidden: ['count', 'documents.paper'] } } }, deliveries: { 'x-all': {} } } as never, [
      'officer',
    ])
    expect(JSON.parse(other.roles.case)).toMatchObject({
      hidden: ['count', 'documents.paper'],
      outcome: { fee: { lines: [], total: 0 }, documents: [] },
      attachments: [],
    })
    expect(JSON.parse(other.roles.case).outcome.computed.echoed).toBe('echo of kanarienvogel-alpha again')
  })
})
