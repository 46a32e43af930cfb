/**
 * What trust costs: each preset, rule and mode beside the bare road, in processor time and bytes of database. The app is asked
 * in this process (no socket, no load from elsewhere), so that what is measured is its own work: the same services, one
 * after the other, the bare road before and after each. Processor time is hardly touched by what else the machine does.
 * Rules that are asked when a case is opened are measured so, beside a bare one that is opened. Every rule is asked by itself
 * besides (rules-alone.ts): what the noise of a whole road hides, and those that no policy can do without.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Policy, ServiceDefinition } from '@guichet/schemas'
import { createLog } from '../../packages/server/src/log.ts'
import { forgingIdp } from '../../packages/server/src/testing/idp/forging-idp.ts'
import { signInAs } from '../../packages/server/src/testing/idp/signing-in.ts'
import { providerFile } from '../../packages/server/src/testing/idp/world.ts'
import { agencyOf, ours, type Person, personIn } from '../../packages/server/src/testing/people.ts'
import { offerSealed, recipientsFor, sealedBody } from '../../packages/server/src/testing/sealed.ts'
import { createWorld, foreign, type World } from '../../packages/server/src/testing/world.ts'
import { median } from '../runtime/spread.ts'
import type { Tell } from './parts.ts'
import { type RuleAlone, rulesAlone } from './rules-alone.ts'
import { answersOf, definition as measured } from './service.ts'

interface Variant {
  name: string
  title: string
  policy: Policy
  /** Sent from a page of another site. */
  embedded?: true
  sealed?: true
  /** What every request of it says besides. */
  says?: Record<string, string>
  /** Somebody signed in sends. */
  signedIn?: true
  /** Open all the time that is measured. */
  window?: true
  /** What is measured is an officer who opens cases. */
  looks?: true
}

export interface TrustFigures {
  rounds: number
  submissions: number
  rows: TrustRow[]
  /** Cases opened. */
  looks: TrustRow[]
  alone: RuleAlone[]
}

export interface TrustRow {
  name: string
  title: string
  micros: number
  /** Than the bare road, or the bare look. */
  more: number
  bytes: number
  ratio: number
}

/** All of the load is of one machine; the rate is counted for each submission all the same. */
const rate = { submissionsPerHour: 1_000_000, uploadsPerHour: 1000 }
const policy = (preset: Policy['preset'], rules: Policy['rules'] = {}): Policy => ({ preset, rules: { rate, ...rules } }) as Policy
const bare = { encryption: { mode: 'none' } } as const
/** Solving them would be most of what is measured; checking one is two MACs. */
const noProof = { 'proof-of-work': { demand: 'none' } } as const

/** What the fee, the route and a condition read; the rest only officers open. */
const clear = ['floors', 'listed']

