/** Cases under policies that leave fields out, and every way on which something of them comes out. */
import type { Policy, ServiceDefinition } from '@guichet/schemas'
import fc from 'fast-check'
import { askable } from '../additions/online.ts'
import { deliveryKinds } from '../deliveries/deliveries.ts'
import type { DeliveryKind } from '../deliveries/delivery.ts'
import { readPdf } from '../papers/pdf/read-pdf.test-helper.ts'
import { printCase } from '../papers/print-case.ts'
import { sightRoles } from '../policy/fields/rule.ts'
import { rules } from '../policy/rules.ts'
import type { AgencyStore } from '../store/store.ts'
import { reading } from '../testing/reading.ts'
import { createWorld, definitionOf, newKey, pdf, type World } from '../testing/world.ts'
import { decide } from './decide.ts'
import { exportCases } from './export/export-cases.ts'
import { handOutAttachment } from './hand-out-attachment.ts'
import { listCases } from './list-cases.ts'
import { openCase } from './open-case.ts'
import type { Reading } from './reading.ts'
import { countWork, deskOf, findByText } from './work.ts'

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
      { id: 'mail', type: 'email', label: { en: 'E-mail' } },
    ] as never
    made.computed = [
      { id: 'echo', type: 'text', value: { cat: ['echo of ', { var: 'alpha' }] } },
      { id: 'echoed', type: 'text', value: { cat: [{ var: 'echo' }, ' again'] } },
    ] as never
    made.documents = [{ id: 'paper', label: { en: 'Paper' } }] as never
    made.fee = { lines: [{ id: 'per', label: { en: 'Each' }, amount: { var: 'count' } }] } as never
    made.routes = []
    made.stages = [{ id: 'intake', label: { en: 'Intake' }, decisions: ['approve', 'send_back'] }]
  })
export const canaries: Record<string, string> = {
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
  mail: 'sam@example.org',
}

const paths = [...Object.keys(canaries), 'people', 'echo', 'echoed']
const sight = fc.record({ see: fc.oneof(fc.constant(['*']), fc.subarray(paths)), hidden: fc.subarray(paths, { maxLength: 4 }) }, { requiredKeys: [] })
export const policies: fc.Arbitrary<Policy> = fc.record({
  preset: fc.constantFrom('open', 'standard', 'confidential'),
  rules: fc.record({
    fields: fc.record(Object.fromEntries(sightRoles.map((role) => [role, sight])), { requiredKeys: [] }),
    encryption: fc.record({ mode: fc.constantFrom('at-rest', 'none') }),
    // Who sends, and who else agrees, is not what is looked at here.
    'proof-of-work': fc.constant({ demand: 'none' }),
    honeypot: fc.constant({ demand: 'none' }),
    'four-eyes': fc.constant({ export: false }),
  }),
  deliveries: fc.constant({ 'x-all': {} }),
}) as never

/** The roles of which some are drawn: one that no policy has heard of among them. */
export const someRoles = fc.subarray(['owner', 'officer', 'key', 'auditor', 'unheard'])

/** `leavesOut`: false switches the filter off, for the control. */
export const revealingWorld = (leavesOut = true): Promise<World> => {
  const reveal = rules.find(({ stage }) => stage === 'reveal')
  const open = { ...reveal, settle: () => () => () => true } as never
  return createWorld(
    {},
    { deliveryKinds: { ...deliveryKinds, 'x-all': all }, ...(leavesOut ? {} : { rules: rules.map((rule) => (rule === reveal ? open : rule)) }) },
  )
}

/** Under it nobody sees anything. */
export const nothingSeen = {
  rules: { fields: Object.fromEntries(sightRoles.map((role) => [role, { see: [] }])) },
  deliveries: { 'x-all': {} },
} as unknown as Policy

/** What is wrong with a policy, a line each: what came out that should not, or did not that should. */
export async function faultsOf(world: World, policy: Policy, roles: string[]): Promise<{ faults: string[]; hidden: number; shown: number }> {
  const out = await waysOut(world, policy, roles)
  const faults: string[] = []
  let [hidden, shown] = [0, 0]
  const say = (path: string, what: string) => faults.push(`${path} for ${roles.join() || 'nobody'} ${what} under ${JSON.stringify(policy)}`)
  for (const [path, canary] of Object.entries(canaries)) {
    const ways = found(out.roles, canary)
    if (shows(policy, roles, path)) {
      shown++
      if (!ways.includes(path.startsWith('documents.') ? 'attachment' : 'csv')) say(path, 'does not come out')
      if (!ways.includes('pdf')) say(path, 'is not in the PDF')
    } else {
      hidden++
      if (ways.length > 0) say(path, `comes out by ${ways}`)
    }
    if (found(out.deliveries, canary).length > 0 !== (shows(policy, ['delivery'], path) && !path.startsWith('documents.'))) say(path, 'is told wrongly')
    if (found(out.nobody, canary).length > 0) say(path, 'stands where nothing may')
  }
  return { faults, hidden, shown }
}