const variants: readonly Variant[] = [
  { name: 'bare', title: 'bare road: open preset, kept as it is', policy: policy('open', bare) },
  { name: 'at-rest', title: 'encryption: at rest (open preset)', policy: policy('open') },
  { name: 'origins', title: 'origins: sent from a page that may embed it', policy: policy('open', { ...bare, origins: { allow: [foreign] } }), embedded: true },
  { name: 'window', title: 'window: open from one moment to another', policy: policy('open', bare), window: true },
  {
    name: 'honeypot',
    title: 'honeypot: the page says that it was left alone',
    policy: policy('open', { ...bare, honeypot: { demand: 'required' } }),
    says: { 'Guichet-Trap': 'untouched' },
  },
  {
    name: 'sign-in',
    title: 'sign-in: asked for, the session looked up',
    policy: policy('open', { ...bare, origins: { allow: [foreign] }, 'sign-in': { demand: 'required', level: 'substantial' } }),
    embedded: true,
    signedIn: true,
  },
  { name: 'one-per-person', title: 'one per person, by a question', policy: policy('open', { ...bare, 'one-per-person': { by: 'field', field: 'plot' } }) },
  { name: 'capacity', title: 'capacity: in all and a day', policy: policy('open', { ...bare, capacity: { total: 1_000_000, perDay: 1_000_000 } }) },
  { name: 'standard', title: 'standard preset', policy: policy('standard') },
  { name: 'confidential', title: 'confidential preset, without the proof of work', policy: policy('confidential', noProof) },
  {
    name: 'sealed',
    title: 'sealed preset, without the proof of work',
    policy: policy('sealed', { ...noProof, encryption: { mode: 'sealed', clear } }),
    sealed: true,
  },
  { name: 'look', title: 'open preset, kept as it is', policy: policy('open', bare), looks: true },
  { name: 'look-at-rest', title: 'encryption: at rest', policy: policy('open'), looks: true },
  { name: 'look-purpose', title: 'purpose: asked for', policy: policy('open', { ...bare, purpose: { ask: ['open'] } }), looks: true },
  { name: 'look-networks', title: 'networks: of two', policy: policy('open', { ...bare, networks: { allow: ['10.0.0.0/8', '203.0.113.0/24'] } }), looks: true },
  {
    name: 'look-fields',
    title: 'fields: five hidden from officers',
    policy: policy('open', { ...bare, fields: { officer: { hidden: ['father_name', 'mother_name', 'birthplace', 'insurer', 'neighbours'] } } }),
    looks: true,
  },
  { name: 'look-confidential', title: 'confidential preset', policy: policy('confidential', noProof), looks: true },
]

const agency = 'city'
const serviceOf = ({ name }: Variant) => `works-${name}`
const definitionOf = (variant: Variant): ServiceDefinition => ({
  ...measured,
  id: serviceOf(variant),
  ...(variant.window ? { window: { opens: '2020-01-01T00:00', closes: '2099-12-31T23:59' } } : {}),
})
/** As many come in at once, so that as many are committed together. */
const together = 32

/** @throws when an answer is not 201 */
async function send(world: World, variant: Variant, bodies: readonly string[], first: number): Promise<string[]> {
  const kept: string[] = []
  const path = `/v1/services/${agency}/${serviceOf(variant)}/submissions`
  for (let at = 0; at < bodies.length; at += together) {
    const sent = bodies.slice(at, at + together).map((body, i) =>
      world.request(path, {
        method: 'POST',
        body,
        client: `2001:db8::${(first + at + i).toString(16)}`,
        headers: {
          'Content-Type': 'application/json',
          'Idempotency-Key': `trust-${variant.name}-${first + at + i}`,
          ...(variant.embedded ? { Origin: foreign } : {}),
          ...variant.says,
        },
      }),
    )
    for (const response of await Promise.all(sent)) {
      if (response.status !== 201) throw new Error(`${variant.name}: ${response.status} ${await response.text()}`)
      kept.push((await response.json()).submission)
    }
  }
  return kept
}

/** @throws when an answer is not 200 */
async function look(world: World, { name }: Variant, headers: Record<string, string>, cases: readonly string[]): Promise<void> {
  for (let at = 0; at < cases.length; at += together) {
    const asked = cases.slice(at, at + together).map((id) => world.request(`/v1/admin/cases/${id}?purpose=handling`, { headers }))
    for (const response of await Promise.all(asked)) {
      if (response.status !== 200) throw new Error(`${name}: ${response.status} ${await response.text()}`)
      await response.arrayBuffer()
    }
  }
}

const usedBytes = (file: string) => {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
  try {
    const of = (pragma: string) => Number(Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0])
    return (of('page_count') - of('freelist_count')) * of('page_size')
  } finally {
    database.close()
  }
}

export async function trust(rounds: number, submissions: number, tell: Tell): Promise<TrustFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-bench-trust-'))
  const idp = await forgingIdp()
  const providers = providerFile(idp.issuer)
  const world = await createWorld(
    { DATA_DIR: folder, SIGN_IN_PROVIDERS: providers.path, EGRESS_ALLOW: idp.place },
    // The time of day: tokens of the provider that people sign in with are looked at by it.
    { log: createLog('info', { write() {} }), clock: { now: () => new Date() } },
  )
  const file = join(folder, 'guichet.db')
  try {
    for (const variant of variants) {
      if (variant.sealed) await offerSealed(world, clear, definitionOf(variant), variant.policy)
      else await world.offer(definitionOf(variant), variant.policy, agency)
      if (variant.signedIn) {
        const { session } = await signInAs(world, idp.visit, { service: `${agency}/${serviceOf(variant)}` })
        variant.says = { ...variant.says, Authorization: `Bearer ${session}` }
      }
    }
    const officer: Person = await personIn(world, await agencyOf(world, agency), 'officer@city.example', [{ role: 'officer' }])
    const entered = { ...ours, ...(await officer.enter()) }
    let count = 0
    /** Made before the clock runs: what the citizen's browser does costs the server nothing. */
    const bodiesFor = async (variant: Variant): Promise<string[]> => {
      const answers = Array.from({ length: submissions }, (_, i) => ({ ...answersOf(i), plot: `plot ${count + i} of the register of lands` }))
      if (!variant.sealed) return answers.map((each) => JSON.stringify({ version: 1, language: 'en', answers: each }))
      const recipients = await recipientsFor(world, `${agency}/${serviceOf(variant)}`)
      const bodies: string[] = []
      for (const each of answers) bodies.push(JSON.stringify(await sealedBody(recipients, definitionOf(variant), clear, { answers: each })))
      return bodies
    }
    /** Cases to look at, of each variant that is looked at. */
    const cases = new Map<string, string[]>()
    for (const variant of variants.filter(({ looks }) => looks)) {
      cases.set(variant.name, await send(world, variant, await bodiesFor(variant), count))
      count += submissions
    }
    const figures = new Map(variants.map(({ name }) => [name, { micros: [] as number[], ratios: [] as number[], more: [] as number[], bytes: [] as number[] }]))
    const figuresOf = ({ name }: Variant) => figures.get(name) as NonNullable<ReturnType<typeof figures.get>>
    /** Microseconds of processor a submission, or a look. */
    const take = async (variant: Variant): Promise<number> => {
      const bodies = variant.looks ? [] : await bodiesFor(variant)
      const from = usedBytes(file)
      const before = process.cpuUsage()
      if (variant.looks) await look(world, variant, entered, cases.get(variant.name) as string[])
      else await send(world, variant, bodies, count)
      const { user, system } = process.cpuUsage(before)
      count += bodies.length
      const micros = (user + system) / submissions
      figuresOf(variant).micros.push(micros)
      figuresOf(variant).bytes.push((usedBytes(file) - from) / submissions)
      return micros
    }
    const groups = [variants.filter(({ looks }) => !looks), variants.filter(({ looks }) => looks)] as [Variant, ...Variant[]][]
    // Once without counting.
    for (const variant of variants) await take(variant)
    for (const variant of variants) figures.set(variant.name, { micros: [], ratios: [], more: [], bytes: [] })
    for (let round = 0; round < rounds; round++) {
      for (const [base, ...others] of groups)
        for (const variant of others) {
          // The bare one before and after: what changes meanwhile, changes for both.
          const before = await take(base)
          const own = await take(variant)
          const around = (before + (await take(base))) / 2
          figuresOf(variant).more.push(own - around)
          figuresOf(variant).ratios.push(around / own)
        }
      tell(`round ${round + 1}: ${variants.map((variant) => `${variant.name} ${Math.round(median(figuresOf(variant).micros))}`).join(', ')} µs`)
    }
    const [rows, looks] = groups.map(([base, ...others]) =>
      [base, ...others].map((variant): TrustRow => {
        const { micros, more, bytes, ratios } = figuresOf(variant)
        return {
          name: variant.name,
          title: variant.title,
          micros: median(micros),
          more: variant === base ? 0 : median(more),
          bytes: Math.round(median(bytes)),
          ratio: variant === base ? 1 : median(ratios),
        }
      }),
    ) as [TrustRow[], TrustRow[]]
    return { rounds, submissions, rows, looks, alone: await rulesAlone(rounds) }
  } finally {
    await world.close()
    await idp.close()
    providers.remove()
    rmSync(folder, { recursive: true, force: true })
  }
}