let made = 0
/** Offers the service under the policy in a world, sends in, and gives all that comes out, by the way it takes. */
export async function waysOut(of: World, policy: Policy, roles: string[]) {
  const service = `card-${++made}`
  await of.offer({ ...definition(), id: service }, telling(policy))
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
  if (sent.status !== 201) throw new Error(`not taken: ${sent.status}`)
  const { submission, reference } = await sent.json()
  const agency = of.adapters.store.agency((await of.adapters.store.findAgency('city'))!)
  const by = { actor: 'user:test', at: '2026-01-05T08:00:00.000Z' }
  const who: Reading = { ...reading, roles: () => roles, purpose: 'handling' }
  await amend(of, agency, service, submission, reference)
  const [told, thin]: [string[], string[]] = [[], []]
  const live = (await of.adapters.live.find('city', service))!
  const happening = {
    event: { type: 'submission.received', timestamp: by.at, data: {} },
    statusUrl: '',
    submission: { language: 'en', answers: answers as never, program: live.program },
  }
  for (const { kind, payload } of live.effects(happening as never, () => thin.push('fault'))) (kind === 'x-all' ? told : thin).push(JSON.stringify(payload))
  if (thin.includes('fault') || !thin.some((said) => said.includes('hooks.example.org'))) throw new Error('deliveries were not told')
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
      pdf: await printed(of, agency, submission, who),
      desk: JSON.stringify(await deskOf(of.adapters, agency, new Date(by.at))),
      counts: JSON.stringify(await countWork(agency, 'test', service, new Date(by.at))),
      found: await findByText(agency, reference),
    },
    deliveries: { told: told.join('\n') },
    nobody: {
      thin: thin.join('\n'),
      audit: JSON.stringify((await agency.auditEvents(0, 100_000)).slice(-20)),
      log: of.log.splice(0).join('\n'),
    },
  }
}

/** With webhooks, and with mails where the address is among what they may be told: neither ever says an answer. */
const telling = (policy: Policy): Policy => ({
  ...policy,
  rules: { ...policy.rules, outgoing: { allow: ['hooks.example.org'] } },
  deliveries: {
    ...policy.deliveries,
    webhook: { endpoints: [{ url: 'https://hooks.example.org/x' }] },
    ...(shows(policy, ['delivery'], 'mail') ? { email: { to: 'mail' } } : {}),
  },
})

/** All that can be read in the case as a PDF: what is drawn, what is said beside it, bookmarks, and what the file says of itself. */
async function printed(of: World, agency: AgencyStore, submission: string, who: Reading): Promise<string> {
  const by = { actor: 'user:test', at: '2026-01-05T08:00:00.000Z' }
  const { file } = await printCase(of.adapters, agency, submission, by, { reading: who, title: 'City', now: of.adapters.clock.now() })
  const { elements, bookmarks, artifacts, title, metadata } = readPdf(file)
  // An amount of money is written as people read it.
  return JSON.stringify({ elements, bookmarks, artifacts, title, metadata }).replace(/(?<=\d)[.,](?=\d)/g, '')
}

/** Asks the citizen and has them answer, where the policy lets both: the version before, and what was asked, are ways out too. */
async function amend(of: World, agency: AgencyStore, service: string, submission: string, reference: string) {
  const live = (await of.adapters.live.find('city', service))!
  const whole = { ...reading, roles: () => [...sightRoles], purpose: 'handling' }
  const { fields } = askable(live, live, of.adapters.rules)
  const sees = live.policy.reveal({ roles: [...sightRoles], way: 'case' })
  const ask = {
    fields: fields.filter((path) => path !== 'count' && sees(path) && (path !== 'people' || (sees('people.delta') && sees('people.epsilon')))),
    documents: [],
  }
  if (ask.fields.length === 0) return
  const now = of.adapters.clock.now()
  const decision = { submission, revision: 1, decision: 'send_back', note: 'Once more.', ask, actor: 'user:other', now, reading: whole }
  await decide(of.adapters, of.config, agency, decision)
  const given = Object.fromEntries(Object.entries(answers).filter(([field]) => ask.fields.includes(field)))
  const added = await of.request(`/v1/services/city/${service}/cases/${submission}/submissions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': newKey() },
    body: JSON.stringify({ reference, number: 2, answers: given }),
    client: `10.1.${made >> 8}.${made & 255}`,
  })
  if (added.status !== 201) throw new Error(`not added: ${await added.text()}`)
}

/** Whether the policy shows a path to any of the roles; said here a second time, in other words than the rule's. */
export function shows(policy: Policy, roles: readonly string[], path: string): boolean {
  const given = (policy.rules?.fields ?? {}) as Record<string, { see?: string[]; hidden?: string[] }>
  const under = path.includes('.') && !path.startsWith('documents.') ? [path, path.split('.')[0] as string] : [path]
  return roles.some((role) => {
    if (!(sightRoles as readonly string[]).includes(role)) return false
    const closed = policy.preset === 'confidential' && (role === 'key' || role === 'delivery')
    const see = given[role]?.see ?? (closed ? [] : ['*'])
    return (see.includes('*') || under.some((part) => see.includes(part))) && !under.some((part) => given[role]?.hidden?.includes(part))
  })
}

export const found = (out: object, canary: string) => Object.entries(out).flatMap(([way, said]) => (said.includes(canary) ? [way] : []))

/** Fields and documents whose words lie anywhere in the data folder: the database, its log, files. A number is found by chance. */
export const onDisk = (world: World): string[] => {
  const all = world.disk()
  return Object.entries(canaries).flatMap(([path, canary]) => (path !== 'count' && all.includes(canary) ? [path] : []))
}
